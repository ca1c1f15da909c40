package account

import (
	"slices"
	"testing"
	"time"
)

// server answers questions: so many at a time, each in so long; the others stand in line.
type server struct {
	places int
	takes  time.Duration
	free   []time.Time // when each place is
}

func (s *server) answered(asked time.Time) time.Time {
	if s.free == nil {
		s.free = make([]time.Time, s.places)
	}
	first := 0
	for i, t := range s.free {
		if t.Before(s.free[first]) {
			first = i
		}
	}
	begins := asked
	if s.free[first].After(begins) {
		begins = s.free[first]
	}
	s.free[first] = begins.Add(s.takes)
	return s.free[first]
}

// busy has an account ask a server without end for some time, and tells how many calls ran at a time whenever that changed.
func busy(a *Account, c *clock, s *server, forHow time.Duration) (calls []int) {
	type call struct{ asked, answered time.Time }
	var running []call
	a.WatchCalls(func(n int) { calls = append(calls, n) })
	for end := c.Now().Add(forHow); c.Now().Before(end); {
		for {
			if wait, changed := a.limiter.try(0); wait > 0 || changed != nil {
				break
			}
			running = append(running, call{c.Now(), s.answered(c.Now())})
		}
		slices.SortStableFunc(running, func(a, b call) int { return a.answered.Compare(b.answered) })
		next := running[0]
		running = running[1:]
		c.advance(next.answered.Sub(c.Now()))
		a.Release(Outcome{OK: true, Took: next.answered.Sub(next.asked)})
	}
	for range running {
		a.Release(Outcome{})
	}
	return calls
}

func finding() (*Account, *clock) {
	c := newClock()
	return New("openai", "", "sk-secret", Bounds{First: 8, Most: 64}, c), c
}

func TestAProviderWithRoomIsAskedMore(t *testing.T) {
	a, c := finding()
	calls := busy(a, c, &server{places: 1000, takes: 3 * time.Second}, time.Minute)
	if !slices.Equal(calls, []int{8, 16, 32, 64}) {
		t.Errorf("calls at a time: %v", calls)
	}
}

func TestAServerThatAnswersOneAfterAnotherIsNotAskedMore(t *testing.T) {
	for name, s := range map[string]*server{
		"one at a time": {places: 1, takes: 3 * time.Second},
		"two at a time": {places: 2, takes: 700 * time.Millisecond},
		"sixteen":       {places: 16, takes: 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			a, c := finding()
			calls := busy(a, c, s, time.Hour)
			if most := slices.Max(calls); most > max(5*s.places/2, 16) {
				t.Errorf("up to %d calls at a time where %d are answered: %v", most, s.places, calls)
			}
			if least := slices.Min(calls); least < 8 {
				t.Errorf("%d calls at a time: what was there at first is not questioned", least)
			}
			if steps := len(calls); steps > 2+2*60 {
				t.Errorf("%d changes in an hour", steps)
			}
		})
	}
}

// A provider that has taken the most of calls may have less room later.
func TestAProviderThatBecomesSlowIsAskedLess(t *testing.T) {
	a, c := finding()
	busy(a, c, &server{places: 1000, takes: time.Second}, time.Minute)
	calls := busy(a, c, &server{places: 16, takes: time.Second}, time.Minute)
	if calls[0] != 64 || slices.Min(calls) > 32 {
		t.Errorf("calls at a time after the provider lost three quarters of its places: %v", calls)
	}
}

func TestNothingIsFoundWhereNobodyWaits(t *testing.T) {
	a, c := finding()
	for range 200 {
		if err := a.Acquire(bg, 1); err != nil {
			t.Fatal(err)
		}
		c.advance(time.Second)
		a.Release(Outcome{OK: true, Took: time.Second})
	}
	if n := room(t, a); n != 8 {
		t.Errorf("%d calls at a time, though one was enough", n)
	}
}

func TestCallsThatWouldComeTooLateInALineAreNotAsked(t *testing.T) {
	for patience, most := range map[time.Duration]int{2 * time.Minute: 8, 5 * time.Minute: 64} {
		c := newClock()
		a := New("openai", "", "sk-secret", Bounds{First: 8, Most: 64, Patience: patience}, c)
		if calls := busy(a, c, &server{places: 1000, takes: 100 * time.Second}, time.Hour); slices.Max(calls) != most {
			t.Errorf("up to %v calls at a time that take 100 s and may take %v, want %d", calls, patience, most)
		}
	}
}

func TestA429EndsTheSearch(t *testing.T) {
	a, c := finding()
	busy(a, c, &server{places: 1000, takes: time.Second}, 9*time.Second)
	before := room(t, a)
	if err := a.Acquire(bg, 1); err != nil {
		t.Fatal(err)
	}
	a.Release(Outcome{Limited: true})
	if n := room(t, a); before < 27 || n != before/2 {
		t.Fatalf("%d calls at a time after a 429 at %d", n, before)
	}
	calls := busy(a, c, &server{places: 1000, takes: time.Second}, time.Minute)
	for i, n := range calls[1:] {
		if n != calls[i]+1 {
			t.Errorf("%v: from a 429 the way up is by one call", calls)
			break
		}
	}
	if len(calls) > 13 {
		t.Errorf("%d steps within a minute of a 429", len(calls))
	}
}
