package bench

import "time"

// sampleEvery is rare enough to cost the measured program nothing that shows.
const sampleEvery = 100 * time.Millisecond

// Memory is what a process and its descendants held, in KiB.
type Memory struct {
	Own      int64 // the most of the process itself
	Largest  int64 // the most of one descendant that lived long enough to be seen
	Together int64 // the most of all at the same moment
}

// WatchMemory samples a process and its descendants until the returned function is called. How much one holds is told by
// measure: Proportional, or Resident where stopping the process each time would show.
func WatchMemory(pid int, measure func(pid int) int64) (stop func() Memory) {
	quit, end := make(chan struct{}), make(chan struct{})
	var m Memory
	go func() {
		defer close(end)
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				m.sample(pid, measure)
			case <-quit:
				return
			}
		}
	}()
	return func() Memory {
		close(quit)
		<-end
		m.sample(pid, measure)
		return m
	}
}

func (m *Memory) sample(pid int, measure func(pid int) int64) {
	sum := int64(0)
	for _, p := range Family(pid) {
		sum += measure(p)
		if p == pid {
			m.Own = max(m.Own, Highest(p))
		} else {
			m.Largest = max(m.Largest, Highest(p))
		}
	}
	m.Together = max(m.Together, sum)
}
