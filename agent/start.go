package agent

import (
	"math"
	"math/rand/v2"
	"time"
)

// Agents that are started in one moment, by a rollout or a power cut, each begin with two requests (an echo and one for work). A site that
// hears of many is asked by no more than a few of them a second.
const (
	aloneAtStart  = 5 // so few at a site do not wait
	startEvery    = 500 * time.Millisecond
	startsLongest = time.Minute

	// The turn of an agent that has not run before, for each that joined before it and has not either: see firstTurn.
	firstFrom     = 300 * time.Millisecond
	firstTo       = 800 * time.Millisecond
	firstsLongest = 150

	// All agents of a site hear the same ring. Those of a fleet come one after the other: the first of them within moments, however many there are.
	ringEvery    = 50 * time.Millisecond
	ringsLongest = 5 * time.Second
)

// among is a random wait of one of so many agents of a site, which all have the same reason to ask it now: they come one in every of time,
// within longest; a few within few. Nothing is known of the others where agents is 0.
func among(agents int, few, every, longest time.Duration) time.Duration {
	if agents >= aloneAtStart {
		few = max(few, spread(agents, every, longest))
	}
	return rand.N(few + 1)
}

// spread is the time in which so many agents come, one in every of it.
func spread(agents int, every, longest time.Duration) time.Duration {
	return min(time.Duration(min(agents, int(longest/every)))*every, longest)
}

// Crowd is what an agent knows of the others at a site before it asks it.
type Crowd struct {
	Number int64 // the agent's own at the site, 0 where it has none
	Agents int   // how many the site heard of when this one ran last (SiteStatus.Agents); 0: it has not run, or was not told
	New    int   // how many had joined and not yet asked for work when this one joined, itself among them; counts where Agents is 0
}

// StartAfter is how long an agent waits before it asks anybody: its turn at its most crowded site, at most two minutes; 0 where they are few.
func StartAfter(sites []Crowd) time.Duration {
	var most Crowd
	for _, c := range sites {
		if c.count() > most.count() {
			most = c
		}
	}
	switch {
	case most.count() < aloneAtStart:
		return 0
	case most.Agents == 0:
		return firstTurn(most.turn(), most.New)
	}
	return time.Duration(most.turn() * float64(spread(most.Agents, startEvery, startsLongest)))
}

// Told says that the agent knows something of the others, if only that there are few.
func (c Crowd) Told() bool { return c.count() > 0 }

func (c Crowd) count() int {
	if c.Agents > 0 {
		return c.Agents
	}
	return c.New
}

// turn is a fraction of the time in which all begin. Neighbours in number are far apart in it, and any run of numbers fills it evenly (steps of
// the golden ratio), which turns drawn at random would not; an agent without a number draws.
func (c Crowd) turn() float64 {
	if c.Number <= 0 {
		return rand.Float64()
	}
	_, turn := math.Modf(float64(c.Number) / math.Phi)
	return turn
}

// firstTurn is the turn among agents of which the n-th to join knows of n, so that those that joined first do not know how many came after: between
// n times firstFrom and n times firstTo. So many windows, each longer and later than the one before, add up to an even rate, where windows
// that all begin at 0 would crowd there; and agents that all know of the same number are spread evenly too.
func firstTurn(turn float64, n int) time.Duration {
	from, to := firstFrom*time.Duration(min(n, firstsLongest)), firstTo*time.Duration(min(n, firstsLongest))
	return from + time.Duration(turn*float64(to-from))
}
