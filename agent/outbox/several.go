package outbox

import (
	"context"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Several is a Sender to a site that may take several results in one request.
type Several interface {
	Sender
	// TakesResults tells whether it does now. NoResults is told when it turned out not to.
	TakesResults() bool
	NoResults()
	// Results delivers what Result would one by one. The outcomes are in the same order; an error says nothing of any of them.
	Results(ctx context.Context, bodies [][]byte) ([]wpclient.ResultOutcome, error)
}

func takesSeveral(to Sender) bool {
	s, ok := to.(Several)
	return ok && s.TakesResults()
}

// deliverSome sends the first items, as many as go together, and returns how many those were; false when the site gave no answer that counts.
func (o *Outbox) deliverSome(ctx context.Context, to Sender, items []journal.Item) (n int, ok bool) {
	if ctx.Err() != nil {
		return 0, false
	}
	if takesSeveral(to) {
		n = together(items)
	}
	if n < 2 {
		return 1, o.deliver(ctx, to, items[0])
	}
	return n, o.deliverTogether(ctx, to.(Several), items[:n])
}

// together is how many items from the first on go out in one request: results, within its limits.
func together(items []journal.Item) (n int) {
	size := 0
	for _, it := range items[:min(len(items), wpclient.MaxResults)] {
		if size += len(it.Body) + 1; it.Kind != journal.KindResult || size > wpclient.MaxResultsBytes {
			break
		}
		n++
	}
	return n
}

// deliverTogether sends several results in one request. Each ends, or is sent again, by its own answer.
func (o *Outbox) deliverTogether(ctx context.Context, to Several, items []journal.Item) bool {
	bodies := make([][]byte, len(items))
	for i, it := range items {
		bodies[i] = it.Body
	}
	out, err := to.Results(ctx, bodies)
	switch {
	case ctx.Err() != nil:
		return false
	case wpclient.IsNoRoute(err):
		o.opt.Log.Info("the site takes no results together; each is sent alone", "site", items[0].Site, "error", err.Error())
		to.NoResults()
		return o.deliverEach(ctx, to, items)
	case err != nil:
		o.rest(ctx, items[0], err)
		return false
	}
	o.concludeAll(ctx, to, items, out)
	return true
}

func (o *Outbox) deliverEach(ctx context.Context, to Sender, items []journal.Item) bool {
	for _, it := range items {
		if !o.deliver(ctx, to, it) {
			return false
		}
	}
	return true
}

// concludeAll ends every item of a request by its own answer. What was taken is settled in one transaction.
func (o *Outbox) concludeAll(ctx context.Context, to Sender, items []journal.Item, out []wpclient.ResultOutcome) {
	var taken []string
	for i, r := range out {
		if r.Err == nil {
			taken = append(taken, items[i].ID)
		}
	}
	var err error
	if len(taken) > 0 {
		err = o.opt.Journal.Delivered(ctx, taken...)
		o.answered(items[0].Site)
	}
	for i, r := range out {
		switch it := items[i]; {
		case r.Err == nil:
			o.concluded(ctx, to, Conclusion{Item: it, Settled: o.noted(ctx, it, err)}, r.PostID)
		case site.IsFinal(r.Err):
			o.conclude(ctx, to, it, 0, r.Err)
		case len(taken) == 0 && i == 0:
			o.rest(ctx, it, r.Err) // perhaps it takes nothing now
		default:
			o.sendAgain(ctx, it, r.Err)
		}
	}
}

// sendAgain postpones one item of a site that takes others.
func (o *Outbox) sendAgain(ctx context.Context, it journal.Item, err error) {
	b := backoff.New(o.opt.RetryMin, 60*o.opt.RetryMin)
	for range min(it.Attempts, 8) {
		b.Next(0)
	}
	wait := site.WaitAfter(b, err)
	o.lookAgain(wait)
	o.postpone(ctx, it, wait, err)
}
