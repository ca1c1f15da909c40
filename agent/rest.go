package agent

import (
	"context"
	"time"
)

// Between two looks whether the agent is at rest. Two in a row without work are: what a document took is often wanted again by the next one.
const restLook = 20 * time.Second

// rest calls giveBack once whenever the agent has come to rest: after its start, and after the last of some documents. Go's own runtime keeps
// what it once had for minutes, and garbage of an idle process, which allocates next to nothing, for as long.
func rest(ctx context.Context, looks <-chan time.Time, inWork func() int, giveBack func()) {
	const given = 2
	quiet := 0
	for {
		select {
		case <-looks:
		case <-ctx.Done():
			return
		}
		if inWork() > 0 {
			quiet = 0
			continue
		}
		if quiet == given {
			continue
		}
		if quiet++; quiet == given {
			giveBack()
		}
	}
}
