package journal

import (
	"errors"
	"math"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var aDocument = KeyOfDocument{Site: site, Document: "7:abc"}

func always(Totals) error { return nil }

// spent books s for aDocument.
func spent(t *testing.T, j *Journal, s Spending) {
	t.Helper()
	id, err := j.ReserveSpend(bg, aDocument, s, always)
	check(t, err)
	check(t, j.SettleSpend(bg, id, s))
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func openWith(t *testing.T, c *clock) *Journal {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "j.db"), Options{Now: c.now})
}

// What was paid for is told apart: a page that a model read is no part of what summaries cost, and both count against every cap.
func TestSpendTellsStepsApart(t *testing.T) {
	c := newClock()
	j := openWith(t, c)
	for _, step := range []string{"summary", "vision", "vision"} {
		spent(t, j, Spending{Provider: "openai", Model: "m", Step: step, Calls: 1, TokensIn: 100, USD: 0.5})
	}
	_, err := j.ReserveSpend(bg, aDocument, Spending{Provider: "openai", Model: "m", Step: "vision", TokensIn: 10, USD: 1}, always)
	check(t, err)
	check(t, j.update(bg, "a new start", func(tx *txn) error { return bookAbandoned(tx, 1) }))
	all, err := j.Spend(bg, c.now())
	if err != nil || len(all) != 2 || all[0].Step != "summary" || all[0].Calls != 1 || all[1].Step != "vision" || all[1].Calls != 3 || all[1].TokensIn != 210 || !near(all[1].USD, 2) {
		t.Errorf("%+v, %v", all, err)
	}
	if got, err := j.SpendTotals(bg, aDocument); err != nil || got.Document.Tokens != 310 || got.Day.Tokens != 310 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSpendIsReservedAndSettled(t *testing.T) {
	c := newClock()
	j := openWith(t, c)
	id, err := j.ReserveSpend(bg, aDocument, Spending{Provider: "openai", Model: "m", TokensIn: 1000, TokensOut: 500, USD: 0.5}, always)
	check(t, err)
	held := Spent{1500, 0.5}
	if got, err := j.SpendTotals(bg, aDocument); err != nil || got != (Totals{held, held, held, held, held}) {
		t.Fatalf("a call under way counts: %+v, %v", got, err)
	}
	if all, err := j.Spend(bg, c.now()); err != nil || len(all) != 0 {
		t.Fatalf("booked before it was over: %+v, %v", all, err)
	}
	check(t, j.SettleSpend(bg, id, Spending{Calls: 1, TokensIn: 900, TokensCached: 300, TokensOut: 100, USD: 0.2}))
	used := Spent{1000, 0.2}
	if got, err := j.SpendTotals(bg, aDocument); err != nil || got != (Totals{used, used, used, used, used}) {
		t.Fatalf("totals: %+v, %v", got, err)
	}
	all, err := j.Spend(bg, c.now())
	if err != nil || len(all) != 1 || all[0].Site != site || all[0].Model != "m" || all[0].TokensCached != 300 || all[0].Calls != 1 {
		t.Fatalf("spend: %+v, %v", all, err)
	}
	if err := j.SettleSpend(bg, id, Spending{Calls: 1}); err == nil {
		t.Error("settled twice")
	}
	if got, _ := j.SpendTotals(bg, KeyOfDocument{Site: site, Document: "8:abc"}); got.Document != (Spent{}) || got.Day != used {
		t.Errorf("of another document: %+v", got)
	}
}

func TestDaysAndMonthsRenew(t *testing.T) {
	c := newClock()
	j := openWith(t, c)
	spend := func(tokens int64) {
		id, err := j.ReserveSpend(bg, aDocument, Spending{TokensIn: tokens}, always)
		check(t, err)
		check(t, j.SettleSpend(bg, id, Spending{Calls: 1, TokensIn: tokens}))
	}
	expect := func(day, month, document int64) {
		t.Helper()
		got, err := j.SpendTotals(bg, aDocument)
		check(t, err)
		if got.Day.Tokens != day || got.Month.Tokens != month || got.Document.Tokens != document {
			t.Errorf("%s: %+v, want %d, %d, %d", c.now(), got, day, month, document)
		}
	}
	spend(10)
	expect(10, 10, 10)
	c.advance(24 * time.Hour)
	spend(5)
	expect(5, 15, 15)
	c.advance(8 * 24 * time.Hour) // the next month
	expect(0, 0, 15)
}

// The sum of what was let through is the cap to the token, whatever comes first.
func TestReservationsOfManyAreExact(t *testing.T) {
	j := openWith(t, newClock())
	const limit, each = 10_000, 70
	over := errors.New("over the cap")
	allow := func(t Totals) error {
		if t.Day.Tokens+each > limit {
			return over
		}
		return nil
	}
	var granted atomic.Int64
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for {
				id, err := j.ReserveSpend(bg, aDocument, Spending{TokensIn: each}, allow)
				if errors.Is(err, over) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				granted.Add(1)
				if granted.Load()%3 != 0 { // some stay under way
					if err := j.SettleSpend(bg, id, Spending{Calls: 1, TokensIn: each}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	workers.Wait()
	if want := int64(limit / each); granted.Load() != want {
		t.Errorf("%d calls were let through, want %d", granted.Load(), want)
	}
}

func TestWhatAKilledProcessWasCallingCountsAsSpent(t *testing.T) {
	c := newClock()
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{Now: c.now})
	_, err := j.ReserveSpend(bg, aDocument, Spending{Provider: "openai", Model: "m", TokensIn: 1000, TokensOut: 500, USD: 0.5}, always)
	check(t, err)
	check(t, j.Close()) // what is not settled when a process ends is not settled, however it ends

	j = open(t, path, Options{Now: c.now})
	all, err := j.Spend(bg, c.now())
	if err != nil || len(all) != 1 || all[0].Calls != 1 || all[0].Tokens() != 1500 || !near(all[0].USD, 0.5) {
		t.Fatalf("spend: %+v, %v", all, err)
	}
	if got, _ := j.SpendTotals(bg, aDocument); got.Document != (Spent{1500, 0.5}) || got.Day != (Spent{1500, 0.5}) {
		t.Errorf("totals: %+v", got)
	}
}

func TestWhatOthersSpentOnADocument(t *testing.T) {
	j := openWith(t, newClock())
	id, err := j.ReserveSpend(bg, aDocument, Spending{TokensIn: 100, USD: 1}, always)
	check(t, err)
	check(t, j.SettleSpend(bg, id, Spending{Calls: 1, TokensIn: 100, USD: 1}))
	for _, step := range []struct{ elsewhere, want Spent }{
		{Spent{50, 0.5}, Spent{100, 1}},    // an older sum, this agent's own in it
		{Spent{300, 2.5}, Spent{300, 2.5}}, // others went on
		{Spent{}, Spent{300, 2.5}},
	} {
		got, err := j.KnowSpent(bg, aDocument, step.elsewhere)
		if err != nil || got != step.want {
			t.Errorf("told of %+v it knows %+v, %v; want %+v", step.elsewhere, got, err, step.want)
		}
	}
	if got, _ := j.SpendTotals(bg, aDocument); got.Day != (Spent{100, 1}) {
		t.Errorf("what others spent is not this agent's day: %+v", got.Day)
	}
}

func TestPurgeForgetsDocumentsNotDays(t *testing.T) {
	c := newClock()
	j := openWith(t, c)
	id, err := j.ReserveSpend(bg, aDocument, Spending{TokensIn: 100}, always)
	check(t, err)
	check(t, j.SettleSpend(bg, id, Spending{Calls: 1, TokensIn: 100}))
	c.advance(40 * 24 * time.Hour)
	_, err = j.Purge(bg, c.now().Add(-30*24*time.Hour))
	check(t, err)
	if got, _ := j.SpendTotals(bg, aDocument); got.Document != (Spent{}) {
		t.Errorf("still known: %+v", got.Document)
	}
	if all, err := j.Spend(bg, time.Time{}); err != nil || len(all) != 1 {
		t.Errorf("days: %+v, %v", all, err)
	}
}
