package llm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/price"
)

// probeTime bounds one probe of an account that was stopped or is suspected.
const probeTime = 30 * time.Second

// Outage is why no model is called: a fault of the provider or the account, which every document would meet.
type Outage struct {
	Account string // provider, host, a fingerprint of the key
	Code    Code
	Message string // one sentence that says what to do
	Since   time.Time
	Next    time.Time // when it is tried again
}

// Outage tells whether calls are stopped.
func (e *Engine) Outage() (Outage, bool) {
	o, ok := e.account.Outage()
	if !ok {
		return Outage{}, false
	}
	out := Outage{Account: e.account.Name, Since: o.Since, Next: o.Next, Message: o.Reason.Error()}
	var why *Error
	if errors.As(o.Reason, &why) {
		out.Code, out.Message = why.Code, why.Message
	}
	return out, true
}

// Watch tries a stopped account again, with growing pauses, until ctx ends. What that costs is held against ledger and booked there. changed is
// called whenever an outage begins or ends.
func (e *Engine) Watch(ctx context.Context, ledger Ledger, changed func()) {
	was := false
	for ctx.Err() == nil {
		news := e.account.Changed()
		o, out := e.account.Outage()
		if out != was {
			was = out
			changed()
		}
		if !out {
			select {
			case <-news:
			case <-ctx.Done():
			}
			continue
		}
		if wait := o.Next.Sub(e.clock.Now()); wait > 0 {
			_ = e.clock.Sleep(ctx, wait) // ended early: so does the loop
			continue
		}
		e.probe(ctx, ledger)
	}
}

// probe asks a stopped account for one short answer. Where that may not be paid for, the next one is put off like after any other refusal.
func (e *Engine) probe(ctx context.Context, ledger Ledger) {
	err := e.payProbe(ctx, ledger)
	if ctx.Err() != nil {
		return
	}
	if o, out := e.account.Outage(); out && errors.Is(err, errUnpaid) {
		e.account.Tried(o.Reason, 0)
		return
	}
	if why := hurtsAll(err); why != nil {
		e.account.Tried(why, why.RetryAfter)
		return
	}
	e.account.Tried(nil, 0)
}

// errUnpaid says that a probe was not made, because a cap leaves no money for it or the ledger cannot be written.
var errUnpaid = errors.New("no probe was made")

// payProbe makes one short call that is reserved and booked like every other one. Its error is the provider's, or wraps errUnpaid.
func (e *Engine) payProbe(ctx context.Context, ledger Ledger) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	in := e.promptTokens(probePrompt)
	id, err := ledger.Reserve(ctx, e.tariff.charge(price.Usage{In: in, Out: probePrompt.MaxTokens}))
	if err != nil {
		return fmt.Errorf("%w: %w", errUnpaid, err)
	}
	c, err := e.check(ctx)
	if err == nil && c.TokensIn == 0 { // servers that report no usage
		c.TokensIn, c.TokensOut = in, e.count(c.Text)
	}
	if ctx.Err() != nil && c.TokensIn == 0 {
		c.TokensIn = in // what was sent was read, whether or not the answer arrived
	}
	ledger.Settle(id, e.tariff.charge(price.Usage{In: c.TokensIn, Cached: c.TokensCached, Out: c.TokensOut}))
	return err
}

// hurtsAll is a fault that the next document would meet as well, or nil: the provider refuses the account, or answers nobody.
func hurtsAll(err error) *Error {
	var e *Error
	if errors.As(err, &e) && (e.refusesAccount() || e.Retryable) {
		return e.ofAccount()
	}
	return nil
}

// refusesAccount: no call with this key, model and address will succeed until somebody acts.
func (e *Error) refusesAccount() bool {
	switch e.Code {
	case CodeQuota, CodeAuth, CodeRegion, CodeNotFound:
		return true
	}
	return false
}

// ofAccount marks a copy of the error.
func (e *Error) ofAccount() *Error {
	c := *e
	c.Account = true
	return &c
}

// blame decides what a call's failure says about the account, and stops the account where it is to blame.
func (r *run) blame(e *Error) *Error {
	switch {
	case e.Account:
		return e
	case e.refusesAccount(), e.Retryable && e.RetryAfter > maxRetryAfter:
		e = e.ofAccount()
		r.account.Stop(e, e.RetryAfter)
	}
	return e
}

// suspect finds out, after a call has failed in every try, whether it was the document's fault: one that the provider chokes on must not stop
// the others, and one that met a provider that is down must not lose an attempt.
func (r *run) suspect(ctx context.Context, e *Error) *Error {
	unlock, err := r.keys.lock(ctx, "suspect")
	if err != nil {
		return e
	}
	defer unlock()
	if o, out := r.account.Outage(); out {
		if why := hurtsAll(o.Reason); why != nil {
			return why
		}
	}
	err = r.payProbe(ctx, r.ledger)
	if errors.Is(err, errUnpaid) {
		return e
	}
	why := hurtsAll(err)
	if why == nil || ctx.Err() != nil {
		return e
	}
	r.account.Stop(why, why.RetryAfter)
	return why
}
