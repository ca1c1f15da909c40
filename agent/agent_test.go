package agent_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "8") // what runs in parallel here waits for backoffs, which costs no core
	goleak.VerifyTestMain(m)
}

// hang is when a test gives up waiting for a signal. No test that passes comes near it, on a busy machine and with the race detector.
const hang = 2 * time.Minute

// pageReader is an Extractor for tests: pages are separated by form feeds. A page that starts with
// "fail" cannot be read; "no-pages" refuses the document. gate, when set, is waited for before each page.
type pageReader struct {
	mu   sync.Mutex
	read map[string]int // page text → how often it was read
	gate func(ctx context.Context, page int) error
	// fixed: pages that start with "fail" can be read after all.
	fixed bool
	ocr   bool // pages are pictures
	// warnings are what it says of each document.
	warnings []string
	// tenants whose documents were read.
	tenants []string
	langs   []string // that it was to recognise with, of the last document
}

func (p *pageReader) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.langs
}

func newPageReader() *pageReader { return &pageReader{read: map[string]int{}} }

func (p *pageReader) Version() string     { return "test-1" }
func (p *pageReader) MIMEs() []string     { return []string{"text/plain"} }
func (p *pageReader) Languages() []string { return []string{"eng"} }

func (p *pageReader) Extract(ctx context.Context, path string, o extract.Options) (extract.Document, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return extract.Document{}, err
	}
	if string(raw) == "no-pages" {
		return extract.Document{}, &extract.Error{Code: "no_pages", Message: "This PDF has no pages. Save it anew and upload that."}
	}
	p.mu.Lock()
	p.tenants, p.langs = append(p.tenants, o.Tenant), o.Languages
	p.mu.Unlock()
	texts := strings.Split(string(raw), "\f")
	doc := extract.Document{Format: "txt", MIME: "text/plain", Pages: len(texts), Warnings: p.warnings}
	if err := o.OnDocument(doc); err != nil {
		return doc, err
	}
	for i, text := range texts {
		if o.Skip(i + 1) {
			continue
		}
		if p.gate != nil {
			if err := p.gate(ctx, i+1); err != nil {
				return doc, err
			}
		}
		page := extract.Page{Number: i + 1, Text: text, Method: extract.MethodText, Confidence: 1}
		if p.ocr {
			page.Method = extract.MethodOCR
		}
		if strings.HasPrefix(text, "fail") && !p.fixed {
			page.Text, page.Err = "", &extract.Error{Code: "extract_crash", Message: "This page crashed the reader."}
		}
		p.mu.Lock()
		p.read[text]++
		p.mu.Unlock()
		if err := o.OnPage(page); err != nil {
			return doc, err
		}
	}
	return doc, nil
}

func (p *pageReader) reads(text string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.read[text]
}

// rig is an agent with real parts around it, but for the reader.
type rig struct {
	t       *testing.T
	dir     string
	site    *wptest.Site
	reader  *pageReader
	log     *syncBuffer
	journal *journal.Journal
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newRig(t *testing.T, opts ...wptest.Option) *rig {
	r := &rig{t: t, dir: t.TempDir(), site: wptest.New(t, opts...), reader: newPageReader(), log: &syncBuffer{}}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(r.log.String())
		}
	})
	return r
}

// agent opens the rig's journal and builds an agent on it; a second call needs the first closed.
func (r *rig) agent(change ...func(*agent.Options)) *agent.Agent {
	r.t.Helper()
	j, err := journal.Open(r.t.Context(), filepath.Join(r.dir, "journal.db"), journal.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	r.journal = j
	r.t.Cleanup(func() { j.Close() })
	return r.with(j, r.site.Client(wpclient.Options{}), change...)
}

func (r *rig) with(j agent.Journal, client agent.Site, change ...func(*agent.Options)) *agent.Agent {
	r.t.Helper()
	store, err := objectstore.OpenDir(filepath.Join(r.dir, "store"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { store.Close() })
	sum, err := llm.FromConfig(llm.Config{})
	if err != nil {
		r.t.Fatal(err)
	}
	spool := filepath.Join(r.dir, "spool")
	if err := os.MkdirAll(spool, 0o700); err != nil {
		r.t.Fatal(err)
	}
	opt := agent.Options{
		Settings: agent.Settings{Slots: 4, PollMin: 20 * time.Millisecond, PollMax: 50 * time.Millisecond, LeaseEvery: 200 * time.Millisecond, RetryMin: 20 * time.Millisecond,
			DrainTimeout: 5 * time.Second, WorkDir: spool, MaxBytes: 1 << 20},
		Info:    wpclient.AgentInfo{Name: "test", Version: "1.0.0", Host: "h", OS: "linux", Arch: "amd64"},
		Sites:   r.handles(client),
		Journal: j, Store: store, Extractor: r.reader, Summariser: sum,
		Log: slog.New(slog.NewTextHandler(r.log, nil)),
	}
	for _, c := range change {
		c(&opt)
	}
	a, err := agent.New(opt)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

func (r *rig) handles(client agent.Site) []agent.SiteHandle {
	if r.site == nil { // the test brings its own
		return nil
	}
	return []agent.SiteHandle{{URL: r.site.URL(), Client: client}}
}

// start runs the agent in the background; stop drains it and returns Run's error.
func start(t *testing.T, a *agent.Agent) (stop func() error, kill func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	var once sync.Once
	var err error
	wait := func() { once.Do(func() { err = <-done }) }
	t.Cleanup(func() { cancel(); wait() })
	return func() error { a.Drain(); wait(); return err }, func() { cancel(); wait() }
}

func (r *rig) await(id int64, state string) wptest.JobState {
	r.t.Helper()
	return r.awaitFunc(id, func(j wptest.JobState) bool { return j.State == state })
}

func (r *rig) awaitFunc(id int64, ok func(wptest.JobState) bool) wptest.JobState {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), hang)
	defer cancel()
	j, err := r.site.AwaitFunc(ctx, id, ok)
	if err != nil {
		r.t.Fatal(err)
	}
	return j
}

const page1 = "The council met on Tuesday. It agreed to repair the old bridge before winter. The cost is two million."
const page2 = "The repair takes six months. Traffic will use the northern road. A report follows in spring."

func doc(n int) []byte { return []byte(fmt.Sprintf("Document %d. %s\f%s", n, page1, page2)) }

func TestWorksOffAQueueWithEveryArtifactInPlace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("minutes.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent())
	got := r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	res := got.Result
	if res.Pages != 2 || res.PagesOCR != 0 || len(res.PagesFailed) != 0 || res.Confidence != nil {
		t.Errorf("pages %d, ocr %d, failed %v, confidence %v", res.Pages, res.PagesOCR, res.PagesFailed, res.Confidence)
	}
	if res.Title == "" || res.SummaryMarkdown == "" || res.WordCount < 30 || res.Provider != "extractive" || res.S3TextKey != fmt.Sprintf("processed/%d/text.txt", id) {
		t.Errorf("result %+v", res)
	}
	for key, want := range map[string]string{res.Artifacts.Text: page2, res.Artifacts.Pages: `"number":2`, res.Artifacts.Summary: ""} {
		raw, err := os.ReadFile(filepath.Join(r.dir, "store", key))
		if err != nil || !strings.Contains(string(raw), want) {
			t.Errorf("artifact %s lacks %q: %v", key, want, err)
		}
	}
	left, err := os.ReadDir(filepath.Join(r.dir, "spool"))
	if err != nil || len(left) > 0 {
		t.Errorf("spooled documents were left behind: %v %v", left, err)
	}
	if strings.Contains(r.log.String(), "old bridge") {
		t.Error("the log holds document text")
	}
}

func TestTwoAgentsShareASiteAndDoNothingTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t, wptest.Doorbell())
	var ids []int64
	for n := range 40 {
		ids = append(ids, r.site.AddJob("d.txt", "text/plain", doc(n)))
	}
	for n := range 2 {
		dir := t.TempDir()
		j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { j.Close() })
		client := wpclient.New(r.site.Site(), r.site.NewKey(), wpclient.Options{})
		stop, _ := start(t, r.with(j, client, func(o *agent.Options) {
			o.Info.Name = fmt.Sprint("agent", n)
			o.Settings.WorkDir = filepath.Join(dir, "spool") // an agent clears its own folder at start
		}))
		defer stop()
	}
	for n, id := range ids {
		got := r.await(id, wptest.Done)
		if got.Accepted != 1 || got.Attempt != 1 {
			t.Errorf("job %d: accepted %d times in %d attempts", id, got.Accepted, got.Attempt)
		}
		if reads := r.reader.reads(fmt.Sprintf("Document %d. %s", n, page1)); reads != 1 {
			t.Errorf("document %d was read %d times", n, reads)
		}
	}
}

func TestAFailedPageDoesNotTakeTheDocumentDown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", []byte(page1+"\ffail\f"+page2))
	stop, _ := start(t, r.agent())
	defer stop()
	got := r.await(id, wptest.Done)
	if fmt.Sprint(got.Result.PagesFailed) != "[2]" || got.Result.Pages != 3 {
		t.Errorf("pages failed %v of %d", got.Result.PagesFailed, got.Result.Pages)
	}
}

func TestFailuresAreStatedWithClassAndSentence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data  string
		code  string
		class string
	}{
		"refused document":  {"no-pages", "no_pages", "permanent"},
		"nothing to read":   {"\f\f", "no_text", "permanent"},
		"every page failed": {"fail\ffail", "extract_crash", "permanent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.site.AddJob("d.txt", "text/plain", []byte(c.data))
			stop, _ := start(t, r.agent())
			defer stop()
			got := r.await(id, wptest.Failed)
			f := got.Failures[0]
			if f.Code != c.code || f.Class != c.class || len(f.Message) < 20 {
				t.Errorf("failure %+v", f)
			}
		})
	}
}

func TestAResultOutlivesASiteThatIsDown(t *testing.T) {
	t.Parallel()
	for _, kind := range []wptest.FaultKind{wptest.BadGateway, wptest.HTML200, wptest.DropRequest, wptest.DropAnswer, wptest.Unsigned, wptest.Forged, wptest.Truncate, wptest.Empty} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			r.site.FaultOnce("/result", wptest.Fault{Kind: kind})
			stop, _ := start(t, r.agent())
			defer stop()
			r.await(id, wptest.Done)
			// The answer must have reached the agent, too: it sends again until it has.
			got := r.awaitFunc(id, func(j wptest.JobState) bool {
				n, _, _ := r.journal.OutboxSize(t.Context())
				return n == 0 || j.Accepted > 1
			})
			if got.Attempt != 1 || r.reader.reads("Document 1. "+page1) != 1 {
				t.Errorf("the document was read again: attempt %d, reads %d", got.Attempt, r.reader.reads("Document 1. "+page1))
			}
		})
	}
}

func TestAResultSurvivesTheAgentsDeath(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	tried := make(chan struct{})
	var once sync.Once
	r.site.Fault(func(req *http.Request) wptest.Fault {
		if strings.HasSuffix(req.URL.String(), "/result") {
			once.Do(func() { close(tried) })
			return wptest.Fault{Kind: wptest.BadGateway}
		}
		return wptest.Fault{}
	})
	_, kill := start(t, r.agent())
	<-tried
	kill()
	r.journal.Close()

	r.site.Fault(nil)
	stop, _ := start(t, r.agent())
	defer stop()
	got := r.await(id, wptest.Done)
	if got.Accepted != 1 || r.reader.reads(page2) != 1 {
		t.Errorf("accepted %d, page read %d times", got.Accepted, r.reader.reads(page2))
	}
}

func TestARestartedAgentContinuesWithThePageThatWasNotDone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	reached := make(chan struct{})
	var once sync.Once
	r.reader.gate = func(ctx context.Context, page int) error {
		if page == 1 {
			return nil
		}
		once.Do(func() { close(reached) })
		<-ctx.Done()
		return ctx.Err()
	}
	_, kill := start(t, r.agent())
	<-reached
	kill()
	r.journal.Close()

	r.reader.gate = nil
	stop, _ := start(t, r.agent())
	defer stop()
	// The new process hands the old lease back at once, as a crash of the agent, and goes on at once.
	got := r.await(id, wptest.Done)
	if len(got.Failures) != 1 || got.Failures[0].Code != "agent_crashed" || got.Crashes != 1 {
		t.Errorf("the site was told %+v and counted %d crashes, want one", got.Failures, got.Crashes)
	}
	if one, two := r.reader.reads("Document 1. "+page1), r.reader.reads(page2); one != 1 || two != 1 {
		t.Errorf("page 1 read %d times, page 2 %d times", one, two)
	}
}

func TestWorkStopsWhenTheLeaseIsGone(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*wptest.Site, int64){
		"lost":      func(s *wptest.Site, id int64) { s.Expire(id) },
		"cancelled": func(s *wptest.Site, id int64) { s.Cancel(id) },
		"replaced":  func(s *wptest.Site, id int64) { s.ReplaceSource(id) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.site.SetTiming(0, time.Second, 0)
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			reached, stopped := make(chan struct{}, 8), make(chan struct{}, 8)
			r.reader.gate = func(ctx context.Context, _ int) error {
				reached <- struct{}{}
				<-ctx.Done()
				stopped <- struct{}{}
				return context.Cause(ctx)
			}
			stop, _ := start(t, r.agent(func(o *agent.Options) { o.Settings.DrainTimeout = time.Second }))
			<-reached
			r.site.SetDirective(wpclient.DirectivePause) // so that it is not leased again
			end(r.site, id)
			select {
			case <-stopped:
			case <-time.After(hang):
				t.Fatal("the work went on without a lease")
			}
			if err := stop(); err != nil {
				t.Error(err)
			}
			if got := r.site.Job(id); got.Accepted != 0 || len(got.Failures) != 0 {
				t.Errorf("the agent reported on a lease that was not its own: %+v", got)
			}
		})
	}
}

func TestDrainGivesBackWhatDoesNotFitAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	reached := make(chan struct{})
	r.reader.gate = func(ctx context.Context, _ int) error {
		close(reached)
		<-ctx.Done()
		return ctx.Err()
	}
	stop, _ := start(t, r.agent(oneSlot, func(o *agent.Options) { o.Settings.DrainTimeout = time.Hour }))
	<-reached
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	got := r.site.Job(id)
	if got.State != wptest.Queued || got.Releases != 1 || got.Attempt != 0 {
		t.Errorf("after draining: %s, %d releases, attempt %d", got.State, got.Releases, got.Attempt)
	}
}

func TestAnotherAgentContinuesWhereADrainedOneStopped(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	reached := make(chan struct{})
	r.reader.gate = func(ctx context.Context, page int) error {
		if page == 1 {
			return nil
		}
		close(reached)
		<-ctx.Done()
		return ctx.Err()
	}
	stop, _ := start(t, r.agent(func(o *agent.Options) { o.Settings.DrainTimeout = 500 * time.Millisecond }))
	<-reached
	if err := stop(); err != nil {
		t.Fatal(err)
	}

	r.reader.gate = nil
	dir := t.TempDir() // another machine: a journal of its own, the same object store
	j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	stop, _ = start(t, r.with(j, wpclient.New(r.site.Site(), r.site.NewKey(), wpclient.Options{}), func(o *agent.Options) {
		o.Settings.WorkDir = filepath.Join(dir, "spool")
	}))
	got := r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if got.Result.Pages != 2 || r.reader.reads("Document 1. "+page1) != 1 || r.reader.reads(page2) != 1 {
		t.Errorf("pages %d; page 1 read %d times, page 2 %d times", got.Result.Pages, r.reader.reads("Document 1. "+page1), r.reader.reads(page2))
	}
	left, _ := filepath.Glob(filepath.Join(r.dir, "store", "processed", "*", "checkpoint", "*"))
	if len(left) > 0 {
		t.Errorf("checkpoint segments were left behind: %v", left)
	}
}

func TestOneAgentServesSeveralSitesAndADeadOneHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other, dead := wptest.New(t), wptest.New(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	dead.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.Hang, Hold: release} })
	var ids, otherIDs []int64
	for n := range 5 {
		ids = append(ids, r.site.AddJob("a.txt", "text/plain", doc(n)))
		otherIDs = append(otherIDs, other.AddJob("b.txt", "text/plain", doc(100+n)))
	}
	_, kill := start(t, r.agent(func(o *agent.Options) {
		o.Sites = append(o.Sites, agent.SiteHandle{URL: other.URL(), Client: other.Client(wpclient.Options{})},
			agent.SiteHandle{URL: dead.URL(), Client: dead.Client(wpclient.Options{})})
		layout, err := objectstore.NewLayout("", 3)
		if err != nil {
			t.Fatal(err)
		}
		o.Settings.Key = func(site string, job int64, name string) string {
			return layout.KeyFor(config.SiteSlug(site), job, name)
		}
	}))
	defer kill()
	seen := map[string]bool{}
	for n := range ids {
		a := r.await(ids[n], wptest.Done)
		ctx, cancel := context.WithTimeout(t.Context(), hang)
		b, err := other.Await(ctx, otherIDs[n], wptest.Done)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{a.Result.S3TextKey, b.Result.S3TextKey} {
			if seen[key] {
				t.Errorf("two documents share the key %s", key)
			}
			seen[key] = true
		}
	}
}

// A file that two sites have is read for each of them: what a reader said for one is not told to the other.
func TestPagesOfOneSiteAreNotAnothers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := wptest.New(t)
	same := doc(1)
	_, kill := start(t, r.agent(func(o *agent.Options) {
		o.Sites = append(o.Sites, agent.SiteHandle{URL: other.URL(), Client: other.Client(wpclient.Options{})})
	}))
	defer kill()
	r.await(r.site.AddJob("a.txt", "text/plain", same), wptest.Done)
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	if _, err := other.Await(ctx, other.AddJob("b.txt", "text/plain", same), wptest.Done); err != nil {
		t.Fatal(err)
	}
	r.await(r.site.AddJob("c.txt", "text/plain", same), wptest.Done)
	if n := r.reader.reads(page2); n != 2 {
		t.Errorf("the same page was read %d times for two sites", n)
	}
	r.reader.mu.Lock()
	defer r.reader.mu.Unlock()
	if got := slices.Compact(slices.Sorted(slices.Values(r.reader.tenants))); len(got) != 2 || slices.Contains(got, "") {
		t.Errorf("read for %q", got)
	}
}

func TestAnOutageLongerThanTheLeaseIsNoCrash(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.SetTiming(6*time.Second, time.Second, 0) // between fence and end are 1.5 s in which the release must arrive
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	reached, fenced := make(chan struct{}, 8), make(chan struct{}, 8)
	r.reader.gate = func(ctx context.Context, _ int) error {
		reached <- struct{}{}
		<-ctx.Done()
		fenced <- struct{}{}
		return ctx.Err()
	}
	_, kill := start(t, r.agent())
	defer kill()
	<-reached
	r.site.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.BadGateway} })
	<-fenced
	r.site.Fault(nil)
	got := r.awaitFunc(id, func(j wptest.JobState) bool { return j.Releases >= 1 })
	if got.Crashes != 0 || len(got.Failures) != 0 {
		t.Errorf("an outage was held against the document: %d crashes, %v", got.Crashes, got.Failures)
	}
}

// A directive that this agent does not know is a pause: it may well mean less than that, and must not mean more.
func TestPauseTakesNoWorkUntilRun(t *testing.T) {
	t.Parallel()
	for _, d := range []wpclient.Directive{wpclient.DirectivePause, "take_a_holiday"} {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.site.SetDirective(d)
			stop, _ := start(t, r.agent())
			defer stop()
			id := r.site.AddJob("d.txt", "text/plain", doc(1))
			r.awaitRequests(3)
			if got := r.site.Job(id); got.State != wptest.Queued {
				t.Fatalf("a paused agent took a job: %s", got.State)
			}
			r.site.SetDirective(wpclient.DirectiveRun)
			r.await(id, wptest.Done)
		})
	}
}

// awaitRequests waits until the site was asked n times more.
func (r *rig) awaitRequests(n int) {
	r.t.Helper()
	have := len(r.site.Requests())
	deadline := time.After(hang)
	seen := make(chan struct{}, 64)
	r.site.Fault(func(*http.Request) wptest.Fault {
		select {
		case seen <- struct{}{}:
		default:
		}
		return wptest.Fault{}
	})
	for len(r.site.Requests()) < have+n {
		select {
		case <-seen:
		case <-deadline:
			r.t.Fatal("the agent does not ask")
		}
	}
	r.site.Fault(nil)
}

func TestPressureIsToldAndTakesNoWork(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent(func(o *agent.Options) { o.Pressure = func() string { return "disk almost full" } }))
	defer stop()
	r.awaitRequests(3)
	if got := r.site.Job(id); got.State != wptest.Queued || got.Attempt != 0 {
		t.Errorf("an agent under pressure took work: %+v", got.State)
	}
}

func TestOnceEndsWithTheQueueAndSaysWhatItDid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for n := range 6 {
		r.site.AddJob("d.txt", "text/plain", doc(n))
	}
	bad := r.site.AddJob("bad.txt", "text/plain", []byte("no-pages"))
	a := r.agent()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	if err := a.Once(ctx); err != nil {
		t.Fatal(err)
	}
	st := a.Status().Sites[0]
	if st.Done != 6 || st.Failed != 1 || r.site.Job(bad).State != wptest.Failed {
		t.Errorf("done %d, failed %d", st.Done, st.Failed)
	}
}

func TestOnceNamesAnUnknownKeyAndADeadSite(t *testing.T) {
	t.Parallel()
	short := func(o *agent.Options) { o.Settings.ReleaseTime = 200 * time.Millisecond }
	r := newRig(t)
	a := r.agent(short)
	r.site.Forget(r.site.Key().KeyID)
	err := a.Once(t.Context())
	if wpclient.CodeOf(err) != wpclient.CodeKeyUnknown {
		t.Errorf("an unknown key gave %v", err)
	}
	r.journal.Close()

	r = newRig(t)
	r.site.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: wptest.BadGateway} })
	err = r.agent(short).Once(t.Context())
	var we *wpclient.Error
	if !errors.As(err, &we) || we.Kind != wpclient.Transient {
		t.Errorf("a dead site gave %v", err)
	}
}
