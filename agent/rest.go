package agent

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/resident"
)

// Between two looks whether the agent is at rest. Two in a row without work are: what a document took is often wanted again by the next one.
const restLook = 20 * time.Second

// rest calls giveBack once whenever the agent has come to rest: after its start, and after the last of some documents; and work when it is seen at
// work again. Go's own runtime keeps what it once had for minutes, and garbage of an idle process, which allocates next to nothing, for as long.
func rest(ctx context.Context, looks <-chan time.Time, inWork func() int, giveBack, work func()) {
	const given = 2
	quiet := 0
	for {
		select {
		case <-looks:
		case <-ctx.Done():
			return
		}
		if inWork() > 0 {
			if quiet == given {
				work()
			}
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

// restGarbage is how much garbage an agent at rest has, in percent of what it uses. At work it has as much as Go likes, 100 by default.
const restGarbage = 25

// thrift is what is done about the memory of an agent at rest.
type thrift struct {
	log    *slog.Logger
	atWork int // the garbage collector's percentage
}

// begin gives back what is not needed. Garbage goes first: collecting it reads through the program once more.
func (t *thrift) begin() {
	t.atWork = debug.SetGCPercent(restGarbage)
	if t.atWork >= 0 && t.atWork < restGarbage {
		debug.SetGCPercent(t.atWork)
	}
	debug.FreeOSMemory()
	if err := resident.GiveBack(); err != nil {
		t.log.Debug("pages of the program stay resident", "error", err.Error())
	}
}

func (t *thrift) end() { debug.SetGCPercent(t.atWork) }
