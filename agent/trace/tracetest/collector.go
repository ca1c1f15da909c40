// Package tracetest is an OpenTelemetry collector for tests: it takes OTLP over HTTP and keeps what it was told.
package tracetest

import (
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Span is one that was told of. IDs are hexadecimal; Error is the description of a failed one.
type Span struct {
	Name, Trace, ID, Parent, Error string
	From, To                       time.Time
	About                          map[string]any
}

// Took is how long it was.
func (s Span) Took() time.Duration { return s.To.Sub(s.From) }

// Collector is the server.
type Collector struct {
	server *httptest.Server

	mu       sync.Mutex
	spans    []Span
	raw      []byte
	header   http.Header
	resource map[string]any
}

// New starts a collector that ends with the test.
func New(t testing.TB) *Collector {
	c := &Collector{}
	c.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("no request of OTLP: %s %s %v, %v", r.Method, r.URL, r.Header, err)
		}
		var told tracepb.TracesData
		if err := proto.Unmarshal(body, &told); err != nil {
			t.Errorf("no protobuf: %v", err)
		}
		c.take(r.Header, body, &told)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(c.server.Close)
	return c
}

// URL is for tracing.endpoint.
func (c *Collector) URL() string { return c.server.URL }

func (c *Collector) take(h http.Header, body []byte, told *tracepb.TracesData) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.header, c.raw = h.Clone(), append(c.raw, body...)
	for _, r := range told.ResourceSpans {
		c.resource = values(r.Resource.GetAttributes())
		for _, sc := range r.ScopeSpans {
			for _, s := range sc.Spans {
				span := Span{Name: s.Name, Trace: hex.EncodeToString(s.TraceId), ID: hex.EncodeToString(s.SpanId), Parent: hex.EncodeToString(s.ParentSpanId),
					From: time.Unix(0, int64(s.StartTimeUnixNano)), To: time.Unix(0, int64(s.EndTimeUnixNano)), About: values(s.Attributes)}
				if s.Status.GetCode() == tracepb.Status_STATUS_CODE_ERROR {
					span.Error = s.Status.Message
				}
				c.spans = append(c.spans, span)
			}
		}
	}
}

func values(list []*commonpb.KeyValue) map[string]any {
	out := map[string]any{}
	for _, kv := range list {
		switch v := kv.Value.Value.(type) {
		case *commonpb.AnyValue_StringValue:
			out[kv.Key] = v.StringValue
		case *commonpb.AnyValue_IntValue:
			out[kv.Key] = v.IntValue
		case *commonpb.AnyValue_DoubleValue:
			out[kv.Key] = v.DoubleValue
		case *commonpb.AnyValue_BoolValue:
			out[kv.Key] = v.BoolValue
		}
	}
	return out
}

// All are the spans so far, in the order in which they came.
func (c *Collector) All() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

// Spans are those by name, for a test of one lease.
func (c *Collector) Spans() map[string]Span {
	out := map[string]Span{}
	for _, s := range c.All() {
		out[s.Name] = s
	}
	return out
}

// Raw is every byte of every request.
func (c *Collector) Raw() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]byte(nil), c.raw...)
}

// Header is one of the last request's.
func (c *Collector) Header(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.header.Get(name)
}

// Resource is who told last.
func (c *Collector) Resource() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.resource)
}
