//go:build chaos

package chaos

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var (
	full   = flag.Bool("full", false, "the whole run: 8 agents, 2000 jobs, 100 × SIGKILL, the plugin's own time constants")
	jobs   = flag.Int("jobs", 0, "documents; 0: what the size says")
	kills  = flag.Int("kills", 0, "SIGKILLs; 0: what the size says")
	seed   = flag.Uint64("seed", 0, "of the faults; 0: a new one")
	ports  = flag.Int("ports", 0, "the first of five ports to use; 0: any")
	agent  = flag.String("agent", "../../bin/aidoc-agent", "the agent to torture")
	report = flag.String("report", "", "write the report here, too")
	where  = flag.String("dir", "", "work folder; empty: a new one below the temporary folder")
)

func short() Size {
	return Size{Agents: 4, Slots: 2, Jobs: 60, Kills: 6, Stops: 1, Terms: 1, DB: 1, PHP: 1, Every: 4 * time.Second, Wrong: 15 * time.Second,
		Pace: Tenth, Plan: Plan{Rate: 0.12, MaxDelay: 2 * time.Second, Straggler: Tenth.TTL * 5 / 4},
		Limit: 140 * time.Second, Model: [2]time.Duration{100 * time.Millisecond, 600 * time.Millisecond}}
}

func whole() Size {
	return Size{Agents: 8, Slots: 2, Jobs: 2000, Kills: 100, Stops: 6, Terms: 6, DB: 4, PHP: 4, Every: 10 * time.Second, Wrong: 3 * time.Minute,
		Pace: Production, Plan: Plan{Rate: 0.08, MaxDelay: 5 * time.Second, Straggler: Production.TTL * 5 / 4},
		Limit: 42 * time.Minute, Model: [2]time.Duration{200 * time.Millisecond, 2 * time.Second}}
}

// workDir is kept when the test fails.
func workDir(t *testing.T) string {
	t.Helper()
	dir := *where
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "aidoc-chaos-"); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func newWorld(t *testing.T, size Size) *World {
	t.Helper()
	bin, err := filepath.Abs(*agent)
	if err == nil {
		_, err = os.Stat(bin)
	}
	if err != nil {
		t.Fatalf("build the agent first (make build): %v", err)
	}
	if size.Plan.Seed = *seed; size.Plan.Seed == 0 {
		size.Plan.Seed = uint64(time.Now().UnixNano())
	}
	if *ports > 0 {
		for i := range size.Ports {
			size.Ports[i] = *ports + i
		}
	}
	dir, began := workDir(t), time.Now()
	say := func(format string, args ...any) {
		fmt.Printf("%6.1fs %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}
	say("seed %d, files in %s", size.Plan.Seed, dir)
	w, err := NewWorld(dir, bin, size, say)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() || *where != "" {
			t.Logf("seed %d; logs, journals and the database are kept in %s", size.Plan.Seed, dir)
		} else {
			_ = os.RemoveAll(dir)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Nothing is lost, nothing is done twice and nothing is paid twice, whatever dies on the way.
func TestChaos(t *testing.T) {
	size := short()
	if *full {
		size = whole()
	}
	if *jobs > 0 {
		size.Jobs = *jobs
	}
	if *kills > 0 {
		size.Kills = *kills
	}
	w := newWorld(t, size)
	if err := w.Run(t.Context()); err != nil {
		t.Error(err)
	}
	handOver(t, w)
	if err := w.StopAll(); err != nil {
		t.Error(err)
	}
	facts, err := w.Facts()
	if err != nil {
		t.Fatal(err)
	}
	r := Verify(facts)
	fmt.Printf("\n%s\n\n", r)
	if *report != "" {
		if err := os.WriteFile(*report, []byte(fmt.Sprintf("# Chaos run\n\n%s; seed %d\n\n%s\n", size, w.Plan.Seed, r)), 0o644); err != nil {
			t.Error(err)
		}
	}
	for _, broken := range r.Broken {
		t.Error(broken)
	}
	if r.Done == 0 || r.Kills == 0 || len(r.Faults) < len(Faults)/2 {
		t.Errorf("there was hardly any chaos: %d done, %d killed, faults %v", r.Done, r.Kills, r.Faults)
	}
	if !t.Failed() {
		doctored(t, w)
	}
}

// handOver measures, with no faults, how soon the work of one agent is another's.
func handOver(t *testing.T, w *World) {
	if err := w.Refresh(t.Context()); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		how   string
		limit time.Duration
		end   func(context.Context, *Agent) error
	}{
		{"SIGTERM", 5 * time.Second, w.endByTerm},
		{"SIGKILL", w.Pace.TTL + Slack, w.endByKill},
	} {
		took, err := w.takeOver(t.Context(), c.how, c.end)
		if err != nil {
			t.Errorf("hand-over after %s: %v", c.how, err)
			continue
		}
		w.Say("after %s the next agent had the document in %v", c.how, took.Round(time.Millisecond))
		if took > c.limit {
			t.Errorf("after %s the next agent had the document in %v; the limit is %v", c.how, took, c.limit)
		}
	}
}

// doctored shows that Verify would have seen what it looks for in this very database.
func doctored(t *testing.T, w *World) {
	for _, c := range []struct{ name, sql, want string }{
		{"a second summary", `INSERT INTO {p}posts (post_author, post_type, post_status, post_content, post_title, post_excerpt, to_ping, pinged, post_content_filtered)
			SELECT 1, 'aidoc_summary', 'draft', post_content, '', '', '', '', '' FROM {p}posts WHERE post_type = 'aidoc_summary' ORDER BY ID LIMIT 1;
			INSERT INTO {p}postmeta (post_id, meta_key, meta_value) SELECT LAST_INSERT_ID(), 'aidoc_attachment_id', meta_value FROM {p}postmeta
			WHERE meta_key = 'aidoc_attachment_id' ORDER BY post_id LIMIT 1`, "summaries: ["},
		{"a job that goes on for ever", "UPDATE {p}aidoc_jobs SET state = 'queued' ORDER BY id LIMIT 1", "is neither done nor failed"},
		{"a job that vanished", "DELETE FROM {p}aidoc_jobs ORDER BY id DESC LIMIT 1", "has no job"},
	} {
		if _, err := w.Site.SQL(c.sql); err != nil {
			t.Fatal(err)
		}
		facts, err := w.Facts()
		if err != nil {
			t.Fatal(err)
		}
		if broken := strings.Join(Verify(facts).Broken, "\n"); !strings.Contains(broken, c.want) {
			t.Errorf("%s was not noticed:\n%s", c.name, broken)
		}
	}
}
