package chaos

import (
	"context"
	"fmt"
	"time"
)

// skewClocks puts the two agents' clocks ten minutes off. A Go program reads the clock without libc, so faketime cannot
// move it; the site's clock can be moved instead, for these agents alone: what counts is the difference.
func (w *World) skewClocks(ctx context.Context) error {
	for i, a := range w.Skewed {
		if err := w.awaitContact(ctx, a, time.Time{}); err != nil { // first in order, so that its clock jumps while it runs
			return err
		}
		address, err := w.Site.skewed(w.Ports[3+i], []string{"-10m", "+10m"}[i])
		if err != nil {
			return err
		}
		w.Proxy.Route(a.Key, address)
		w.mu.Lock()
		w.facts.Skews = append(w.facts.Skews, Skew{Key: a.Key, Span: Span{From: time.Now()}})
		w.mu.Unlock()
	}
	w.Say("the clocks of %s and %s are ten minutes off", w.Skewed[0].Name, w.Skewed[1].Name)
	return nil
}

// healClocks sets the clocks right; the agents must come back to work by themselves.
func (w *World) healClocks() error {
	now := time.Now()
	for i, a := range w.Skewed {
		w.mu.Lock()
		w.facts.Skews[i].To = now
		w.mu.Unlock()
		w.Proxy.Route(a.Key, "")
	}
	for _, a := range w.Skewed {
		if !a.Alive() {
			return fmt.Errorf("%s ended when its clock was off", a.Name)
		}
		// Its pauses grow to a minute.
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Second)
		err := w.awaitContact(ctx, a, now)
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

// awaitContact waits until an agent has asked for work and was answered.
func (w *World) awaitContact(ctx context.Context, a *Agent, since time.Time) error {
	for ; ctx.Err() == nil; pause(ctx, 100*time.Millisecond) {
		for _, x := range w.Proxy.Seen() {
			if x.Key == a.Key && x.Op == "lease" && x.Status == 200 && x.At.After(since) {
				return nil
			}
		}
	}
	return fmt.Errorf("%s was not answered as it should: %w", a.Name, ctx.Err())
}
