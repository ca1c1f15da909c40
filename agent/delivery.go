package agent

import (
	"context"

	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// delivery is how outcomes go to one site: one by one, or several results at once where the site takes them so.
type delivery struct {
	Site
	contact *contact
	info    func() wpclient.AgentInfo
	obey    func(context.Context, wpclient.Directive)
}

var _ outbox.Several = (*delivery)(nil)

// TakesResults says what the last answer to a lease request did.
func (d *delivery) TakesResults() bool { return d.contact.takesField(wpclient.TakesResults) }

// NoResults: until an answer to a lease request names it again.
func (d *delivery) NoResults() { d.contact.forget(wpclient.TakesResults) }

// Results delivers several at once.
func (d *delivery) Results(ctx context.Context, bodies [][]byte) ([]wpclient.ResultOutcome, error) {
	resp, err := d.Site.Results(ctx, bodies, d.info())
	if err == nil && d.contact.answered(resp.Directive, nil) {
		d.obey(ctx, resp.Directive)
	}
	return resp.Outcomes, err
}
