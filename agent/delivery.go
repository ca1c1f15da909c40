package agent

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// delivery is how outcomes go to one site: one by one, or several results at once where the site takes them so. Each try is a span of its
// document, as long as this process still holds the lease.
type delivery struct {
	Site
	contact *contact
	held    *heldLeases
	tracing pipeline.Tracing
	info    func() wpclient.AgentInfo
	obey    func(context.Context, wpclient.Directive)
}

var _ outbox.Several = (*delivery)(nil)

// TakesResults says what the last answer to a lease request did.
func (d *delivery) TakesResults() bool { return d.contact.takesField(wpclient.TakesResults) }

// NoResults: until an answer to a lease request names it again.
func (d *delivery) NoResults() { d.contact.forget(wpclient.TakesResults) }

// Result delivers one.
func (d *delivery) Result(ctx context.Context, body []byte) (wpclient.ResultResponse, error) {
	ctx, ended := d.step(ctx, body)
	resp, err := d.Site.Result(ctx, body)
	ended(wordOf(err), "answer", resp.Status)
	return resp, err
}

// Fail delivers a failure.
func (d *delivery) Fail(ctx context.Context, req wpclient.FailRequest) (wpclient.FailResponse, error) {
	ctx, ended := d.under(ctx, req.LeaseRef)
	resp, err := d.Site.Fail(ctx, req)
	ended(wordOf(err), "answer", resp.State, "failure", req.Code)
	return resp, err
}

// Results delivers several at once. The request belongs to no one of their traces.
func (d *delivery) Results(ctx context.Context, bodies [][]byte) ([]wpclient.ResultOutcome, error) {
	ends := make([]func(string, ...any), 0, len(bodies))
	for _, b := range bodies {
		_, ended := d.step(ctx, b)
		ends = append(ends, ended)
	}
	resp, err := d.Site.Results(ctx, bodies, d.info())
	for i, ended := range ends {
		one, answer := err, ""
		if i < len(resp.Outcomes) {
			one, answer = resp.Outcomes[i].Err, resp.Outcomes[i].Status
		}
		ended(wordOf(one), "answer", answer, "together", len(bodies))
	}
	if err == nil && d.contact.answered(resp.Directive, nil) {
		d.obey(ctx, resp.Directive)
	}
	return resp.Outcomes, err
}

// step begins the span of a result's delivery.
func (d *delivery) step(ctx context.Context, body []byte) (context.Context, func(string, ...any)) {
	var ref wpclient.LeaseRef
	if d.tracing == (pipeline.Untraced{}) || json.Unmarshal(body, &ref) != nil {
		return ctx, func(string, ...any) {}
	}
	return d.under(ctx, ref)
}

// under begins the span of a delivery below that of the lease.
func (d *delivery) under(ctx context.Context, ref wpclient.LeaseRef) (context.Context, func(string, ...any)) {
	h := d.held.get(ref.JobID)
	if h == nil || h.Lease.Epoch != ref.Epoch {
		return ctx, func(string, ...any) {}
	}
	return d.tracing.Step(d.tracing.Later(ctx, h.Lease.TraceID, h.Lease.Epoch), "deliver", time.Now())
}

// wordOf is a site's error as a word for machines: its code, or what kind it is.
func wordOf(err error) string {
	if err == nil {
		return ""
	}
	return cmp.Or(wpclient.CodeOf(err), string(wpclient.KindOf(err)), "interrupted")
}
