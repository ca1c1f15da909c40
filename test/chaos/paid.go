package chaos

import (
	"slices"
	"time"
)

// Repeats are model calls that had been answered in full before, by what was left of the first answer.
type Repeats struct {
	Journalled int // the same agent's journal had it: a broken promise
	HandedOver int // it was in the object store when the lease was given: a broken promise
	Lagging    int // a dead agent's journal had it, and had had the time to hand it over: a broken promise
	Unkept     int // the agent died before the answer was kept
}

// Sum is all of them.
func (p Repeats) Sum() int { return p.Journalled + p.HandedOver + p.Lagging + p.Unkept }

// verifyPaid finds what was paid twice.
func (r *Report) verifyPaid(f *Facts) {
	by := map[string][]Call{}
	for _, c := range f.Calls {
		by[c.Prompt] = append(by[c.Prompt], c)
	}
	for _, calls := range by {
		slices.SortFunc(calls, func(a, b Call) int { return a.Start.Compare(b.Start) })
		for i := 1; i < len(calls); i++ {
			r.verifyRepeat(f, calls[:i], calls[i])
		}
	}
}

// verifyRepeat books the repetition under the worst thing that can be said of it.
func (r *Report) verifyRepeat(f *Facts, before []Call, again Call) {
	var journalled, handed, lagging, unkept bool
	for _, c := range before {
		if !c.Answered || c.End.After(again.Start) {
			continue // cut off, or still under way elsewhere: nothing to be had from it
		}
		life := lifeOf(f, c)
		kept := life != nil && life.Journal[c.Serial]
		switch {
		case c.Agent == again.Agent && life != nil && (life.End.IsZero() || again.Start.Before(life.End)):
			journalled = true // no death in between: the answer was at hand
		case c.Agent == again.Agent:
			journalled = journalled || kept
			unkept = unkept || !kept
		case f.Known[holdingOf(f, again)][c.Serial]:
			handed = true
		case kept && !diedAt(f, c):
			lagging = true
		default:
			unkept = true
		}
	}
	switch {
	case journalled:
		r.Repeats.Journalled++
		r.broke("call %d of %s for %s was paid again though its journal had the answer", again.Serial, again.Agent, again.Mark)
	case handed:
		r.Repeats.HandedOver++
		r.broke("call %d of %s for %s was paid again though the answer was handed over with the lease", again.Serial, again.Agent, again.Mark)
	case lagging:
		r.Repeats.Lagging++
		r.broke("call %d of %s for %s was paid again though a dead agent's journal had the answer", again.Serial, again.Agent, again.Mark)
	case unkept:
		r.Repeats.Unkept++
	}
}

// keepTime is what an agent may take to put an answer where others find it.
const keepTime = time.Second

// diedAt tells whether an agent was killed or frozen during a call, or before its answer could be kept.
func diedAt(f *Facts, c Call) bool {
	return slices.ContainsFunc(f.Deaths, func(d Death) bool {
		return d.Agent == c.Agent && !d.At.Before(c.Start) && d.At.Before(c.End.Add(keepTime))
	})
}

// lifeOf is the process that made a call.
func lifeOf(f *Facts, c Call) *Life {
	for i, l := range f.Lives {
		if l.Agent == c.Agent && !c.Start.Before(l.Start) && (l.End.IsZero() || !c.Start.After(l.End)) {
			return &f.Lives[i]
		}
	}
	return nil
}

// holdingOf is the lease under which a call was made: the last one of its document that its agent got before.
func holdingOf(f *Facts, c Call) Holding {
	jobs := map[int64]bool{}
	for _, j := range f.Jobs {
		if f.Accepted[j.Attachment].Mark == c.Mark {
			jobs[j.ID] = true
		}
	}
	var h Holding
	var at time.Time
	for _, x := range f.Exchanges {
		if x.Op != "lease" || f.Agents[x.Key] != c.Agent || x.At.After(c.Start) || x.At.Before(at) {
			continue
		}
		for _, g := range x.Granted {
			if jobs[g.Job] {
				h, at = Holding{g.Job, g.Epoch}, x.At
			}
		}
	}
	return h
}
