// Package account is what all calls with one key at one provider share: how many run at a time, how fast new ones begin, and whether
// any is made at all. It knows neither prompts nor answers.
package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"time"
)

// Clock is the time that waits go by.
type Clock interface {
	Now() time.Time
	// Sleep waits for d or until ctx ends, and then returns the cause.
	Sleep(ctx context.Context, d time.Duration) error
}

// Account is safe for concurrent use.
type Account struct {
	Name string // for logs and metrics: provider, host, a fingerprint of the key

	limiter *limiter
	breaker *breaker
}

// New makes the account of a key at a provider; baseURL is "" for the provider's own address.
func New(provider, baseURL, key string, calls Bounds, c Clock) *Account {
	return &Account{Name: name(provider, baseURL, key), limiter: newLimiter(calls, c), breaker: newBreaker(c)}
}

func name(provider, baseURL, key string) string {
	n := provider
	if u, err := url.Parse(baseURL); err == nil && u.Host != "" {
		n += "/" + u.Host
	}
	if key == "" {
		return n
	}
	sum := sha256.Sum256([]byte(key)) // of a random key: nobody finds it from eight digits of its hash
	return n + "/" + hex.EncodeToString(sum[:4])
}

// Acquire waits until a call that may take so many tokens can be made; the caller must Release it. Its error is the cause of ctx, or
// the reason that Stop was given.
func (a *Account) Acquire(ctx context.Context, tokens int) error {
	if err := a.breaker.allow(); err != nil {
		return err
	}
	if err := a.limiter.acquire(ctx, tokens); err != nil {
		return err
	}
	if err := a.breaker.allow(); err != nil { // stopped while it waited
		a.limiter.release(Outcome{})
		return err
	}
	return nil
}

// Outcome is how a call ended.
type Outcome struct {
	OK         bool
	Took       time.Duration // from the question to the answer
	Limited    bool          // the provider said 429, or did not answer in time
	RetryAfter time.Duration // how long it wants rest; 0: not told
}

// Release ends a call that was acquired. A good one ends an outage.
func (a *Account) Release(o Outcome) {
	a.limiter.release(o)
	if o.OK {
		a.breaker.worked()
	}
}

// WatchCalls tells f how many calls may run at a time, now and whenever that changes. f must be quick and not call the account.
func (a *Account) WatchCalls(f func(calls int)) { a.limiter.watch(f) }

// Observe reads what an answer's headers say of the account's limits.
func (a *Account) Observe(h http.Header) { a.limiter.observe(readLimits(h, a.limiter.clock.Now())) }

// Stop ends all calls until the account works again: the reason holds for every document. asked is how long the provider wants to be
// left alone, 0 where it did not say. Reasons that come while it is stopped change nothing but the reason.
func (a *Account) Stop(reason error, asked time.Duration) { a.breaker.trip(reason, asked) }

// Outage is why no calls are made.
type Outage struct {
	Reason error
	Since  time.Time
	Next   time.Time // when the account is tried again
}

// Outage tells whether calls are stopped.
func (a *Account) Outage() (Outage, bool) { return a.breaker.outage() }

// Changed is closed when an outage begins or ends.
func (a *Account) Changed() <-chan struct{} { return a.breaker.watch() }

// Tried books what a probe during an outage found: nil ends the outage, another reason puts off the next probe.
func (a *Account) Tried(err error, asked time.Duration) { a.breaker.tried(err, asked) }
