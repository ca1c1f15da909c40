package agent_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/trace"
	"github.com/aidoc-pipeline/aidoc-agent/agent/trace/tracetest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// traced runs an agent that tells a collector, until do returns; what it told is complete then.
func (r *rig) traced(do func(), change ...func(*agent.Options)) *tracetest.Collector {
	r.t.Helper()
	c := tracetest.New(r.t)
	tracer, err := trace.New(trace.Options{Endpoint: c.URL(), Sample: 1, Version: "1.0.0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		r.t.Fatal(err)
	}
	stop, _ := start(r.t, r.agent(append(change, func(o *agent.Options) {
		o.Tracing, o.Sites = tracer, r.handles(r.site.Client(wpclient.Options{Annotate: trace.Header}))
	})...))
	do()
	if err := stop(); err != nil {
		r.t.Error(err)
	}
	tracer.Close()
	return c
}

func TestADocumentIsATraceWithItsSteps(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	secret := "The secret word is xylophone."
	id := r.site.AddJob("salaries-of-the-board.txt", "text/plain", []byte(page1+" "+secret+"\f"+page2))
	headers := make(chan string, 100)
	r.site.Fault(func(q *http.Request) wptest.Fault {
		if h := q.Header.Get("Traceparent"); h != "" {
			select {
			case headers <- q.Method + " " + h:
			default:
			}
		}
		return wptest.Fault{}
	})
	c := r.traced(func() { r.await(id, wptest.Done) })
	spans, all := c.Spans(), c.All()
	root := spans["document"]
	want := []string{"lease", "download", "extract", "summarise", "store", "report", "deliver"}
	if len(all) != len(want)+1 {
		t.Errorf("%d spans: %+v", len(all), all)
	}
	for _, name := range want {
		s, ok := spans[name]
		if !ok || s.Trace != wptest.TraceOf(id) || s.Parent != root.ID || s.Error != "" || s.From.Before(root.From) {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if root.Trace != wptest.TraceOf(id) || root.Parent != "" || root.About["aidoc.job_id"] != id || root.About["aidoc.mime"] != "text/plain" || root.Error != "" {
		t.Errorf("the lease's span: %+v", root)
	}
	if got := spans["extract"].About; got["aidoc.pages"] != int64(2) || got["aidoc.pages_failed"] != int64(0) {
		t.Errorf("extract tells %v", got)
	}
	if got := spans["summarise"].About; got["aidoc.provider"] != "extractive" || got["aidoc.tokens"] != int64(0) {
		t.Errorf("summarise tells %v", got)
	}
	if got := spans["deliver"].About["aidoc.answer"]; got != "accepted" {
		t.Errorf("deliver tells %v", got)
	}
	for _, hidden := range []string{"xylophone", "council", "salaries"} {
		if bytes.Contains(c.Raw(), []byte(hidden)) {
			t.Errorf("the collector was told %q", hidden)
		}
	}
	close(headers)
	var got []string
	for h := range headers {
		got = append(got, h)
	}
	of := func(method, span string) bool {
		return slices.Contains(got, method+" 00-"+wptest.TraceOf(id)+"-"+spans[span].ID+"-01")
	}
	if len(got) != 2 || !of("GET", "download") || !of("POST", "deliver") {
		t.Errorf("the site saw %v", got)
	}
	if log := r.log.String(); !strings.Contains(log, "trace_id="+wptest.TraceOf(id)) {
		t.Errorf("the log names another trace:\n%s", log)
	}
}

func TestWhyADocumentFailedIsToldByItsCode(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("x.txt", "text/plain", []byte("no-pages"))
	c := r.traced(func() { r.await(id, wptest.Failed) })
	spans := c.Spans()
	for _, name := range []string{"extract", "document"} {
		if s := spans[name]; s.Error != "no_pages" || s.About["error.type"] != "no_pages" {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if got := spans["deliver"].About; got["aidoc.failure"] != "no_pages" || spans["deliver"].Parent != spans["document"].ID {
		t.Errorf("deliver: %+v", spans["deliver"])
	}
}
