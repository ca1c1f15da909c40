package agent

import (
	"context"
	"log/slog"
	"runtime/debug"
	"testing"
	"time"
)

// Memory is given back once when there has been no work at two looks in a row, and once more after the next work. What was set
// for that is taken back when there is work.
func TestMemoryIsGivenBackAtRestOnce(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	looks, ended := make(chan time.Time), make(chan struct{})
	work, given, taken := make(chan int, 1), 0, 0
	go func() {
		defer close(ended)
		rest(ctx, looks, func() int { return <-work }, func() { given++ }, func() { taken++ })
	}()
	for _, n := range []int{0, 1, 0, 0, 0, 0, 2, 0, 0} {
		work <- n
		looks <- time.Time{}
	}
	stop()
	<-ended
	if given != 2 || taken != 1 {
		t.Errorf("given back %d times, want twice; at work again %d times, want once", given, taken)
	}
}

// What the garbage collector was told for an agent at rest does not stay.
func TestAtWorkGarbageIsWhatItWas(t *testing.T) {
	before := debug.SetGCPercent(80)
	defer debug.SetGCPercent(before)
	saving := &thrift{log: slog.New(slog.DiscardHandler)}
	for _, set := range []int{80, 10, -1} {
		debug.SetGCPercent(set)
		saving.begin()
		if got, want := debug.SetGCPercent(restGarbage), min(restGarbage, set); set > 0 && got != want {
			t.Errorf("%d at rest, want %d", got, want)
		}
		saving.end()
		if got := debug.SetGCPercent(set); got != set {
			t.Errorf("%d at work, want %d", got, set)
		}
	}
}
