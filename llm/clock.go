package llm

import (
	"context"
	"time"
)

// Clock is the time that retries wait by.
type Clock interface {
	Now() time.Time
	// Sleep waits for d or until ctx ends, and then returns the cause.
	Sleep(ctx context.Context, d time.Duration) error
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
