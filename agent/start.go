package agent

import (
	"math/rand/v2"
	"time"
)

// Agents that are started in one moment, by a rollout or a power cut, each begin with two requests (an echo and one for work). A site that
// hears of many is asked by no more than a few of them a second.
const (
	aloneAtStart  = 5 // so few at a site do not wait
	startEvery    = 400 * time.Millisecond
	startsLongest = time.Minute
)

// StartAfter is how long an agent waits before it asks anybody, given what its sites said when it ran last (SiteStatus.Agents of its last
// status): evenly drawn from as many times 400 ms as its most crowded site hears of agents, at most a minute; 0 where they are few.
func StartAfter(last Status) time.Duration {
	most := 0
	for _, s := range last.Sites {
		most = max(most, s.Agents)
	}
	if most < aloneAtStart {
		return 0
	}
	return rand.N(min(time.Duration(most)*startEvery, startsLongest))
}
