package room

import (
	"errors"
	"testing"
	"testing/synctest"
)

func leaveAll(ps []*Place) {
	for _, p := range ps {
		p.Leave()
	}
}

func TestASiteHasNoMoreDocumentsInWorkThanItsCap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Limits{Jobs: 40, Readers: 8, Calls: 8, Text: 1000, Patience: beat})
		r.Assign("a", nil, 3)
		ps := places(t, r, "a")
		if len(ps) != 3 {
			t.Fatalf("%d documents under a cap of 3", len(ps))
		}
		r.Assign("a", nil, 1) // while they run: they go on
		if got := places(t, r, "a"); len(got) != 0 {
			t.Errorf("%d more under a cap that is exceeded", len(got))
		}
		leaveAll(ps[:2])
		if got := places(t, r, "a"); len(got) != 0 {
			t.Errorf("%d more under a cap that is reached", len(got))
		}
		ps[2].Leave()
		if got := places(t, r, "a"); len(got) != 1 {
			t.Errorf("%d documents under a cap of 1", len(got))
		}
		r.Assign("a", nil, 0)
		if got := places(t, r, "a"); len(got) < 8 {
			t.Errorf("%d more without a cap", len(got))
		}
	})
}

// Who waits to ask at its cap is let in when the cap is raised, and keeps nobody else out meanwhile.
func TestWhoWaitsAtItsCapIsLetInWhenItIsRaised(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := small()
		r.Assign("a", nil, 1)
		places(t, r, "a")
		got := make(chan *Ask, 1)
		go func() {
			a, err := r.Ask(t.Context(), "a", beat)
			if err == nil {
				got <- a
			}
		}()
		synctest.Wait()
		b, err := r.Ask(t.Context(), "b", beat)
		if err != nil || b.N == 0 {
			t.Fatalf("another site: %v %v", b, err)
		}
		b.End()
		select {
		case <-got:
			t.Fatal("let in at its cap")
		default:
		}
		r.Assign("a", nil, 2)
		if a := <-got; a.N != 1 {
			t.Errorf("asks for %d, want 1", a.N)
		}
	})
}

// What a capped site leaves is the others': both want to ask, and together they fill the room.
func TestWhatACapLeavesIsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Limits{Jobs: 10, Readers: 10, Calls: 10, Text: 1000, Patience: beat})
		r.Assign("a", nil, 1)
		a, b := places(t, r, "a"), places(t, r, "b")
		if len(a) != 1 || len(b) != 9 {
			t.Errorf("%d and %d documents, want 1 and 9 of 10", len(a), len(b))
		}
	})
}

func TestResizeTakesEffectAtOnceAndEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Limits{Jobs: 4, Readers: 4, Calls: 1, Text: 1000, Patience: beat})
		ps := places(t, r, "a")
		if len(ps) != 4 {
			t.Fatalf("%d places of 4", len(ps))
		}
		first := summarise(t, ps[0])
		r.Resize(6)
		r.main.Resize(3)
		second, third := summarise(t, ps[1]), summarise(t, ps[2])
		if got := places(t, r, "a"); len(got) != 2 {
			t.Errorf("%d more places, want 2", len(got))
		}
		r.main.Resize(1) // three are under way
		first()
		second()
		if r.main.turns.TryAcquire(1) {
			t.Error("a turn is free though one document is summarised and one is the limit")
		}
		third()
		summarise(t, ps[3])()
	})
}

// Two sites, two models: that one of them is slow shuts the room for its own site alone.
func TestASlowModelKeepsNoDocumentOfAnotherWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Limits{Jobs: 40, Readers: 4, Calls: 2, Text: 1000, Patience: beat})
		r.Assign("slow", r.NewLane(1), 2)
		slow, fast := places(t, r, "slow"), places(t, r, "fast")
		end := summarise(t, slow[0])
		if _, err := slow[1].Summarise(t.Context(), 10); !errors.Is(err, ErrLate) {
			t.Fatalf("a second document in a lane for one: %v", err)
		}
		summarise(t, fast[0])()
		fast[0].Leave()
		slow[0].Leave() // its cap has room again, its turn goes on
		if got := places(t, r, "slow"); len(got) != 0 {
			t.Errorf("%d more leases for a lane that somebody was late for", len(got))
		}
		if got := places(t, r, "fast"); len(got) == 0 {
			t.Error("the other site is shut out")
		}
		r.Assign("slow", nil, 0) // who is in work stays in its lane
		if _, err := slow[1].Summarise(t.Context(), 10); !errors.Is(err, ErrLate) {
			t.Errorf("a document in work changed its lane: %v", err)
		}
		end()
	})
}
