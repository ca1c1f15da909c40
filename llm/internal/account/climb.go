package account

import "time"

// How a limiter finds how many calls a provider has room for.
const (
	slower     = 1.4              // a call that takes so many times as long as it did among the first waits for others
	holdOff    = time.Minute      // after it was found that more calls only wait for each other
	cutMatters = 10 * time.Minute // how long after a 429 the way up is the slow one
)

// climb finds how many calls a provider has room for, by rounds: as many good calls as run at a time. After a round in which calls waited for
// others to end, twice as many run at a time, so long as each takes about as long as it did among the first: where calls
// take longer the more there are, they stand in a line at the provider instead of here. From then on a step is half as many more.
type climb struct {
	first    int           // calls at a time that are never questioned
	patience time.Duration // how long a call may take; 0: for ever
	usual    time.Duration // mean of a call while at most first ran

	old    int // calls still to end that began before the last change: what they took says nothing of it
	calls  int // of this round
	took   time.Duration
	waited bool // a call waited in this round, for others to end
	held   time.Time
	from   int // how many ran before the last step up; 0 after a step back
}

// next books a good call and tells how many may run at a time from now on, where limit did until now: at most most.
func (c *climb) next(now time.Time, took time.Duration, limit, most int) int {
	if c.old > 0 {
		c.old--
		return limit
	}
	c.calls, c.took = c.calls+1, c.took+took
	if c.calls < limit {
		return limit
	}
	mean, waited := c.took/time.Duration(c.calls), c.waited
	c.round()
	switch {
	case limit <= c.first:
		c.usual = mean
	case float64(mean) > slower*float64(c.usual):
		c.held, c.old = now.Add(holdOff), limit
		return max(c.first, c.back(limit))
	}
	more := min(most, c.step(limit))
	late := c.patience > 0 && mean*time.Duration(more) > c.patience*time.Duration(limit) // were they only to stand in line
	if !waited || late || now.Before(c.held) {
		return limit
	}
	c.old, c.from = limit, limit
	return more
}

// step is how many calls are tried after limit.
func (c *climb) step(limit int) int {
	if c.held.IsZero() {
		return 2 * limit
	}
	return limit + (limit+1)/2
}

// back is how many calls run where limit were too many: as many as before the last step, or a third less.
func (c *climb) back(limit int) int {
	from := c.from
	if c.from = 0; from > 0 && from < limit {
		return from
	}
	return limit * 2 / 3
}

// round begins a new one.
func (c *climb) round() { c.calls, c.took, c.waited = 0, 0, false }
