package budget

import "sync"

// calls counts what is under way in this process.
type calls struct {
	mu      sync.Mutex
	running int
	changes int
	next    chan struct{} // closed at the next change
}

// moment is what calls were at one time.
type moment struct {
	running int
	changes int
	next    <-chan struct{}
}

func (c *calls) now() moment {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		c.next = make(chan struct{})
	}
	return moment{c.running, c.changes, c.next}
}

func (c *calls) began() { c.change(1) }
func (c *calls) ended() { c.change(-1) }

func (c *calls) change(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running += n
	c.changes++
	if c.next != nil {
		close(c.next)
		c.next = nil
	}
}
