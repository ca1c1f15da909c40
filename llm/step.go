package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

const (
	retryBase     = time.Second
	retryCap      = time.Minute
	maxAsked      = 24 * time.Hour  // what is read of a provider's Retry-After
	maxRetryAfter = 5 * time.Minute // a provider that asks for more is answered by a failed, retryable document
)

// cacheKey is the content address of a step: whatever could change the answer is in it.
func (e *Engine) cacheKey(p Prompt) string {
	// JSON keeps the fields apart: no two different inputs give the same bytes.
	b, err := json.Marshal([]any{PromptVersion, e.provider.Name(), e.provider.Model(), e.cfg.BaseURL, e.cfg.Temperature, p.MaxTokens, p.System, p.User})
	if err != nil {
		panic(err) // strings and numbers only
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// attempt calls the provider until it answers, says no for good, or the attempts are used up.
func (r *run) attempt(ctx context.Context, p Prompt) (Completion, error) {
	in := r.promptTokens(p)
	pace := backoff.New(retryBase, retryCap)
	for n := 1; ; n++ {
		c, err := r.once(ctx, p, in)
		if err == nil {
			return c, nil
		}
		var e *Error
		if ctx.Err() != nil || !errors.As(err, &e) || !e.Retryable || n >= r.attempts() {
			return Completion{}, err
		}
		if e.RetryAfter > maxRetryAfter {
			return Completion{}, err
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

func (r *run) once(ctx context.Context, p Prompt, in int) (Completion, error) {
	if err := r.limit.acquire(ctx); err != nil {
		return Completion{}, err
	}
	if err := r.spend.reserve(in, p.MaxTokens); err != nil {
		r.limit.release(false, false, 0)
		return Completion{}, err
	}
	// A sibling's failure ends the waiting (ctx), not a call under way (r.base): that one is paid.
	callCtx, cancel := withPatience(r.base, r.callTimeout())
	c, err := r.provider.Complete(callCtx, p)
	cancel()
	if err != nil && r.base.Err() != nil {
		err = context.Cause(r.base)
	}
	var e *Error
	limited := errors.As(err, &e) && e.Code == CodeRateLimited
	var after time.Duration
	if e != nil {
		after = min(e.RetryAfter, maxRetryAfter)
	}
	r.limit.release(err == nil, limited, after)
	if err != nil {
		r.spend.settle(in, p.MaxTokens, &c) // an empty answer or a refusal is billed all the same
		return Completion{}, err
	}
	if c.TokensIn == 0 { // servers that report no usage
		c.TokensIn, c.TokensOut = in, r.count(c.Text)
	}
	r.spend.settle(in, p.MaxTokens, &c)
	return c, nil
}
