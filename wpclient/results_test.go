package wpclient_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// threeResults are the bodies of results of three leases.
func threeResults(t *testing.T, s *wptest.Site, c *wpclient.Client) (bodies [][]byte, jobs []int64) {
	t.Helper()
	for range 3 {
		s.AddJob("Report.pdf", "application/pdf", []byte("%PDF"))
	}
	req := leaseRequest(uuid)
	req.FreeSlots = 3
	got, err := c.Lease(ctx(t), req)
	if err != nil || len(got.Leases) != 3 {
		t.Fatalf("%v, %d leases", err, len(got.Leases))
	}
	for i, l := range got.Leases {
		r := resultFor(l)
		r.ResultID = "7c9e6679-7425-40de-944b-e07fc1f90ae" + string(rune('1'+i))
		r.Timings = &wpclient.Timings{Download: 5, OCR: 70}
		body, err := wpclient.EncodeResult(r)
		if err != nil {
			t.Fatal(err)
		}
		bodies, jobs = append(bodies, body), append(jobs, l.JobID)
	}
	return bodies, jobs
}

func TestSeveralResultsHaveEachTheirAnswer(t *testing.T) {
	s := wptest.New(t)
	c := s.Client(wpclient.Options{})
	bodies, jobs := threeResults(t, s, c)
	s.Cancel(jobs[1])
	s.FailEntries(func(i int) bool { return i == 2 })
	resp, err := c.Results(ctx(t), bodies, wpclient.AgentInfo{Version: "1.0.0"})
	if err != nil || resp.Directive != wpclient.DirectiveRun {
		t.Fatalf("%v, %q", err, resp.Directive)
	}
	out := resp.Outcomes
	if out[0].Err != nil || out[0].Status != "accepted" || out[0].JobID != jobs[0] || out[0].PostID == 0 {
		t.Errorf("first: %+v", out[0])
	}
	if wpclient.KindOf(out[1].Err) != wpclient.Cancelled {
		t.Errorf("second: %v", out[1].Err)
	}
	if !wpclient.IsTransient(out[2].Err) {
		t.Errorf("third: %v", out[2].Err)
	}
	// One that was taken together may come alone the next time, and the other way round.
	s.FailEntries(nil)
	if r, err := c.Result(ctx(t), bodies[0]); err != nil || r.Status != "already_accepted" {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := c.Result(ctx(t), bodies[2]); err != nil || r.Status != "accepted" {
		t.Errorf("%+v, %v", r, err)
	}
	resp, err = c.Results(ctx(t), [][]byte{bodies[2], bodies[2]}, wpclient.AgentInfo{})
	if err != nil || resp.Outcomes[0].Status != "already_accepted" || resp.Outcomes[1].Status != "already_accepted" {
		t.Errorf("%+v, %v", resp, err)
	}
}

func TestAnAnswerAboutAnotherResultSaysNothing(t *testing.T) {
	for name, swap := range map[string]func(string, []byte) []byte{
		"entries in another order": func(route string, body []byte) []byte { return reorder(t, route, body) },
		"about another job": func(route string, body []byte) []byte {
			return replaceIn(route, body, `"job_id":`, `"job_id":9`)
		},
		"a status that is none": func(route string, body []byte) []byte {
			return replaceIn(route, body, `"status":"accepted"`, `"status":"perhaps"`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := wptest.New(t)
			c := s.Client(wpclient.Options{})
			bodies, _ := threeResults(t, s, c)
			s.Rewrite(swap)
			resp, err := c.Results(ctx(t), bodies[:2], wpclient.AgentInfo{})
			if err != nil {
				t.Fatal(err)
			}
			for i, o := range resp.Outcomes {
				if !wpclient.IsTransient(o.Err) {
					t.Errorf("entry %d: %+v", i, o)
				}
			}
		})
	}
}

func TestAnAnswerWithTooFewEntriesSaysNothing(t *testing.T) {
	s := wptest.New(t)
	c := s.Client(wpclient.Options{})
	bodies, _ := threeResults(t, s, c)
	s.Rewrite(func(route string, body []byte) []byte { return dropLast(t, route, body) })
	if _, err := c.Results(ctx(t), bodies, wpclient.AgentInfo{}); !wpclient.IsTransient(err) || wpclient.IsNoRoute(err) {
		t.Errorf("%v", err)
	}
}

func TestAnOlderSiteHasNoRouteForSeveral(t *testing.T) {
	s := wptest.New(t, wptest.WithoutOnly())
	c := s.Client(wpclient.Options{})
	got, err := c.Lease(ctx(t), leaseRequest(uuid))
	if err != nil || len(got.Takes) != 0 {
		t.Fatalf("%v, takes %v", err, got.Takes)
	}
	if _, err := c.Results(ctx(t), [][]byte{[]byte(`{"job_id":1}`)}, wpclient.AgentInfo{}); !wpclient.IsNoRoute(err) {
		t.Errorf("%v", err)
	}
}

// entries changes the entries of an answer to several results.
func entries(t *testing.T, route string, body []byte, change func([]json.RawMessage) []json.RawMessage) []byte {
	if route != "/aidoc/v1/results" {
		return body
	}
	var answer map[string]json.RawMessage
	var list []json.RawMessage
	if json.Unmarshal(body, &answer) != nil || json.Unmarshal(answer["results"], &list) != nil {
		t.Errorf("no answer to several results: %s", body)
		return body
	}
	answer["results"], _ = json.Marshal(change(list))
	out, _ := json.Marshal(answer)
	return out
}

func reorder(t *testing.T, route string, body []byte) []byte {
	return entries(t, route, body, func(list []json.RawMessage) []json.RawMessage {
		slices.Reverse(list)
		return list
	})
}

func dropLast(t *testing.T, route string, body []byte) []byte {
	return entries(t, route, body, func(list []json.RawMessage) []json.RawMessage { return list[:len(list)-1] })
}

func replaceIn(route string, body []byte, old, with string) []byte {
	if route != "/aidoc/v1/results" {
		return body
	}
	return bytes.ReplaceAll(body, []byte(old), []byte(with))
}
