package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

func TestOnlyWhatCameWhileWatchedIsCounted(t *testing.T) {
	from := time.Now()
	arrived := &results{at: []time.Time{from.Add(-time.Second), from, from.Add(troubleWindow), from.Add(troubleWatch - 1), from.Add(troubleWatch)}}
	team := &team{sites: []*fake{{results: arrived}}}
	if got := team.done(from); got.documents != 3 || got.slowest != 0 {
		t.Errorf("%+v, want 3 documents and an empty window", got)
	}
}

func TestTheDoorbellIsNoRequest(t *testing.T) {
	f := &fake{results: &results{}, trouble: wptest.BadGateway}
	for _, route := range []string{"", "/aidoc/v1/lease", "/aidoc/v1/result"} {
		r := httptest.NewRequest("POST", "/", nil)
		r.Header.Set("X-Aidoc-Route", route)
		if got := f.hook(r); got.Kind != wptest.BadGateway {
			t.Errorf("the site's trouble is %q", got.Kind)
		}
	}
	if f.bells.Load() != 1 || f.asked.Load() != 2 || len(f.results.at) != 1 {
		t.Errorf("%d looks, %d requests, %d results", f.bells.Load(), f.asked.Load(), len(f.results.at))
	}
}

func TestAHerdIsRatedByItsSteadyRate(t *testing.T) {
	at := time.Now()
	many := func(n int) (hits []bench.Hit) {
		for range n {
			hits = append(hits, bench.Hit{At: at})
		}
		return hits
	}
	h := &herd{agents: 100, times: herdTimes{steady: 100 * time.Second}, start: many(60), steady: many(200), back: many(40), again: many(80)}
	r := &bench.Report{}
	h.rows(r)
	// 2 a second steady; 4 a second when the site is back, 8 a second at a start after the first.
	if table := r.Markdown(); r.Missed() != 1 || !strings.Contains(table, "= 4.0 × steady") {
		t.Errorf("%d missed, want the start alone:\n%s", r.Missed(), table)
	}
}
