//go:build e2e

package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// awaitSeen waits until the site was asked by the agent.
func awaitSeen(t *testing.T, s *Site, agent string) {
	t.Helper()
	seen := until(t, 30*time.Second, func() bool {
		return s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_agents WHERE name = '%s' AND slots > 0", agent) > 0
	})
	if !seen {
		t.Fatalf("%s has not asked for work within 30 s", agent)
	}
}

// busy starts an agent and waits until it is in the middle of a long document: downloaded, some page in work.
func busy(t *testing.T, s *Site, name string, env ...string) (*Running, int64) {
	t.Helper()
	id := s.Upload(t, "long.pdf", longScan(t, 9))
	r := joined(t, s, name, env...).Run(t)
	s.Await(t, time.Minute, "being read", func(i Item) bool { return i.State == "processing" && strings.Contains(i.Detail, "page") }, id)
	return r, id
}

// A power cut in the middle of a document: the lease runs out and another agent finishes it, once.
func TestKilledAgentIsReplaced(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	victim, id := busy(t, s, "victim")
	victim.Kill(t)
	killed := time.Now()
	if item := s.Items(t, id)[id]; item.State != "processing" {
		t.Fatalf("right after the kill the item is %s: the document was too short for this test", item.State)
	}
	joined(t, s, "heir").Run(t)
	s.Await(t, 150*time.Second, "taken over", func(i Item) bool {
		return s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_jobs WHERE attachment_id = %d AND epoch = 2", id) == 1
	}, id)
	if took := time.Since(killed); took > 135*time.Second {
		t.Errorf("reassigned after %v, want at most 135 s", took.Round(time.Second))
	} else {
		t.Logf("reassigned %v after SIGKILL", took.Round(time.Second))
	}
	item := s.AwaitRest(t, 5*time.Minute, id)[id]
	if item.State != "done" {
		t.Errorf("the document is %s: %s", item.State, item.Detail)
	}
	checkEpoch(t, s, id, 2, 1)
}

// SIGTERM gives the lease back at once, without burning an attempt.
func TestStoppedAgentReleases(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	leaver, id := busy(t, s, "leaver", "AIDOC_AGENT_DRAIN_TIMEOUT=1s")
	leaver.Signal(t, syscall.SIGTERM)
	stopped := time.Now()
	s.Await(t, 20*time.Second, "given back", func(i Item) bool { return i.State == "queued" }, id)
	if took := time.Since(stopped); took > 6*time.Second {
		t.Errorf("released %v after SIGTERM with a grace of 1 s, want at most 5 s more", took.Round(time.Millisecond))
	}
	if code := leaver.Wait(t, 15*time.Second); code != exitOK {
		t.Errorf("the stopped agent ended with %d\n%s", code, leaver.log.Tail(2000))
	}
	if n := s.Count(t, "SELECT attempt AS n FROM {p}aidoc_jobs WHERE attachment_id = %d", id); n != 0 {
		t.Errorf("the release burned an attempt: %d", n)
	}
	joined(t, s, "next").Run(t)
	if item := s.AwaitRest(t, 5*time.Minute, id)[id]; item.State != "done" {
		t.Errorf("the document is %s: %s", item.State, item.Detail)
	}
	checkEpoch(t, s, id, 2, 1)
}

// checkEpoch: claimed that many times, and one result, one post.
func checkEpoch(t *testing.T, s *Site, attachment int64, epoch, results int) {
	t.Helper()
	if n := s.Count(t, "SELECT epoch AS n FROM {p}aidoc_jobs WHERE attachment_id = %d", attachment); n != epoch {
		t.Errorf("epoch %d, want %d", n, epoch)
	}
	if n := s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_events e JOIN {p}aidoc_jobs j ON j.id = e.job_id WHERE e.kind = 'done' AND j.attachment_id = %d", attachment); n != results {
		t.Errorf("%d results were accepted, want %d", n, results)
	}
	if n := posts(t, s); n != results {
		t.Errorf("%d summary posts, want %d", n, results)
	}
}

// The site goes away while a document is in work and comes back: nothing is lost, nothing is done twice.
func TestSiteGoesAwayForAWhile(t *testing.T) {
	t.Parallel()
	s := testSite(t)
	_, id := busy(t, s, "steady")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	away := time.NewTimer(20 * time.Second) // the agent finishes meanwhile and has only its outbox
	<-away.C
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if item := s.AwaitRest(t, 5*time.Minute, id)[id]; item.State != "done" {
		t.Errorf("the document is %s: %s", item.State, item.Detail)
	}
	checkEpoch(t, s, id, 1, 1)
}
