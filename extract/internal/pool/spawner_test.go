package pool

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// What is started gets the pool's timer slack.
func TestChildrenAreWokenInTheirOwnTime(t *testing.T) {
	s := newSpawner()
	defer s.stop()
	var out strings.Builder
	cmd := exec.Command("cat", "/proc/self/timerslack_ns")
	cmd.Stdout = &out
	if err := s.start(cmd); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(out.String()), strconv.FormatInt(timerSlack.Nanoseconds(), 10); got != want {
		t.Errorf("a child's timer slack is %s ns, want %s", got, want)
	}
}
