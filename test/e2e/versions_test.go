//go:build e2e && versions

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// release is an agent and a plugin that belong together: folders that scripts/test-versions.sh fills.
type release struct{ name, agent, plugin string }

// older are the releases that the present one is tried with, the oldest first.
func older(t *testing.T) []release {
	t.Helper()
	dir := os.Getenv("AIDOC_VERSIONS")
	names, err := os.ReadDir(dir)
	if err != nil || len(names) == 0 {
		t.Fatalf("AIDOC_VERSIONS names no folder with older releases: run make test-versions (%v)", err)
	}
	var out []release
	for _, n := range names {
		at := filepath.Join(dir, n.Name())
		out = append(out, release{n.Name(), filepath.Join(at, "aidoc-agent"), filepath.Join(at, "plugin-php")})
	}
	slices.SortFunc(out, func(a, b release) int { return strings.Compare(a.name, b.name) })
	return out
}

func present(t *testing.T) release { return release{"now", binary(t), "../../plugin-php"} }

// An agent and a plugin that are not of one version: documents become summaries, a file that cannot be read says why, nothing is done
// twice, and PHP complains of nothing.
func TestOtherVersions(t *testing.T) {
	for _, old := range older(t) {
		now := present(t)
		for name, pair := range map[string][2]release{
			"older agent and present plugin": {old, now},
			"present agent and older plugin": {now, old},
		} {
			t.Run(old.name+" "+name, func(t *testing.T) { t.Parallel(); togetherAtWork(t, pair[0], pair[1]) })
		}
	}
}

func togetherAtWork(t *testing.T, agent, plugin release) {
	s := testSite(t, "--plugin", plugin.plugin)
	a := newAgent(t)
	a.Binary = agent.agent
	if got := a.Join(t, s.URL, s.Token(t, "mixed")); got.Code != exitOK {
		t.Fatalf("join: exit %d\n%s", got.Code, got.Stderr)
	}
	ids := uploadMix(t, s)
	a.Do(t, "once").want(t, exitDocument) // one of them cannot be read
	checkMix(t, s, ids)
	checkVersionsTold(t, a)
}

// mixed is what each pair of versions works on: several small ones, so that results go together where both know how; pages to
// recognise; a file with parts that are not read; one that cannot be read.
func uploadMix(t *testing.T, s *Site) map[string]int64 {
	t.Helper()
	ids := map[string]int64{
		"report.docx":   s.Upload(t, "report.docx", read(t, "report.docx")),
		"scan.pdf":      s.Upload(t, "scan.pdf", read(t, "scan.pdf")),
		"encrypted.pdf": s.Upload(t, "encrypted.pdf", read(t, "bad", "encrypted.pdf")),
	}
	for i := range 6 {
		name := fmt.Sprintf("case-%d.txt", i)
		ids[name] = s.Upload(t, name, text(i))
	}
	return ids
}

func checkMix(t *testing.T, s *Site, ids map[string]int64) {
	t.Helper()
	var all, good []int64
	for name, id := range ids {
		all = append(all, id)
		if name != "encrypted.pdf" {
			good = append(good, id)
		}
	}
	items := s.AwaitRest(t, 2*time.Minute, all...)
	for name, id := range ids {
		switch item := items[id]; {
		case name == "encrypted.pdf":
			if item.State != "failed" || !containsAny(item.Detail, []string{"password", "encrypted"}) {
				t.Errorf("%s is %s (%s), want failed for its password", name, item.State, item.Detail)
			}
		case item.State != "done" || item.Link == nil:
			t.Errorf("%s is %s (%s %s), want done with a summary", name, item.State, item.Label, item.Detail)
		}
	}
	// A document may have been given back and taken again where the machine is slow; its result counts once.
	if n := s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_events WHERE kind = 'done'"); n != len(good) {
		t.Errorf("%d results were accepted for %d documents", n, len(good))
	}
	if n := posts(t, s); n != len(good) {
		t.Errorf("%d drafts for %d documents", n, len(good))
	}
}

// checkVersionsTold: doctor says both versions, and ends well or with nothing but warnings.
func checkVersionsTold(t *testing.T, a *Agent) {
	t.Helper()
	got := a.Do(t, "doctor")
	if got.Code != exitOK {
		t.Errorf("doctor: exit %d\n%s%s", got.Code, got.Stdout, got.Stderr)
	}
}

// The way of docs/operations.md, "Upgrade and roll back": plugin first, then the agent, which drains; what was waiting and in work is
// done once; the version before meets a newer journal with a sentence, and works again with the backup of its own.
func TestUpgradeAndBack(t *testing.T) {
	for _, old := range older(t) {
		t.Run(old.name, func(t *testing.T) { t.Parallel(); upgradeAndBack(t, old, present(t)) })
	}
}

func upgradeAndBack(t *testing.T, old, now release) {
	s := testSite(t, "--plugin", old.plugin)
	a := newAgent(t, "AIDOC_AGENT_SLOTS=1")
	a.Binary = old.agent
	if got := a.Join(t, s.URL, s.Token(t, "upgraded")); got.Code != exitOK {
		t.Fatalf("join: exit %d\n%s", got.Code, got.Stderr)
	}
	first := s.Upload(t, "first.txt", text(100))
	a.Do(t, "once").want(t, exitOK)
	backup := keepJournal(t, a)

	busy := s.Upload(t, "long.pdf", longScan(t, 2))
	waiting := []int64{s.Upload(t, "a.txt", text(101)), s.Upload(t, "b.txt", text(102))}
	running := a.Run(t)
	s.Await(t, time.Minute, "in work", func(i Item) bool { return i.State == "leased" || i.State == "processing" }, busy)

	s.replacePlugin(t, now.plugin) // while the older agent works
	running.Signal(t, syscall.SIGTERM)
	if code := running.Wait(t, time.Minute); code != exitOK {
		t.Errorf("the older agent ended with %d after SIGTERM", code)
	}
	a.Binary = now.agent
	a.Do(t, "once").want(t, exitOK)
	all := append([]int64{first, busy}, waiting...)
	for id, item := range s.AwaitRest(t, 2*time.Minute, all...) {
		if item.State != "done" {
			t.Errorf("attachment %d is %s (%s %s)", id, item.State, item.Label, item.Detail)
		}
	}
	if n := s.Count(t, "SELECT COUNT(*) AS n FROM {p}aidoc_events WHERE kind = 'done'"); n != len(all) {
		t.Errorf("%d results were accepted for %d documents", n, len(all))
	}

	a.Binary = old.agent
	last := s.Upload(t, "last.txt", text(103))
	if got := a.Do(t, "once"); got.Code == exitLocal { // the present journal is newer
		if !strings.Contains(got.Stderr, "newer aidoc-agent") {
			t.Errorf("a newer journal is met with\n%s", got.Stderr)
		}
		putJournal(t, a, backup)
		a.Do(t, "once").want(t, exitOK)
	} else {
		got.want(t, exitOK)
	}
	if item := s.AwaitRest(t, time.Minute, last)[last]; item.State != "done" {
		t.Errorf("after the way back a document is %s (%s %s)", item.State, item.Label, item.Detail)
	}
}

// replacePlugin puts another version in the plugin's place. The servers are restarted for it, so that no request runs half of each.
func (s *Site) replacePlugin(t *testing.T, from string) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	s.up[slices.Index(s.up, "--plugin")+1] = from
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
}

func journalFiles(a *Agent) []string {
	return []string{filepath.Join(a.Dir, "journal.db"), filepath.Join(a.Dir, "journal.db-wal"), filepath.Join(a.Dir, "journal.db-shm")}
}

// keepJournal copies the journal of an agent that does not run.
func keepJournal(t *testing.T, a *Agent) map[string][]byte {
	t.Helper()
	kept := map[string][]byte{}
	for _, f := range journalFiles(a) {
		if b, err := os.ReadFile(f); err == nil {
			kept[f] = b
		}
	}
	if len(kept) == 0 {
		t.Fatal("the agent has no journal")
	}
	return kept
}

func putJournal(t *testing.T, a *Agent, kept map[string][]byte) {
	t.Helper()
	for _, f := range journalFiles(a) {
		_ = os.Remove(f)
		if b, ok := kept[f]; ok {
			if err := os.WriteFile(f, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
