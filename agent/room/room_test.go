package room

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

const beat = 30 * time.Second

func small() *Room {
	return New(Limits{Jobs: 40, Readers: 2, Calls: 3, Text: 1000, Patience: beat})
}

// places takes what a site may ask for now.
func places(t *testing.T, r *Room, site string) (ps []*Place) {
	t.Helper()
	a := r.Probe(site)
	for p := a.Take(); p != nil; p = a.Take() {
		ps = append(ps, p)
	}
	a.End()
	return ps
}

func mustTurn(t *testing.T, turn func(context.Context) (func(), error)) func() {
	t.Helper()
	end, err := turn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return end
}

func summarise(t *testing.T, p *Place) func() {
	return mustTurn(t, func(ctx context.Context) (func(), error) { return p.Summarise(ctx, 10) })
}

func TestLeasesAreTakenAheadAsFastAsTheyAreUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := small()
		ps := places(t, r, "a")
		if len(ps) != 4 {
			t.Fatalf("%d leases at first, want one for each reader and as many ahead", len(ps))
		}
		for range 30 { // a fast stream: each is summarised and over at once
			for _, p := range ps {
				summarise(t, p)()
				p.Leave()
			}
			ps = places(t, r, "a")
		}
		if len(ps) != 2+MaxAhead {
			t.Errorf("%d leases in a fast stream, want %d", len(ps), 2+MaxAhead)
		}
		time.Sleep(beat) // nothing moves
		for _, p := range ps[:len(ps)-2] {
			p.Leave()
		}
		time.Sleep(beat)
		if got := places(t, r, "a"); len(got) != 0 {
			t.Errorf("%d leases though two documents have kept both readers for a beat", len(got))
		}
	})
}

func TestWhoWaitsForAModelTakesNothingFromTheReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := small()
		for range 3 { // as many as there are calls
			p := places(t, r, "a")[0]
			summarise(t, p)
		}
		ps := places(t, r, "a")
		if len(ps) < 2 {
			t.Errorf("%d leases beside three documents that are summarised", len(ps))
		}
	})
}

func TestWhoIsLateIsGivenBackAndTheRoomIsShutUntilATurnIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := small()
		ps := places(t, r, "a")
		var ends []func()
		for _, p := range ps[:2] {
			ends = append(ends, mustTurn(t, p.Read))
		}
		ps[2].Leave()
		began := time.Now()
		if _, err := ps[3].Read(t.Context()); !errors.Is(err, ErrLate) || time.Since(began) != beat {
			t.Fatalf("%v after %v", err, time.Since(began))
		}
		ps[3].Leave()
		if got := places(t, r, "a"); len(got) != 0 {
			t.Errorf("%d leases although the last one waited in vain", len(got))
		}
		ends[0]()
		ps[0].Leave()
		if got := places(t, r, "a"); len(got) == 0 {
			t.Error("no lease although a reader has come free")
		}
	})
}

func TestTheTextOfWaitingDocumentsIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := small()
		ps := places(t, r, "a")
		if !ps[0].Keep(5000) {
			t.Fatal("a document that is larger than the bound is never read")
		}
		if ps[1].Keep(1) {
			t.Fatal("two texts where there is room for one")
		}
		got := make(chan error, 1)
		go func() {
			_, err := ps[1].Summarise(t.Context(), 1)
			got <- err
		}()
		synctest.Wait()
		select {
		case err := <-got:
			t.Fatalf("its text was fetched all the same: %v", err)
		default:
		}
		ps[0].Leave()
		if err := <-got; err != nil {
			t.Error(err)
		}
	})
}

// TestNoSiteKeepsTheOthersOut: one site's documents never come further than their downloads.
func TestNoSiteKeepsTheOthersOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := small()
		stuck := places(t, r, "slow")
		asks := make(chan *Ask, 1)
		go func() {
			a, err := r.Ask(t.Context(), "good", time.Second)
			if err != nil {
				t.Error(err)
			}
			asks <- a
		}()
		synctest.Wait()
		for _, p := range stuck[:2] {
			p.Leave()
		}
		a := <-asks
		if got := places(t, r, "slow"); len(got) != 0 {
			t.Errorf("%d more for a site that has its share", len(got))
		}
		for range 20 {
			p := a.Take()
			if p == nil {
				t.Fatal("no place for a document of the good site")
			}
			summarise(t, p)()
			p.Leave()
			a.End()
			if a, _ = r.Ask(t.Context(), "good", time.Second); a == nil || a.N == 0 {
				t.Fatal("no room for the good site")
			}
		}
		a.End()
	})
}

func TestDownloadsThatHangShutTheRoomForTheirSiteAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Limits{Jobs: 40, Readers: 8, Calls: 3, Text: 1000, Patience: beat})
		ps := places(t, r, "slow")
		for _, p := range ps[:perSiteFiles] {
			mustTurn(t, p.Download)
		}
		if _, err := ps[perSiteFiles].Download(t.Context()); !errors.Is(err, ErrLate) {
			t.Fatal(err)
		}
		for _, p := range ps[perSiteFiles:] {
			p.Leave()
		}
		if got := places(t, r, "slow"); len(got) != 0 {
			t.Errorf("%d more documents whose downloads would wait", len(got))
		}
		if got := places(t, r, "good"); len(got) == 0 {
			t.Error("the other site is shut out, too")
		}
	})
}

func TestRoomIsNotKeptForASiteThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Limits{Jobs: 2, Readers: 2, Calls: 2, Text: 1000, Patience: beat})
		hanging, err := r.Ask(t.Context(), "hanging", time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if a := r.Probe("good"); a.N != 0 {
			t.Fatalf("%d are free", a.N)
		}
		began := time.Now()
		good, err := r.Ask(t.Context(), "good", time.Second)
		if err != nil || time.Since(began) != time.Second {
			t.Fatalf("%v after %v", err, time.Since(began))
		}
		for range good.N {
			if good.Take() == nil {
				t.Fatal("what was asked for is not there")
			}
		}
		good.End()
		late := 0
		for hanging.Take() != nil { // it answers after all
			late++
		}
		if late+r.InUse() > 4 || r.InUse() > 2 {
			t.Errorf("%d documents in room for 2", r.InUse())
		}
	})
}

func TestWhoStopsWaitingToAskLeavesTheRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Limits{Jobs: 1, Readers: 1, Calls: 1, Text: 1000, Patience: beat})
		p := places(t, r, "a")[0]
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := r.Ask(ctx, "b", time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		p.Leave()
		if got := places(t, r, "a"); len(got) != 1 {
			t.Errorf("%d places, want 1", len(got))
		}
	})
}

func TestDocumentsFollowTheCallsOfTheModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Limits{Jobs: 40, Readers: 6, Calls: 6, Text: 1000, Patience: beat})
		r.main.Fit(2)
		ends := make(chan func(), 6)
		for _, p := range places(t, r, "a")[:6] {
			go func() {
				if end, err := p.Summarise(t.Context(), 10); err == nil {
					ends <- end
				}
			}()
		}
		synctest.Wait()
		if n := len(ends); n != 2 {
			t.Fatalf("%d documents are summarised, want 2", n)
		}
		r.main.Fit(4)
		synctest.Wait()
		if n := len(ends); n != 4 {
			t.Fatalf("%d documents are summarised where the model has room for 4", n)
		}
		r.main.Fit(1)
		for range 3 { // those under way go on; none follows
			(<-ends)()
		}
		synctest.Wait()
		if n := len(ends); n != 1 {
			t.Fatalf("%d documents are summarised where the model has room for 1", n)
		}
		r.main.Fit(100)
		synctest.Wait()
		if n := len(ends); n != 3 {
			t.Errorf("%d of the last three documents are summarised", n)
		}
	})
}

// A document may give up in the very moment in which the turn it waited for ends. Then there is no turn whose end would open the room again:
// an agent that was late that way asked for nothing any more.
func TestWhoIsLateForATurnThatHasEndedLeavesTheRoomOpen(t *testing.T) {
	r := New(Limits{Jobs: 10, Readers: 1, Calls: 1, Text: 1000, Patience: beat})
	ps := places(t, r, "a")
	for _, p := range ps[1:] {
		p.Leave()
	}
	end := mustTurn(t, ps[0].Read)
	r.late(r.reading, 1)
	if got := places(t, r, "b"); len(got) != 0 {
		t.Errorf("%d leases though the reader is busy and somebody was late for it", len(got))
	}
	end()
	r.late(r.reading, 1) // it noticed only now
	if got := places(t, r, "b"); len(got) == 0 {
		t.Error("a room whose reader is free asks for nothing")
	}
}
