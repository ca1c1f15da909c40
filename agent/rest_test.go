package agent

import (
	"context"
	"testing"
	"time"
)

// Memory is given back once when there has been no work at two looks in a row, and once more after the next work.
func TestMemoryIsGivenBackAtRestOnce(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	looks, ended := make(chan time.Time), make(chan struct{})
	work, given := make(chan int, 1), 0
	go func() {
		defer close(ended)
		rest(ctx, looks, func() int { return <-work }, func() { given++ })
	}()
	for _, n := range []int{0, 1, 0, 0, 0, 0, 2, 0, 0} {
		work <- n
		looks <- time.Time{}
	}
	stop()
	<-ended
	if given != 2 {
		t.Errorf("given back %d times, want twice", given)
	}
}
