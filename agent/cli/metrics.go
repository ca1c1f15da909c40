package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
)

// serveMetrics opens the endpoint of Prometheus and of probes (/healthz, /readyz), the only port the agent can ever open; it is off
// unless metrics.listen is set. The returned func closes it.
func serveMetrics(listen string, a *agent.Agent, reg *prometheus.Registry, log *slog.Logger) (stop func(), err error) {
	if listen == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, withCode(exitMachine, fmt.Errorf("metrics.listen %s cannot be used: %w", listen, err))
	}
	mux := healthHandler(a)
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics ended", "error", err.Error())
		}
	}()
	log.Info("metrics", "listen", l.Addr().String())
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = srv.Shutdown(ctx) // what is left of it ends with the process
	}, nil
}
