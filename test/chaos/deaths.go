package chaos

import (
	"slices"
	"time"
)

// Times are durations of one kind.
type Times []time.Duration

// P is the q-th quantile (0–1), 0 where there are none.
func (t Times) P(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	s := slices.Clone(t)
	slices.Sort(s)
	return s[min(len(s)-1, int(q*float64(len(s))))]
}

// verifyDeaths: what a dead agent held is with another one in time, and what came in was picked up.
func (r *Report) verifyDeaths(f *Facts) {
	by := map[int64][]EventRow{}
	for _, e := range f.Events {
		by[e.Job] = append(by[e.Job], e)
	}
	recorded := map[Holding]bool{}
	for _, d := range f.Deaths {
		if d.How == "kill" {
			r.Kills++
		} else {
			r.Terms++
		}
		if d.Unknown {
			r.Unmeasured++
		}
		for _, h := range d.Held {
			if recorded[h] { // left by an earlier process of this agent; it still has to run out
				continue
			}
			recorded[h] = true
			r.verifyOrphaned(f, d, h, by[h.Job])
		}
	}
	for _, events := range by {
		if took, ok := pickUp(events); ok {
			r.PickUp = append(r.PickUp, took)
		}
	}
}

// verifyOrphaned follows one lease of a dead agent to its next holder.
func (r *Report) verifyOrphaned(f *Facts, d Death, h Holding, events []EventRow) {
	var rest time.Duration // what a stated failure made it wait on purpose
	failures := 0
	for _, e := range events {
		if e.Kind == "attempt_failed" && e.At.Before(d.At) {
			failures++
		}
	}
	for _, e := range events {
		if !e.At.After(d.At) {
			continue
		}
		switch e.Kind {
		case "done", "failed", "cancelled": // its outbox had the outcome, or the site gave up: nobody had to take over
			return
		case "attempt_failed":
			rest = f.Pace.Rests[min(failures, len(f.Pace.Rests)-1)]
		case "leased":
			took := e.At.Sub(d.At)
			r.book(f, d, h, took, rest)
			return
		}
	}
}

func (r *Report) book(f *Facts, d Death, h Holding, took, rest time.Duration) {
	limit := f.Pace.TTL + Slack + max(0, rest-f.Pace.Rests[0]) + f.down(Span{d.At, d.At.Add(took)})
	switch {
	case d.How == "term":
		r.Term = append(r.Term, took)
	case rest > 0:
		r.Handed = append(r.Handed, took)
	default:
		r.Kill = append(r.Kill, took)
	}
	if took > limit {
		r.broke("job %d waited %v for its next agent after the %s of %s; the limit is %v", h.Job, took.Round(time.Millisecond), d.How, d.Agent, limit)
	}
}

// down is how much of a time the site could not work.
func (f *Facts) down(s Span) time.Duration {
	var sum time.Duration
	for _, o := range f.Outages {
		from, to := o.From, o.To
		if from.Before(s.From) {
			from = s.From
		}
		if to.After(s.To) {
			to = s.To
		}
		sum += max(0, to.Sub(from))
	}
	return sum
}

// pickUp is the time from the upload to the first lease.
func pickUp(events []EventRow) (time.Duration, bool) {
	var since time.Time
	for _, e := range events {
		switch {
		case e.Kind == "enqueued":
			since = e.At
		case e.Kind == "leased" && !since.IsZero():
			return e.At.Sub(since), true
		}
	}
	return 0, false
}
