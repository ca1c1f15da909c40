package pool

import (
	"testing"
	"time"
)

// A child that has nothing to do is kept for the next document, but not for good: an agent that waits holds no reader's memory.
func TestAChildWithoutWorkLeaves(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "carries over", func(c *Config) { c.Workers, c.idleTimeout = 1, time.Hour })
	if err != nil {
		t.Fatal(err)
	}
	first := onlyChild(t, p)
	first.idleTimer.Reset(0) // the hour is over
	awaitEnd(t, first)
	if _, pid := readsAs(t, p, "a.example", "words"); pid == "" {
		t.Error("no document was read after the child had left")
	}
	second := onlyChild(t, p)
	if second == first {
		t.Fatal("the child that left was used again")
	}
	second.idleTimer.Reset(0)
	awaitEnd(t, second)
}

// A document that comes in time keeps its child.
func TestAChildWithWorkStays(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "carries over", func(c *Config) { c.Workers, c.idleTimeout = 1, time.Hour })
	if err != nil {
		t.Fatal(err)
	}
	first := onlyChild(t, p)
	if err := extractAll(t, p, "a.example"); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	taken := p.takeIdle("a.example")
	p.mu.Unlock()
	if taken != first {
		t.Fatal("the child was not kept")
	}
	p.dismiss(first) // its time ends while it is at work
	if err := first.checkIdle(); err != nil {
		t.Errorf("a child at work was dismissed: %v", err)
	}
	p.release(first)
}
