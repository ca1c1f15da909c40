package trace

import (
	"context"
	"log/slog"
	"sync"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// troubleEvery is how often the log says that the collector takes nothing.
const troubleEvery = 10 * time.Minute

// quiet keeps the SDK from logging by itself, with each batch.
type quiet struct {
	sdk.SpanExporter
	log *slog.Logger

	mu   sync.Mutex
	lost int       // spans since the last line
	next time.Time // when the next line may come
}

// ExportSpans implements sdk.SpanExporter.
func (q *quiet) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := q.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lost += len(spans)
	if now := time.Now(); now.After(q.next) {
		q.log.Warn("the collector of traces takes no spans; documents are worked on all the same. Look at tracing.endpoint", "error", err.Error(), "spans_lost", q.lost)
		q.next, q.lost = now.Add(troubleEvery), 0
	}
	return nil
}
