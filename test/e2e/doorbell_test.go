//go:build e2e

package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// A cache in front of the site keeps the doorbell's file for longer than the test. Without looks around it every document but the
// first would wait for the question that an idle agent asks once a minute.
func TestACacheInFrontOfTheDoorbellIsLookedAround(t *testing.T) {
	t.Parallel()
	s := ownSite(t, "fpm", "--cache", "1h")
	agent := joined(t, s, "caller").Run(t)
	for _, name := range []string{"first.txt", "second.txt", "third.txt", "fourth.txt"} {
		id := s.Upload(t, name, []byte("Minutes of "+name+".\n\nThe council agreed to repair the bridge before winter.\n"))
		s.Await(t, 50*time.Second, "done", func(i Item) bool { return i.State == "done" }, id)
	}
	if log := agent.log.Tail(1 << 20); strings.Count(log, "a cache in front of the site keeps the doorbell's file") != 1 {
		t.Errorf("the agent has not said once that there is a cache:\n%s", log)
	}
	s.told(t, "around_cache")
}

// told waits until an agent has said that it hears the doorbell so.
func (s *Site) told(t *testing.T, state string) {
	t.Helper()
	heard := until(t, 90*time.Second, func() bool { // an idle agent asks for work once a minute
		return s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_agents WHERE caps LIKE '%%\"doorbell\":\"%s\"%%'", state) > 0
	})
	if !heard {
		t.Fatalf("the site was not told that the doorbell is heard as %s: %v", state, s.SQL(t, "SELECT name, caps FROM {p}aidoc_agents"))
	}
}

// A cache that takes no notice of queries cannot be looked around. The agent finds it by what the site signs, and polls.
func TestACacheThatNoQueryGoesAround(t *testing.T) {
	t.Parallel()
	s := ownSite(t, "fpm", "--cache", "1h", "--cache-key", "$uri")
	agent := joined(t, s, "poller", "AIDOC_POLL_LEASE_EVERY=5s")
	running := agent.Run(t)
	s.told(t, "works")
	for _, name := range []string{"first.txt", "second.txt"} {
		id := s.Upload(t, name, []byte("Minutes of "+name+".\n\nThe council agreed to repair the bridge before winter.\n"))
		s.Await(t, 60*time.Second, "done", func(i Item) bool { return i.State == "done" }, id)
	}
	s.told(t, "kept_by_cache")
	if got := agent.Do(t, "status", "--once"); !strings.Contains(got.Stdout, "doorbell: a cache keeps its file, whatever is asked (X-Cache-Status: HIT)") {
		t.Errorf("the status says\n%s", got.Stdout)
	}
	if got := agent.Do(t, "doctor"); !strings.Contains(got.Stdout, "X-Cache-Status: HIT") || !strings.Contains(got.Stdout, "proxy_cache off") {
		t.Errorf("doctor says\n%s", got.Stdout)
	}
	running.Signal(t, syscall.SIGTERM)
	running.Wait(t, time.Minute)
}
