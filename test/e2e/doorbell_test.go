//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A cache in front of the site keeps the doorbell's file for longer than the test. Without looks around it every document but the
// first would wait for the question that an idle agent asks once a minute.
func TestACacheInFrontOfTheDoorbellIsLookedAround(t *testing.T) {
	t.Parallel()
	s, err := startSite("a site behind a cache", filepath.Join(t.TempDir(), "site"), "fpm", "--cache", "1h")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		s.CheckNotices(t)
	})
	agent := joined(t, s, "caller").Run(t)
	for _, name := range []string{"first.txt", "second.txt", "third.txt", "fourth.txt"} {
		id := s.Upload(t, name, []byte("Minutes of "+name+".\n\nThe council agreed to repair the bridge before winter.\n"))
		s.Await(t, 50*time.Second, "done", func(i Item) bool { return i.State == "done" }, id)
	}
	if log := agent.log.Tail(1 << 20); strings.Count(log, "a cache in front of the site keeps the doorbell's file") != 1 {
		t.Errorf("the agent has not said once that there is a cache:\n%s", log)
	}
}
