package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

type drainKey struct{}

// signals gives commands two stages of stopping: the first SIGTERM or SIGINT closes the channel that
// drainSignal returns, the second ends the context. A command that does not drain ends at the first.
func signals(parent context.Context) (context.Context, context.CancelFunc) {
	drain := make(chan struct{})
	ctx, cancel := context.WithCancel(context.WithValue(parent, drainKey{}, drain))
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-c:
			close(drain)
		case <-ctx.Done():
			return
		}
		select {
		case <-c:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(c); cancel() }
}

func drainSignal(ctx context.Context) <-chan struct{} {
	ch, _ := ctx.Value(drainKey{}).(chan struct{})
	return ch // nil, which never fires, where a test has no signals
}

// untilSignal ends with the first signal: for commands that have nothing to drain.
func untilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-drainSignal(ctx):
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
