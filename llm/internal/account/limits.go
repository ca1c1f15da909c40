package account

import (
	"net/http"
	"strconv"
	"time"
)

// allowance is a bucket that refills evenly, as OpenAI, Anthropic, Groq and others describe theirs; limit 0 means that none is known.
type allowance struct {
	limit  float64
	left   float64
	at     time.Time // when left was true
	refill float64   // a second
}

// limits are what one answer says.
type limits struct{ requests, tokens allowance }

func (a *allowance) now(t time.Time) float64 {
	return min(a.limit, a.left+a.refill*max(0, t.Sub(a.at).Seconds()))
}

// tooLong is the wait above which a call goes out all the same: the provider then says itself for how long it refuses, and the account is
// stopped rather than each document held up.
const tooLong = 5 * time.Minute

// wait is how long it takes until need is there; 0 also where it never will be, or not soon: then the provider decides.
func (a *allowance) wait(t time.Time, need int) time.Duration {
	missing := float64(need) - a.now(t)
	if a.limit == 0 || float64(need) > a.limit || missing <= 0 || a.refill <= 0 {
		return 0
	}
	seconds := missing / a.refill
	if seconds > tooLong.Seconds() {
		return 0
	}
	return time.Duration(seconds*float64(time.Second)) + time.Millisecond
}

func (a *allowance) take(t time.Time, n int) {
	if a.limit > 0 {
		a.left, a.at = a.now(t)-float64(n), t
	}
}

// readLimits reads OpenAI's and Anthropic's headers, the first of each that is there.
func readLimits(h http.Header, now time.Time) limits {
	var l limits
	for _, names := range [][3]string{
		{"X-Ratelimit-Limit-Requests", "X-Ratelimit-Remaining-Requests", "X-Ratelimit-Reset-Requests"},
		{"Anthropic-Ratelimit-Requests-Limit", "Anthropic-Ratelimit-Requests-Remaining", "Anthropic-Ratelimit-Requests-Reset"},
	} {
		if a := readAllowance(h, names, now); a.limit > 0 {
			l.requests = a
			break
		}
	}
	for _, names := range [][3]string{
		{"X-Ratelimit-Limit-Tokens", "X-Ratelimit-Remaining-Tokens", "X-Ratelimit-Reset-Tokens"},
		{"Anthropic-Ratelimit-Input-Tokens-Limit", "Anthropic-Ratelimit-Input-Tokens-Remaining", "Anthropic-Ratelimit-Input-Tokens-Reset"},
		{"Anthropic-Ratelimit-Tokens-Limit", "Anthropic-Ratelimit-Tokens-Remaining", "Anthropic-Ratelimit-Tokens-Reset"},
	} {
		if a := readAllowance(h, names, now); a.limit > 0 {
			l.tokens = a
			break
		}
	}
	return l
}

// readAllowance reads limit, what remains, and when it is full again: a duration ("6m0s", "120ms") or a time (RFC 3339).
func readAllowance(h http.Header, names [3]string, now time.Time) allowance {
	limit, err := strconv.ParseFloat(h.Get(names[0]), 64)
	left, err2 := strconv.ParseFloat(h.Get(names[1]), 64)
	if err != nil || err2 != nil || !(limit > 0 && limit < 1e12) || !(left >= 0 && left <= limit) {
		return allowance{}
	}
	full, err := time.ParseDuration(h.Get(names[2]))
	if err != nil {
		at, err := time.Parse(time.RFC3339, h.Get(names[2]))
		if err != nil {
			return allowance{}
		}
		full = at.Sub(now)
	}
	a := allowance{limit: limit, left: left, at: now}
	if full > 0 && full <= 24*time.Hour {
		a.refill = (limit - left) / full.Seconds()
	}
	if a.refill == 0 {
		a.refill = limit / 60 // full now: a minute's worth a minute
	}
	return a
}
