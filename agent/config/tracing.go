package config

import (
	"fmt"
	"net/url"
	"strings"
)

// checkTracing. Headers carry keys: they travel to this machine or by TLS.
func (c *Config) checkTracing(k *checks) {
	t := c.Tracing
	between(k, "tracing.sample", t.Sample, 0, 1)
	for i, h := range t.Headers {
		if _, _, ok := h.Header(); !ok {
			k.bad(fmt.Sprintf("tracing.headers[%d]", i), `is no header: write it like "Api-Key: 1234"`)
		}
	}
	if t.Endpoint == "" {
		return
	}
	u, err := url.Parse(t.Endpoint)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "":
		k.bad("tracing.endpoint", "is no address of a collector: write it like http://127.0.0.1:4318 or https://otlp.example.org")
	case u.User != nil:
		k.bad("tracing.endpoint", "has a user name in it: put what the collector wants to see into tracing.headers")
	case strings.HasSuffix(u.Path, "/v1/metrics") || strings.HasSuffix(u.Path, "/v1/logs"):
		k.bad("tracing.endpoint", "is the address for something else than traces: leave the path out")
	case u.Port() == "4317":
		k.bad("tracing.endpoint", "is the port of OTLP over gRPC: use that of OTLP over HTTP, usually 4318")
	case u.Scheme == "http" && len(t.Headers) > 0 && !loopback(t.Endpoint):
		k.bad("tracing.endpoint", "has no TLS, and tracing.headers would travel in the clear: use https, or a collector on this machine")
	}
}
