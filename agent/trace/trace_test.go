package trace_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/agent/trace"
	"github.com/aidoc-pipeline/aidoc-agent/agent/trace/tracetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ pipeline.Tracing = (*trace.Tracer)(nil)

const jobTrace = "0af7651916cd43dd8448eb211c80319c"

func tracer(t *testing.T, c *tracetest.Collector, sample float64) *trace.Tracer {
	t.Helper()
	tr, err := trace.New(trace.Options{Endpoint: c.URL(), Headers: map[string]string{"Api-Key": "s3cret"}, Sample: sample, Version: "1.2.3", Instance: "agent one", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestALeaseItsStepsAndWhatComesLater(t *testing.T) {
	c := tracetest.New(t)
	tr := tracer(t, c, 1)
	began := time.Now().Add(-time.Minute)
	ctx, ended := tr.Lease(t.Context(), jobTrace, 3, began, "job_id", int64(7), "site", "example.org")
	_, read := tr.Step(ctx, "extract", time.Now())
	read("extract_crash", "pages", 4, "odd", struct{}{})
	ended("")
	_, sent := tr.Step(tr.Later(context.Background(), jobTrace, 3), "deliver", time.Now())
	sent("")
	tr.Close()

	spans := c.Spans()
	lease, step, later := spans["document"], spans["extract"], spans["deliver"]
	if len(spans) != 3 || lease.Trace != jobTrace || step.Trace != jobTrace || later.Trace != jobTrace {
		t.Fatalf("%+v", spans)
	}
	if lease.Parent != "" || step.Parent != lease.ID || later.Parent != lease.ID {
		t.Errorf("parents: %q, %q, %q of %q", lease.Parent, step.Parent, later.Parent, lease.ID)
	}
	if took := lease.Took(); took < time.Minute || lease.About["aidoc.job_id"] != int64(7) || lease.About["aidoc.site"] != "example.org" || lease.Error != "" {
		t.Errorf("the lease: %+v", lease)
	}
	if step.Error != "extract_crash" || step.About["error.type"] != "extract_crash" || step.About["aidoc.pages"] != int64(4) || len(step.About) != 2 {
		t.Errorf("the step: %+v", step)
	}
	if got := c.Header("Api-Key"); got != "s3cret" || c.Resource()["service.name"] != "aidoc-agent" || c.Resource()["service.version"] != "1.2.3" {
		t.Errorf("key %q, resource %v", got, c.Resource())
	}
}

// Another holder of the same job is another span of the same trace; a site that sends ids of its own gets one trace for each of them.
func TestIDsFollowFromTheJob(t *testing.T) {
	c := tracetest.New(t)
	tr := tracer(t, c, 1)
	for _, l := range []struct {
		trace string
		epoch int64
	}{{jobTrace, 1}, {jobTrace, 2}, {"trace-1", 1}, {"trace-1", 2}, {"", 1}} {
		_, ended := tr.Lease(t.Context(), l.trace, l.epoch, time.Now())
		ended("")
	}
	tr.Close()
	traces, ids := map[string]int{}, map[string]bool{}
	for _, s := range c.All() {
		traces[s.Trace]++
		ids[s.ID] = true
	}
	if len(traces) != 3 || traces[jobTrace] != 2 || len(ids) != 5 {
		t.Errorf("traces %v, %d ids", traces, len(ids))
	}
}

func TestAPartOfTheDocumentsIsToldOf(t *testing.T) {
	c := tracetest.New(t)
	tr := tracer(t, c, 0)
	ctx, ended := tr.Lease(t.Context(), jobTrace, 1, time.Now())
	_, step := tr.Step(ctx, "extract", time.Now())
	step("")
	ended("")
	_, sent := tr.Step(tr.Later(t.Context(), jobTrace, 1), "deliver", time.Now())
	sent("")
	tr.Close()
	if all := c.All(); len(all) != 0 {
		t.Errorf("told of %d", len(all))
	}
}

func TestTheHeaderNamesTheSpanAndIsAbsentWithoutOne(t *testing.T) {
	c := tracetest.New(t)
	tr := tracer(t, c, 1)
	defer tr.Close()
	h := http.Header{}
	trace.Header(t.Context(), h)
	if len(h) != 0 {
		t.Errorf("without a span: %v", h)
	}
	ctx, ended := tr.Lease(t.Context(), jobTrace, 1, time.Now())
	defer ended("")
	trace.Header(ctx, h)
	if got := h.Get("Traceparent"); !strings.HasPrefix(got, "00-"+jobTrace+"-") || !strings.HasSuffix(got, "-01") || len(got) != 55 {
		t.Errorf("%q", got)
	}
}

type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A collector that is away, or refuses, or hangs costs a line of the log and no more than a second at the end.
func TestACollectorThatTakesNothing(t *testing.T) {
	away := httptest.NewServer(nil)
	away.Close()
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	t.Cleanup(refuses.Close)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/other" {
			t.Error("a redirect was followed, with the headers")
		}
		http.Redirect(w, r, "/other", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(elsewhere.Close)
	over := make(chan struct{})
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-over }))
	t.Cleanup(hangs.Close)
	t.Cleanup(func() { close(over) })
	for name, url := range map[string]string{"away": away.URL, "refuses": refuses.URL, "redirects": elsewhere.URL, "hangs": hangs.URL} {
		t.Run(name, func(t *testing.T) {
			var log lines
			tr, err := trace.New(trace.Options{Endpoint: url, Headers: map[string]string{"Api-Key": "s3cret"}, Sample: 1, Log: slog.New(slog.NewJSONHandler(&log, nil))})
			if err != nil {
				t.Fatal(err)
			}
			for range 600 { // more than one upload
				_, ended := tr.Lease(t.Context(), jobTrace, 1, time.Now())
				ended("")
			}
			began := time.Now()
			tr.Close()
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("the end waited for %v", took)
			}
			said := log.String()
			if n := strings.Count(said, "\n"); (n != 1 && name != "hangs") || n > 1 || strings.Contains(said, "s3cret") { // at the end nobody waits for what hangs
				t.Errorf("%d lines: %s", n, said)
			}
		})
	}
}
