package cli

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

// checkTracing asks the collector, where there is one. Without it documents are worked on all the same.
func checkTracing(ctx context.Context, cfg *config.Config, version string) []finding {
	t, err := newTracer(cfg, version, slog.New(slog.DiscardHandler))
	if t == nil && err == nil {
		return nil
	}
	f := finding{what: "tracing", code: exitUsage, err: err}
	if err != nil {
		return []finding{f}
	}
	defer t.Close()
	if err := t.Probe(ctx); err != nil {
		f.warn = fmt.Sprintf("the collector at %s takes no traces: %v; documents are worked on all the same", cfg.Tracing.Endpoint, err)
		f.cure = "tracing.endpoint must be its address for OTLP over HTTP (usually port 4318), reached from this machine; a vendor's wants its key in tracing.headers"
		return []finding{f}
	}
	f.note = fmt.Sprintf("%s takes traces; told of %g of the documents", cfg.Tracing.Endpoint, cfg.Tracing.Sample)
	return []finding{f}
}
