package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/account"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/price"
)

const (
	retryBase     = time.Second
	retryCap      = time.Minute
	maxAsked      = 24 * time.Hour  // what is read of a provider's Retry-After
	maxRetryAfter = 5 * time.Minute // a provider that asks for more is left alone by all documents
)

// cacheKey is the content address of a step: whatever could change the answer is in it.
func (e *Engine) cacheKey(p Prompt) string {
	return contentKey(PromptVersion, e.provider.Name(), e.provider.Model(), e.cfg.BaseURL, e.cfg.Temperature, p.MaxTokens, p.System, p.User)
}

// contentKey hashes fields. JSON keeps them apart: no two different inputs give the same bytes.
func contentKey(fields ...any) string {
	b, err := json.Marshal(fields)
	if err != nil {
		panic(err) // strings and numbers only
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// call is one paid request: what it may take at most, and how it is made.
type call struct {
	tariff  tariff
	in, out int // tokens, at most; no output is billed where out is 0
	do      func(context.Context) (Completion, error)
}

// asking is the call that puts a prompt to the model.
func (r *run) asking(p Prompt) call {
	return call{tariff: r.tariff, in: r.promptTokens(p), out: p.MaxTokens, do: func(ctx context.Context) (Completion, error) { return r.provider.Complete(ctx, p) }}
}

// attempt makes a call until it is answered, refused for good, answered without an end, or the attempts are used up.
func (r *run) attempt(ctx context.Context, what call) (Completion, error) {
	pace := backoff.New(retryBase, retryCap)
	for n := 1; ; n++ {
		c, err := r.once(ctx, what)
		if err == nil {
			return c, nil
		}
		var e *Error
		if ctx.Err() != nil || !errors.As(err, &e) || !e.Retryable || e.Account {
			return Completion{}, err
		}
		if n >= r.attempts() || e.noEnd {
			return Completion{}, r.suspect(ctx, e)
		}
		wait := pace.Next(0)
		if e.RetryAfter > 0 {
			wait = backoff.Spread(e.RetryAfter)
		}
		if err := r.clock.Sleep(ctx, wait); err != nil {
			return Completion{}, err
		}
	}
}

// once makes one call: it waits for its turn, reserves what the call may cost at most, and books what it did cost.
func (r *run) once(ctx context.Context, what call) (Completion, error) {
	if err := r.account.Acquire(ctx, what.in+what.out); err != nil {
		return Completion{}, err
	}
	id, err := r.ledger.Reserve(ctx, what.tariff.charge(price.Usage{In: what.in, Out: what.out}))
	if err != nil {
		r.account.Release(account.Outcome{})
		return Completion{}, err
	}
	// A sibling's failure ends the waiting (ctx), not a call under way (r.base): that one is paid.
	began := r.clock.Now()
	callCtx, cancel := withPatience(withHeaders(r.base, r.account.Observe), r.callTimeout())
	c, err := what.do(callCtx)
	givenUp := callCtx.Err() != nil
	cancel()
	if err == nil && c.TokensIn == 0 { // servers that report no usage
		c.TokensIn = what.in
		if what.out > 0 {
			c.TokensOut = r.count(c.Text)
		}
	}
	if err != nil && r.base.Err() != nil {
		err = context.Cause(r.base)
	}
	var e *Error
	if errors.As(err, &e) && c.TokensIn == 0 && (givenUp || e.Billed) || givenUp && e == nil {
		c.TokensIn = what.in // what was sent was read, whether or not the answer arrived
	}
	used := what.tariff.charge(price.Usage{In: c.TokensIn, Cached: c.TokensCached, Out: c.TokensOut})
	r.ledger.Settle(id, used)
	r.spend.add(used)
	outcome := account.Outcome{OK: err == nil, Took: r.clock.Now().Sub(began)}
	if e != nil {
		// A server that is silent for too long has more to do than it can: a local one that answers one question after another, mostly.
		outcome.Limited, outcome.RetryAfter = e.Code == CodeRateLimited || givenUp && r.base.Err() == nil, min(e.RetryAfter, maxRetryAfter)
	}
	r.account.Release(outcome)
	if e != nil {
		return Completion{}, r.blame(e)
	}
	return c, err
}
