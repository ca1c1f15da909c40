package outbox

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/site"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// deliver sends one item; false when the site gave no answer that counts.
func (o *Outbox) deliver(ctx context.Context, to Sender, it journal.Item) bool {
	post, err := o.send(ctx, to, it)
	switch {
	case ctx.Err() != nil:
		return false
	case err == nil || site.IsFinal(err):
		o.conclude(ctx, to, it, post, err)
		return true
	}
	o.rest(ctx, it, err)
	return false
}

// send is one attempt; it returns the id of the post that a result became.
func (o *Outbox) send(ctx context.Context, to Sender, it journal.Item) (post int64, err error) {
	if it.Kind == journal.KindResult {
		r, err := to.Result(ctx, it.Body)
		return r.PostID, err
	}
	var f wpclient.FailRequest
	if err = json.Unmarshal(it.Body, &f); err == nil {
		_, err = to.Fail(ctx, f)
	}
	return 0, err
}

// conclude ends an item about which the site has spoken: refusal is nil where it took it.
func (o *Outbox) conclude(ctx context.Context, to Sender, it journal.Item, post int64, refusal error) {
	o.concluded(ctx, to, Conclusion{Item: it, Refusal: refusal, Settled: o.settle(ctx, it, refusal)}, post)
}

// concluded tells everybody of an item's end.
func (o *Outbox) concluded(ctx context.Context, to Sender, c Conclusion, post int64) {
	it, refusal := c.Item, c.Refusal
	log := o.logOf(it).With("epoch", it.Epoch, "kind", string(it.Kind))
	if refusal == nil {
		log.Info("delivered", "post_id", post)
	} else {
		log.Warn("site refused the outcome; artifacts are kept", "error", refusal.Error())
	}
	o.opt.Concluded(ctx, c)
	if it.Kind == journal.KindResult && wpclient.KindOf(refusal) == wpclient.Invalid {
		o.failInvalid(ctx, to, it)
	}
}

func (o *Outbox) logOf(it journal.Item) *slog.Logger {
	return o.opt.Log.With("site", it.Site, "job_id", it.JobID)
}

// failInvalid tells the site that a result it calls malformed will not come again: without this
// the job would be leased, worked off and refused for ever.
func (o *Outbox) failInvalid(ctx context.Context, to Sender, it journal.Item) {
	var ref wpclient.LeaseRef
	if json.Unmarshal(it.Body, &ref) != nil {
		return
	}
	f := &failure.Failure{Permanent: true, Code: "result_refused", Message: "The site does not understand this agent's result: update the plugin and the agent to matching versions."}
	if _, err := to.Fail(ctx, f.Request(ref)); err != nil {
		o.logOf(it).Warn("site did not take the failure", "error", err.Error())
	}
}

// settle tells the journal of an item's end, delivered or buried, and whether it took note.
func (o *Outbox) settle(ctx context.Context, it journal.Item, refusal error) bool {
	var err error
	if refusal == nil {
		err = o.opt.Journal.Delivered(ctx, it.ID)
	} else {
		err = o.opt.Journal.Bury(ctx, it.ID, refusal.Error())
	}
	o.answered(it.Site)
	return o.noted(ctx, it, err)
}

// noted tells whether the journal took note of an item's end.
func (o *Outbox) noted(ctx context.Context, it journal.Item, err error) bool {
	if err != nil {
		o.unsettled.Add(1)
	}
	if err != nil && ctx.Err() == nil {
		o.logOf(it).Error("outbox item could not be settled; it will be sent again, which is harmless", "error", err.Error())
	}
	return err == nil
}
