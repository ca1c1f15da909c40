package wpclient_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// calls does one of everything that an agent asks a site, and returns the errors by operation.
func calls(t *testing.T, c *wpclient.Client, lease wpclient.Lease) map[string]error {
	t.Helper()
	body, err := wpclient.EncodeResult(resultFor(lease))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]error{}
	_, out["lease"] = c.Lease(ctx(t), leaseRequest(uuid))
	_, out["beat"] = c.Beat(ctx(t), wpclient.BeatRequest{Held: []wpclient.Held{{LeaseRef: lease.Ref(), Phase: "ocr"}}})
	_, out["result"] = c.Result(ctx(t), body)
	_, out["fail"] = c.Fail(ctx(t), wpclient.FailRequest{LeaseRef: lease.Ref(), Class: "permanent", Code: "x", Message: "y"})
	_, out["release"] = c.Release(ctx(t), wpclient.ReleaseRequest{Leases: []wpclient.LeaseRef{lease.Ref()}, Reason: "x"})
	_, out["rotate"] = c.Rotate(ctx(t))
	_, out["echo"] = c.Echo(ctx(t))
	_, out["file"] = c.File(ctx(t), lease.Ref(), 0)
	return out
}

// Anybody between the agent and the site can make the site sign a refusal, by changing the request. Nothing
// follows from such a refusal, but the person who reads it learns what to look for.
func TestARefusalThatAnybodyCanCauseIsNotFinal(t *testing.T) {
	say := map[wptest.FaultKind]string{
		wptest.Queried: "appends", wptest.Overridden: "appends", wptest.Padded: "pads", wptest.Rewritten: "changed on its way", wptest.Rerouted: "changed on its way",
	}
	for _, kind := range wptest.OnPath {
		t.Run(string(kind), func(t *testing.T) {
			s := wptest.New(t)
			c := client(t, s, wpclient.Options{})
			lease := leaseOne(t, s, c, "%PDF")
			s.Fault(func(*http.Request) wptest.Fault { return wptest.Fault{Kind: kind} })
			for op, err := range calls(t, c, lease) {
				e := theError(t, err)
				if e.Kind != wpclient.Transient || (e.Signed && kind != wptest.Rerouted) || !strings.HasPrefix(e.Code, "aidoc_") {
					t.Errorf("%s: %+v", op, e)
				}
				if !strings.Contains(e.Message, say[kind]) || !strings.Contains(e.Message, "aidoc-agent doctor") {
					t.Errorf("%s: does not say what to do: %s", op, e.Message)
				}
			}
			_, err := wpclient.Join(ctx(t), s.Site(), s.NewToken(), agentInfo(), wpclient.Options{})
			if e := theError(t, err); e.Kind != wpclient.Transient {
				t.Errorf("join: %+v", e)
			}
			s.Fault(nil)
			if j := s.Job(lease.JobID); j.State != wptest.Leased || len(j.Failures) != 0 {
				t.Errorf("the site let a changed request through: %+v", j)
			}
			if errResult := calls(t, c, lease)["result"]; errResult != nil {
				t.Errorf("the same result after the middlebox is gone: %v", errResult)
			}
		})
	}
}
