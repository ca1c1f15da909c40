package bench

import (
	"os"
	"slices"
	"testing"
	"time"
)

func TestAProcessSeesItself(t *testing.T) {
	if !slices.Contains(Family(os.Getppid()), os.Getpid()) {
		t.Error("this process is no descendant of its parent")
	}
	for name, f := range map[string]func(int) int64{"proportional": Proportional, "highest": Highest, "resident": Resident} {
		if kib := f(os.Getpid()); kib < 1000 {
			t.Errorf("%s: this process takes %d KiB", name, kib)
		}
	}
}

func TestWorkIsSeenAsProcessorTime(t *testing.T) {
	before, busy := Tree(os.Getpid()), must(t, Busy)
	sum := 0
	for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end) || Tree(os.Getpid()) == before; { // a busy machine gives time late
		sum++
	}
	c, err := CPUOf(os.Getpid())
	if err != nil || c.Own <= 0 {
		t.Errorf("own %v, %v after %d rounds", c.Own, err, sum)
	}
	if after := must(t, Busy); after <= busy {
		t.Errorf("the cores worked %v before and %v after", busy, after)
	}
}

func must[T any](t *testing.T, f func() (T, error)) T {
	t.Helper()
	v, err := f()
	if err != nil {
		t.Fatal(err)
	}
	return v
}
