//go:build profile

// Package profileagent measures what the agent spends its CPU on while it works off a fixed mix of documents: 20 small digital PDFs and
// 12 texts, read in real children, summarised by a model server that answers at once, for a site that speaks the whole protocol.
package profileagent

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// TestMain lets the test binary be its own extraction child.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == extract.WorkerCommand {
		os.Exit(extract.WorkerMain())
	}
	os.Exit(m.Run())
}

// patience is when a document counts as stuck.
const patience = 5 * time.Minute

func TestProfile(t *testing.T) {
	docs := mix(t)
	rounds := 1
	if n, err := strconv.Atoi(os.Getenv("PROFILE_ROUNDS")); err == nil {
		rounds = n
	}
	b := newBench(t)
	var before, after syscall.Rusage
	usage(t, syscall.RUSAGE_SELF, &before)
	raw := profiled(t, func() {
		for round := range rounds {
			b.workOff(t, round, docs)
		}
	})
	usage(t, syscall.RUSAGE_SELF, &after)
	b.close(t) // children are counted once they have ended
	var children syscall.Rusage
	usage(t, syscall.RUSAGE_CHILDREN, &children)
	report{documents: rounds * len(docs), agent: seconds(after) - seconds(before), children: seconds(children), parts: partsOf(t, raw)}.print(os.Stdout)
}

// bench is an agent with its site and its model.
type bench struct {
	site    *wptest.Site
	pool    *extract.Pool
	journal *journal.Journal
	agent   *agent.Agent
	ended   chan error
}

func newBench(t *testing.T) *bench {
	dir := t.TempDir()
	b := &bench{site: wptest.New(t, wptest.Doorbell()), ended: make(chan error, 1)}
	var err error
	if b.pool, err = extract.New(extract.Config{WorkDir: filepath.Join(dir, "extract"), Languages: []string{"eng"}}); err != nil {
		t.Fatal(err)
	}
	if b.journal, err = journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{}); err != nil {
		t.Fatal(err)
	}
	store, err := objectstore.OpenDir(filepath.Join(dir, "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	spool := filepath.Join(dir, "spool")
	if err := os.MkdirAll(spool, 0o700); err != nil {
		t.Fatal(err)
	}
	b.agent, err = agent.New(agent.Options{
		Settings: agent.Settings{Slots: 4, PollMin: 100 * time.Millisecond, PollMax: time.Second, LeaseEvery: time.Second, RetryMin: 100 * time.Millisecond,
			DrainTimeout: time.Minute, WorkDir: spool, MaxBytes: 16 << 20},
		Info:    wpclient.AgentInfo{Name: "profile", Version: "1.0.0", Host: "h", OS: "linux", Arch: "amd64"},
		Sites:   []agent.SiteHandle{{URL: b.site.URL(), Client: b.site.Client(wpclient.Options{})}},
		Journal: b.journal, Store: store, Extractor: b.pool, Summariser: summariser(t), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() { b.ended <- b.agent.Run(context.Background()) }()
	return b
}

// summariser asks a model server that answers at once; PROFILE_MODEL is its model.
func summariser(t *testing.T) llm.Summariser {
	model := os.Getenv("PROFILE_MODEL")
	if model == "" {
		model = "some-model"
	}
	srv := llmtest.NewServer(nil)
	t.Cleanup(srv.Close)
	e, err := llm.NewFromConfig(llm.Config{Provider: "openai", Model: model, BaseURL: srv.OpenAIURL(), APIKey: "sk-none", ContextTokens: 128_000})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// workOff puts every document into the queue, each with bytes of its own, and waits until the last is done.
func (b *bench) workOff(t *testing.T, round int, docs []document) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ids := make([]int64, len(docs))
	for i, d := range docs {
		ids[i] = b.site.AddJob(d.name, d.mime, append(append([]byte{}, d.body...), fmt.Sprintf("\n%% copy %d.%d\n", round, i)...))
	}
	for i, id := range ids {
		j, err := b.site.AwaitFunc(ctx, id, func(j wptest.JobState) bool { return j.State == wptest.Done || j.State == wptest.Failed })
		if err != nil {
			t.Fatal(err)
		}
		if j.State != wptest.Done {
			t.Fatalf("%s ended as %s", docs[i].name, j.State)
		}
	}
}

func (b *bench) close(t *testing.T) {
	b.agent.Drain()
	if err := <-b.ended; err != nil {
		t.Fatal(err)
	}
	if err := b.pool.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.journal.Close(); err != nil {
		t.Fatal(err)
	}
}

// profiled is the CPU profile of do, kept as build/agent.pprof.
func profiled(t *testing.T, do func()) string {
	path := filepath.Join("..", "..", "build", "agent.pprof")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		t.Fatal(err)
	}
	do()
	pprof.StopCPUProfile()
	return path
}

func usage(t *testing.T, who int, into *syscall.Rusage) {
	if err := syscall.Getrusage(who, into); err != nil {
		t.Fatal(err)
	}
}

func seconds(r syscall.Rusage) float64 {
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}
