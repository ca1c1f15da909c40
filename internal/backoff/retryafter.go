package backoff

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryAfter is how long an HTTP answer asks to wait: in seconds, also with a fraction, as a date seen from now, or in
// OpenAI's Retry-After-Ms. It is 0 where the answer says nothing that can be read, and never more than limit.
func RetryAfter(h http.Header, now time.Time, limit time.Duration) time.Duration {
	if d, ok := scaled(h.Get("Retry-After-Ms"), time.Millisecond, limit); ok && d > 0 {
		return d
	}
	value := h.Get("Retry-After")
	if d, ok := scaled(value, time.Second, limit); ok {
		return d
	}
	if t, err := http.ParseTime(strings.TrimSpace(value)); err == nil {
		return min(max(t.Sub(now), 0), limit)
	}
	return 0
}

// scaled reads a number of units without overflowing.
func scaled(text string, unit, limit time.Duration) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || n != n {
		return 0, false
	}
	if n >= limit.Seconds()*float64(time.Second/unit) {
		return limit, true
	}
	return time.Duration(max(n, 0) * float64(unit)), true
}
