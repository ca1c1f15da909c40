package agent_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// maintenance is WordPress' own page, which asks for ten minutes whatever it takes.
var maintenance = wptest.Fault{Kind: wptest.Unavailable, RetryAfter: 10 * time.Minute}

// TestMaintenanceDoesNotSilenceAnAgentWhoseBeatsAreAnswered: the leases met the maintenance page, the beats after it do not.
func TestMaintenanceDoesNotSilenceAnAgentWhoseBeatsAreAnswered(t *testing.T) {
	r := newRig(t)
	r.site.SetTiming(0, time.Second, 0)
	open, reached := make(chan struct{}), make(chan struct{}, 1)
	r.reader.gate = func(ctx context.Context, _ int) error {
		select {
		case reached <- struct{}{}:
		default:
		}
		select {
		case <-open:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	first := r.site.AddJob("a.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent())
	defer stop()
	<-reached
	met := make(chan struct{}, 1)
	r.site.Fault(func(q *http.Request) wptest.Fault {
		if !strings.HasSuffix(q.Header.Get("X-Aidoc-Route"), "/lease") {
			return wptest.Fault{}
		}
		select {
		case met <- struct{}{}:
		default:
		}
		return maintenance
	})
	<-met
	r.site.Fault(nil)
	second := r.site.AddJob("b.txt", "text/plain", doc(2))
	r.await(second, wptest.Leased)
	close(open)
	r.await(first, wptest.Done)
	r.await(second, wptest.Done)
}

// TestMaintenanceDoesNotSilenceAnIdleAgent: nothing is held; the web server still serves the doorbell, which rings when WordPress is back.
func TestMaintenanceDoesNotSilenceAnIdleAgent(t *testing.T) {
	r := newRig(t, wptest.Doorbell())
	stop, _ := start(t, r.agent())
	defer stop()
	r.awaitRequests(3) // the doorbell has been seen
	met := make(chan struct{}, 64)
	r.site.Fault(func(q *http.Request) wptest.Fault {
		if q.Header.Get("X-Aidoc-Route") == "" { // the doorbell
			return wptest.Fault{}
		}
		met <- struct{}{}
		return maintenance
	})
	<-met
	<-met
	r.site.Fault(nil)
	id := r.site.AddJob("a.txt", "text/plain", doc(1))
	r.await(id, wptest.Done)
}
