// Package trace tells an OpenTelemetry collector how the work on documents went: a span for each lease and, below it, one for each step, with
// numbers, words of ours and codes. It is never given a text, a file's name or a secret, and knows no job, no site and no model.
package trace

import (
	"context"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	otel "go.opentelemetry.io/otel/trace"
)

// flushTime is how long the end of a run waits for the collector.
const flushTime = time.Second

// Options say who is told, and of how much.
type Options struct {
	Endpoint string // of OTLP over HTTP, http://127.0.0.1:4318
	Headers  map[string]string
	Sample   float64 // the part of the documents that is told of: 1 is all of them
	Version  string  // of the agent
	Instance string  // its name
	Log      *slog.Logger
}

// Tracer tells of documents until it is closed.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   otel.Tracer
	client   *client
}

// New begins to tell. It contacts nobody: a collector that is away costs a line of the log now and then.
func New(opt Options) (*Tracer, error) {
	c, err := newClient(opt.Endpoint, opt.Headers, opt.Version)
	if err != nil {
		return nil, err
	}
	who := resource.NewSchemaless(attribute.String("service.name", "aidoc-agent"), attribute.String("service.version", opt.Version), attribute.String("service.instance.id", opt.Instance))
	p := sdk.NewTracerProvider(
		sdk.WithBatcher(&quiet{SpanExporter: otlptrace.NewUnstarted(c), log: opt.Log}, sdk.WithExportTimeout(uploadTime)),
		sdk.WithSampler(sdk.TraceIDRatioBased(opt.Sample)), // by the document alone: agents that follow each other on one decide alike
		sdk.WithIDGenerator(ids{}),
		sdk.WithResource(who),
	)
	return &Tracer{provider: p, tracer: p.Tracer("github.com/aidoc-pipeline/aidoc-agent"), client: c}, nil
}

// Probe asks the collector to take nothing, which shows whether it would take something.
func (t *Tracer) Probe(ctx context.Context) error { return t.client.UploadTraces(ctx, nil) }

// Close tells what is left, within a second.
func (t *Tracer) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), flushTime)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // quiet has said what there is to say
}

// Lease begins the span of the work under one lease. trace is the job's own, and is shared by all leases of the job.
func (t *Tracer) Lease(ctx context.Context, trace string, epoch int64, began time.Time, about ...any) (context.Context, func(code string, about ...any)) {
	ctx, span := t.tracer.Start(withIDs(ctx, trace, epoch), "document", otel.WithNewRoot(), otel.WithTimestamp(began), otel.WithAttributes(attributes(about)...))
	return ctx, ender(span)
}

// Step begins a span below ctx's.
func (t *Tracer) Step(ctx context.Context, name string, began time.Time, about ...any) (context.Context, func(code string, about ...any)) {
	ctx, span := t.tracer.Start(ctx, name, otel.WithTimestamp(began), otel.WithAttributes(attributes(about)...))
	return ctx, ender(span)
}

// Later is the context for what happens under a lease whose own context is over, even in another process.
func (t *Tracer) Later(ctx context.Context, trace string, epoch int64) context.Context {
	tid, sid := idsOf(trace, epoch)
	return otel.ContextWithRemoteSpanContext(ctx, otel.NewSpanContext(otel.SpanContextConfig{TraceID: tid, SpanID: sid, Remote: true}))
}

// ender ends a span. code is why it failed, or "".
func ender(span otel.Span) func(string, ...any) {
	return func(code string, about ...any) {
		span.SetAttributes(attributes(about)...)
		if code != "" {
			span.SetAttributes(attribute.String("error.type", code))
			span.SetStatus(codes.Error, code)
		}
		span.End()
	}
}

// longest is how long a text may be that is told: words of ours, a host, a type.
const longest = 200

// attributes are keys and values as in a line of the log. What is neither number, truth nor text is left out: nobody has looked at how it prints.
func attributes(about []any) (out []attribute.KeyValue) {
	for i := 0; i+1 < len(about); i += 2 {
		key := attribute.Key("aidoc." + about[i].(string))
		switch v := about[i+1].(type) {
		case int:
			out = append(out, key.Int(v))
		case int64:
			out = append(out, key.Int64(v))
		case float64:
			out = append(out, key.Float64(v))
		case bool:
			out = append(out, key.Bool(v))
		case string:
			out = append(out, key.String(v[:min(len(v), longest)]))
		}
	}
	return out
}
