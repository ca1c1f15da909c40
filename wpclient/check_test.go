package wpclient_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// with changes one field of every lease in an answer.
func with(field string, value any) func(string, []byte) []byte {
	return func(route string, body []byte) []byte {
		var m map[string]any
		if json.Unmarshal(body, &m) != nil || m["leases"] == nil {
			return body
		}
		for _, l := range m["leases"].([]any) {
			at, name := l.(map[string]any), field
			if group, inner, ok := strings.Cut(field, "."); ok {
				at, name = at[group].(map[string]any), inner
			}
			at[name] = value
		}
		out, err := json.Marshal(m)
		if err != nil {
			panic(err)
		}
		return out
	}
}

func list(n int, v any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// TestLeasesThatMakeNoSense: signed, and still not taken. Where the lease can be named it can be given back.
func TestLeasesThatMakeNoSense(t *testing.T) {
	failure := map[string]any{"agent": "a", "class": "transient", "code": "x", "message": "m", "at_ms": 1}
	hostile := map[string]any{"agent": "a\x1b]0;x\x07", "class": "transient", "code": "x", "message": "m", "at_ms": 1}
	for _, c := range []struct {
		field  string
		value  any
		nobody bool // nothing is left that could be given back
	}{
		{"job_id", 0, true}, {"job_id", -1, true}, {"job_id", "1", true}, {"job_id", nil, true}, {"epoch", 0, true}, {"epoch", -5, true},
		{"lease_token", "", true}, {"lease_token", "short", true}, {"lease_token", strings.Repeat("a", 23), true}, {"lease_token", "aaaaaaaaaaaaaaaaaaaa\r\n", true},
		{"ttl_ms", -1, false}, {"ttl_ms", int64(1e18), false}, {"ttl_ms", 86_400_001, false}, {"ttl_ms", "120000", false}, {"ttl_ms", 0.5, false},
		{"ttl_ms", 0, false}, {"ttl_ms", 999, false},
		{"beat_ms", 0, false}, {"beat_ms", -1, false}, {"beat_ms", int64(1e18), false}, {"max_runtime_ms", -1, false}, {"max_runtime_ms", int64(1e18), false},
		{"attempt", -1, false}, {"max_attempts", 1_000_000, false}, {"attachment_id", -1, false},
		{"bytes", -1, false}, {"bytes", int64(1) << 60, false},
		{"sha256", "x", false}, {"sha256", strings.Repeat("A", 64), false}, {"sha256", strings.Repeat("a", 64) + "\n", false},
		{"filename", "a\x1b[2J.pdf", false}, {"filename", "a\r.pdf", false}, {"filename", "fdp.\u202egnp", false}, {"filename", "\u009b2J", false},
		{"filename", strings.Repeat("x", 1025), false}, {"title", "a\x00b", false}, {"title", "a\u2028b", false}, {"title", strings.Repeat("x", 4097), false},
		{"pages", map[string]int{"first": 0, "last": 3}, false}, {"pages", map[string]int{"first": 5, "last": 4}, false}, {"pages", map[string]int{"first": 1, "last": 1_000_001}, false}, {"pages", "1-3", false},
		{"instruction", strings.Repeat("ü", 501), false}, {"instruction", "for\nparents", false}, {"instruction", 7, false},
		{"mime", "application", false}, {"mime", "a/b\n", false}, {"mime", "text/" + strings.Repeat("x", 200), false},
		{"language", "de\x1b", false}, {"language", strings.Repeat("x", 65), false}, {"trace_id", "a b", false}, {"trace_id", strings.Repeat("x", 129), false},
		{"source.kind", "Site!", false}, {"source.url", "https://x/\x1b", false}, {"source.key", strings.Repeat("x", 1025), false}, {"source", "site", false},
		{"checkpoint", "x", false}, {"checkpoint", []int{1}, false}, {"checkpoint", map[string]string{"x": strings.Repeat("x", 16<<10)}, false},
		{"prior_failures", list(11, failure), false}, {"prior_failures", list(1, hostile), false}, {"prior_failures", "none", false},
	} {
		t.Run(fmt.Sprintf("%s=%.20q", c.field, fmt.Sprint(c.value)), func(t *testing.T) {
			s := wptest.New(t)
			cl := client(t, s, wpclient.Options{})
			id := s.AddJob("a.pdf", "application/pdf", []byte("x"))
			s.Rewrite(with(c.field, c.value))
			got, err := cl.Lease(ctx(t), leaseRequest(uuid))
			if err != nil || len(got.Leases) != 0 || len(got.Refused) != 1 {
				t.Fatalf("%+v, %v", got, err)
			}
			bad := got.Refused[0]
			if bad.Valid == c.nobody || bad.Err.Kind != wpclient.Invalid || bad.Err.Code != wpclient.CodeMalformed || !strings.Contains(bad.Err.Message, "job ") {
				t.Errorf("%+v", bad)
			}
			if strings.ContainsAny(bad.Err.Message, "\x1b\r\n\u202e") {
				t.Errorf("%q", bad.Err.Message)
			}
			if !bad.Valid {
				return
			}
			if back, err := cl.Release(ctx(t), wpclient.ReleaseRequest{Leases: []wpclient.LeaseRef{bad.Ref}, Reason: "x"}); err != nil || len(back.Released) != 1 || back.Released[0] != id {
				t.Errorf("%+v, %v", back, err)
			}
		})
	}
}

// What is unusual, and still right.
func TestLeasesThatAreUnusual(t *testing.T) {
	for _, c := range []struct {
		field string
		value any
	}{
		{"title", "تقرير \u200fعن \u202bالجسر\u202c"}, {"title", "می\u200cخواهم"}, {"title", ""}, {"instruction", strings.Repeat("ü", 500)}, {"filename", "Straße (1) – Entwurf.pdf"}, {"max_runtime_ms", 0}, {"bytes", 0},
		{"pages", map[string]int{"first": 1, "last": 20}}, {"pages", map[string]int{"first": 5}}, {"pages", nil},
		{"checkpoint", map[string]int{"v": 1}}, {"checkpoint", nil}, {"prior_failures", nil}, {"prior_failures", []any{}}, {"language", ""}, {"language", "zh-Hant-TW"},
		{"sha256", ""}, {"ttl_ms", 1000}, {"beat_ms", 500}, {"trace_id", ""}, {"source.kind", "ftp"}, {"something_new", map[string]int{"x": 1}},
	} {
		s := wptest.New(t)
		s.AddJob("a.pdf", "application/pdf", []byte("x"))
		s.Rewrite(with(c.field, c.value))
		if got, err := client(t, s, wpclient.Options{}).Lease(ctx(t), leaseRequest(uuid)); err != nil || len(got.Leases) != 1 || len(got.Refused) != 0 {
			t.Errorf("%s=%v: %+v, %v", c.field, c.value, got, err)
		}
	}
}

// One bad lease spoils none of the others; a job named twice counts once; nobody asks for more than 64.
func TestBadLeasesAmongGood(t *testing.T) {
	s := wptest.New(t)
	cl := client(t, s, wpclient.Options{})
	s.AddJob("a.pdf", "application/pdf", []byte("x"))
	s.Rewrite(func(route string, body []byte) []byte {
		var m map[string]any
		json.Unmarshal(body, &m)
		good := m["leases"].([]any)[0]
		m["leases"] = append([]any{7, "x", nil, []int{}, good, good}, list(70, map[string]any{})...)
		out, _ := json.Marshal(m)
		return out
	})
	got, err := cl.Lease(ctx(t), leaseRequest(uuid))
	if err != nil || len(got.Leases) != 1 || len(got.Refused) != 64 {
		t.Fatalf("%d good, %d refused, %v", len(got.Leases), len(got.Refused), err)
	}
	for _, r := range got.Refused {
		if r.Valid {
			t.Errorf("would be given back: %+v", r)
		}
	}
}

func TestTheRestOfALeaseAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		set  string
		good func(wpclient.LeaseResponse) bool
	}{
		"a pause of 30 million years": {`"next_poll_ms":1000000000000000000`, func(r wpclient.LeaseResponse) bool { return r.NextPollMS == 3600_000 }},
		"a negative pause":            {`"next_poll_ms":-1`, func(r wpclient.LeaseResponse) bool { return r.NextPollMS == 0 }},
		"a directive in colours":      {`"directive":"\u001b[31mrun"`, func(r wpclient.LeaseResponse) bool { return r.Directive == wpclient.DirectivePause }},
		"an endless directive":        {`"directive":"` + strings.Repeat("x", 33) + `"`, func(r wpclient.LeaseResponse) bool { return r.Directive == wpclient.DirectivePause }},
		"a directive of tomorrow":     {`"directive":"take_a_holiday"`, func(r wpclient.LeaseResponse) bool { return r.Directive == "take_a_holiday" }},
		"a doorbell that is no URL":   {`"doorbell":{"url":"\u0007"}`, func(r wpclient.LeaseResponse) bool { return r.Doorbell == nil }},
		"a doorbell with a user name": {`"doorbell":{"url":"https://a@b/x"}`, func(r wpclient.LeaseResponse) bool { return r.Doorbell == nil }},
		"a doorbell without an end":   {`"doorbell":{"url":"https://a/` + strings.Repeat("x", 9000) + `"}`, func(r wpclient.LeaseResponse) bool { return r.Doorbell == nil }},
		"control group: as it is sent": {`"leases":[]`, func(r wpclient.LeaseResponse) bool {
			return r.Directive == wpclient.DirectiveRun && r.NextPollMS == 2000
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := wptest.New(t)
			s.Rewrite(func(_ string, body []byte) []byte { // the last of two equal names counts
				return []byte(strings.TrimSuffix(string(body), "}") + "," + c.set + "}")
			})
			if got, err := client(t, s, wpclient.Options{}).Lease(ctx(t), leaseRequest(uuid)); err != nil || !c.good(got) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestBeatsThatMakeNoSense(t *testing.T) {
	for _, c := range []struct {
		field string
		value any
		good  bool
	}{
		{"ttl_ms", 0, false}, {"ttl_ms", -1, false}, {"ttl_ms", int64(1e18), false}, {"ttl_ms", "x", false}, {"beat_ms", 0, false}, {"beat_ms", int64(1e18), false},
		{"status", "fine", false}, {"status", "", false}, {"status", 1, false}, {"job_id", 0, false}, {"epoch", -1, false}, {"reason", "\x1b[2J", false},
		{"ttl_ms", 90_000, true}, {"status", "lost", true}, {"status", "cancel", true},
	} {
		s := wptest.New(t)
		cl := client(t, s, wpclient.Options{})
		l := leaseOne(t, s, cl, "x")
		s.Rewrite(with(c.field, c.value))
		got, err := cl.Beat(ctx(t), wpclient.BeatRequest{Held: []wpclient.Held{{LeaseRef: l.Ref(), Phase: "extract"}}})
		if err != nil || (len(got.Leases) == 1) != c.good || (len(got.Refused) == 1) == c.good {
			t.Errorf("%s=%v: %+v, %v", c.field, c.value, got, err)
		}
	}
}
