package backoff

import (
	"context"
	"net/http"
	"testing"
	"time"
)

func TestWaitsGrowSpreadAndStayBelowTheLimit(t *testing.T) {
	const base, limit = time.Second, time.Minute
	var longest time.Duration
	seen := map[time.Duration]bool{}
	for range 200 {
		b := New(base, limit)
		for try := range 8 {
			wait := b.Next(0)
			bound := min(limit, []time.Duration{2 * base, 6 * base, 18 * base, 54 * base, limit, limit, limit, limit}[try])
			if wait < base || wait > bound {
				t.Fatalf("try %d waits %v, not between %v and %v", try, wait, base, bound)
			}
			seen[wait] = true
			longest = max(longest, wait)
		}
		b.Reset()
		if wait := b.Next(0); wait > 2*base {
			t.Fatalf("after a success the wait is %v", wait)
		}
	}
	if longest < limit*9/10 || len(seen) < 1000 {
		t.Errorf("waits are not spread over the whole range: longest %v, %d different ones of 1600", longest, len(seen))
	}
}

func TestWhatWasAskedIsTheLeastAndAHintNeverMoreThanTheBound(t *testing.T) {
	for range 200 {
		if wait := New(time.Second, time.Minute).Asked(10 * time.Minute); wait < 10*time.Minute || wait > 12*time.Minute {
			t.Fatalf("asked for 10 minutes, waits %v", wait)
		}
		if wait := New(time.Second, time.Minute).Hinted(10 * time.Minute); wait > 2*time.Second {
			t.Fatalf("a hint of 10 minutes makes the first wait %v", wait)
		}
		b := New(time.Second, time.Minute)
		for range 6 {
			b.Next(0)
		}
		if wait := b.Hinted(10 * time.Minute); wait < 30*time.Second || wait > time.Minute {
			t.Fatalf("a hint of 10 minutes makes a late wait %v", wait)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const limit = 15 * time.Minute
	for name, c := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":      {http.Header{"Retry-After": {" 7 "}}, 7 * time.Second},
		"a fraction":   {http.Header{"Retry-After": {"0.25"}}, 250 * time.Millisecond},
		"milliseconds": {http.Header{"Retry-After-Ms": {"1500"}, "Retry-After": {"9"}}, 1500 * time.Millisecond},
		"a date":       {http.Header{"Retry-After": {now.Add(90 * time.Second).Format(http.TimeFormat)}}, 90 * time.Second},
		"a past date":  {http.Header{"Retry-After": {now.Add(-time.Hour).Format(http.TimeFormat)}}, 0},
		"a far date":   {http.Header{"Retry-After": {now.AddDate(9, 0, 0).Format(http.TimeFormat)}}, limit},
		"a day":        {http.Header{"Retry-After": {"86400"}}, limit},
		"overflow":     {http.Header{"Retry-After": {"1e300"}}, limit},
		"infinite":     {http.Header{"Retry-After": {"+Inf"}}, limit},
		"no number":    {http.Header{"Retry-After": {"NaN"}}, 0},
		"negative":     {http.Header{"Retry-After": {"-5"}}, 0},
		"words":        {http.Header{"Retry-After": {"soon"}}, 0},
		"nothing":      {http.Header{}, 0},
		"zero":         {http.Header{"Retry-After": {"0"}}, 0},
		"many digits":  {http.Header{"Retry-After": {"99999999999999999999999"}}, limit},
	} {
		if got := RetryAfter(c.header, now, limit); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestSleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	if !Sleep(ctx, 0) || !Sleep(ctx, time.Nanosecond) {
		t.Error("a short sleep did not pass")
	}
	cancel()
	if Sleep(ctx, time.Hour) || Sleep(ctx, 0) {
		t.Error("a sleep went on without its context")
	}
}

func TestJitterStaysWithinItsFraction(t *testing.T) {
	for range 200 {
		if d := Jitter(time.Second, 0.1); d < 900*time.Millisecond || d >= 1100*time.Millisecond {
			t.Fatalf("got %v", d)
		}
	}
	if d := Jitter(time.Second, 0); d != time.Second {
		t.Errorf("got %v", d)
	}
}
