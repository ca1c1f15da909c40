//go:build linear

package linear

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
)

const (
	clients    = 8
	checkLimit = time.Minute
)

// setting reads LINEAR_<NAME>.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv("LINEAR_" + name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("LINEAR_%s=%q is no number", name, text)
	}
	return n
}

// world is the site that all tests of a run share; they take it in turns.
var world func() (*World, error)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, kept := os.Getenv("LINEAR_DIR"), true // a folder that is named is kept, for looking into it afterwards
	if dir == "" {
		kept = false
		var err error
		if dir, err = os.MkdirTemp("", "aidoc-linear-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	var site *wpsite.Site
	world = sync.OnceValues(func() (w *World, err error) {
		port, _ := strconv.Atoi(os.Getenv("LINEAR_PORT"))
		if site, err = wpsite.Start(filepath.Join(dir, "site"), port); err != nil {
			return nil, err
		}
		// Deadlocks are told in MariaDB's log, beside the site's.
		if _, err = site.Query(context.Background(), "SET GLOBAL innodb_print_all_deadlocks = ON"); err != nil {
			return nil, err
		}
		return NewWorld(context.Background(), site, clients)
	})
	// A run that is told to end stops what it started; go test itself would leave the servers behind.
	told := make(chan os.Signal, 1)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-told
		if site != nil {
			_ = site.Stop()
		}
		os.Exit(1)
	}()
	code := m.Run()
	if site != nil {
		if err := site.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	if code == 0 && !kept {
		_ = os.RemoveAll(dir)
	} else if site != nil {
		fmt.Fprintln(os.Stderr, "the site's files and logs are kept in", dir)
	}
	return code
}

func theWorld(t *testing.T) *World {
	t.Helper()
	w, err := world()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// must occur in a run, or the run has shown nothing.
var must = []string{
	"claim ok", "beat ok", "beat lost", "beat cancelled", "result ok", "result repeat", "result conflict", "result lost", "result cancelled",
	"fail queued", "fail failed", "fail lost", "release ok", "release lost", "cancel ok", "cancel final", "retry ok", "retry open",
	"age ok", "age none", "wake ok", "read queued", "read leased", "read done", "read failed", "result unknown", "beat unknown",
}

func TestTheQueueIsLinearizable(t *testing.T) {
	w := theWorld(t)
	histories, seed := setting(t, "HISTORIES", 20), uint64(setting(t, "SEED", int(time.Now().UnixNano()&0xffffff)))
	plan := Plan{Operations: setting(t, "OPS", 200), Jobs: setting(t, "JOBS", 6)}
	seen, operations := map[string]int{}, 0
	var recording, checking time.Duration
	for n := range histories {
		if n == setting(t, "FPM", 2) {
			defer goResident(t, w)()
		}
		plan.Seed = seed + uint64(n)
		start := time.Now()
		h, err := w.Record(t.Context(), plan)
		if err != nil {
			t.Fatalf("history %d, seed %d: %v", n, plan.Seed, err)
		}
		recording += time.Since(start)
		ops := h.Operations()
		operations += len(ops)
		for name, k := range Outcomes(ops) {
			seen[name] += k
		}
		start = time.Now()
		verdict, path := check(t, fmt.Sprintf("seed-%d", plan.Seed), ops)
		checking += time.Since(start)
		if verdict != porcupine.Ok {
			t.Fatalf("history %d, seed %d, %d operations: %s; see %s\n%s", n, plan.Seed, len(ops), verdict, path, table(Outcomes(ops)))
		}
		if n%25 == 4 {
			t.Logf("%d of %d histories are linearizable, %v each", n+1, histories, (recording / time.Duration(n+1)).Round(10*time.Millisecond))
		}
	}
	story := fmt.Sprintf("%d histories, %d operations: recorded in %v, checked in %v; %d requests were changed on their way\n%s",
		histories, operations, recording.Round(time.Second), checking.Round(time.Second), w.changed.Load(), table(seen))
	t.Log(story)
	if path := os.Getenv("LINEAR_REPORT"); path != "" {
		text := fmt.Sprintf("# The queue is linearizable\n\nSeed %d; %d clients of %d operations on %d jobs each.\n\n    %s", seed, clients, plan.Operations, plan.Jobs, strings.ReplaceAll(story, "\n", "\n    "))
		if err := os.WriteFile(path, []byte(strings.TrimSpace(text)+"\n"), 0o644); err != nil {
			t.Error(err)
		}
	}
	for _, name := range must {
		if seen[name] == 0 {
			t.Errorf("%q never happened: the histories show less than they should", name)
		}
	}
	if w.changed.Load() == 0 {
		t.Error("no request was changed on its way")
	}
	complaints, err := w.Site.Complaints()
	if err != nil || len(complaints) > 0 {
		t.Errorf("%d lines in PHP's log, %v: %s", len(complaints), err, strings.Join(complaints[:min(3, len(complaints))], "\n"))
	}
}

// goResident lets the histories that follow go to WordPress that stays loaded: more of them in the same time, with more
// going on at the same moment. The returned function undoes it.
func goResident(t *testing.T, w *World) func() {
	t.Helper()
	r, err := w.Site.Resident(clients)
	if err != nil {
		t.Fatal(err)
	}
	w.Through(r.Transport())
	return func() {
		w.Through(nil)
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
	}
}

// check returns the verdict and, unless it is Ok, the page that shows the history.
func check(t *testing.T, name string, ops []porcupine.Operation) (porcupine.CheckResult, string) {
	t.Helper()
	model := Model()
	if verdict := porcupine.CheckOperationsTimeout(model, ops, checkLimit); verdict == porcupine.Ok {
		return verdict, ""
	}
	// Again, one job at a time: the page then shows the one that is wrong.
	dir := os.Getenv("LINEAR_OUT")
	if dir == "" {
		dir = os.TempDir()
	}
	for _, part := range partition(ops) {
		verdict, info := porcupine.CheckOperationsVerbose(model, part, checkLimit)
		if verdict == porcupine.Ok {
			continue
		}
		path := filepath.Join(dir, fmt.Sprintf("linear-%s-job-%d.html", name, part[0].Input.(Input).Job))
		if err := porcupine.VisualizePath(model, info, path); err != nil {
			t.Error(err)
		}
		return verdict, path
	}
	return porcupine.Unknown, "nothing: the checker had no time"
}

func table(seen map[string]int) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		fmt.Fprintf(&b, "  %-18s %6d\n", name, seen[name])
	}
	return b.String()
}

// Without the guard the same run must fail; so must it with each of the other ways to get a queue wrong.
func TestABrokenQueueIsFound(t *testing.T) {
	w := theWorld(t)
	for _, m := range Mutants {
		t.Run(m.Name, func(t *testing.T) { m.mustBeFound(t, w) })
	}
}

func (m Mutant) mustBeFound(t *testing.T, w *World) {
	restore, err := m.Apply(t.Context(), w.Site)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := restore(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}()
	defer goResident(t, w)() // begun now, it loads the plugin with the defect
	t.Setenv("LINEAR_OUT", t.TempDir())
	limit := setting(t, "MUTANT_HISTORIES", 40) // mostly the first shows it
	for n := range limit {
		h, err := w.Record(t.Context(), Plan{Operations: 80, Jobs: 3, Seed: uint64(n)})
		if err != nil {
			t.Fatal(err)
		}
		ops := h.Operations()
		if verdict, _ := check(t, "mutant", ops); verdict == porcupine.Illegal {
			t.Logf("found in history %d, which has %d operations", n+1, len(ops))
			return
		}
	}
	t.Errorf("%d histories of a queue with this defect were found linearizable", limit)
}
