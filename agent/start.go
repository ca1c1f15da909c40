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
)

// StartAfter is how long an agent waits before it asks anybody, given what its sites said when it ran last (SiteStatus.Agents of its last
// status): its turn in as many times 500 ms as its most crowded site hears of agents, at most a minute; 0 where they are few. number is the
// agent's number at a site, by its URL. Neighbours in number are far apart in time, and any run of numbers fills the time evenly (steps of the
// golden ratio), which turns drawn at random would not; an agent without a number draws.
func StartAfter(last Status, number func(site string) int64) time.Duration {
	most, at := 0, ""
	for _, s := range last.Sites {
		if s.Agents > most {
			most, at = s.Agents, s.URL
		}
	}
	if most < aloneAtStart {
		return 0
	}
	turn := rand.Float64()
	if n := number(at); n > 0 {
		_, turn = math.Modf(float64(n) / math.Phi)
	}
	return time.Duration(turn * float64(min(time.Duration(most)*startEvery, startsLongest)))
}
