package journal

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

var inBatch = Spending{Provider: "openai", Model: "m", TokensIn: 100, TokensOut: 20, USD: 0.5, Batch: true}

func deferOne(t *testing.T, j *Journal, key string) {
	t.Helper()
	check(t, j.Defer(bg, aDocument, Question{Key: key, Path: "/v1/x", Body: []byte(`{"q":"` + key + `"}`)}, inBatch, always))
}

func begin(t *testing.T, j *Journal, id string, most int) []Question {
	t.Helper()
	got, err := j.BeginBatch(bg, Batch{ID: id, Account: "openai/a"}, "openai", "m", "/v1/x", most, 1<<20)
	check(t, err)
	return got
}

func TestQuestionsKeepTheirReservationThroughRestarts(t *testing.T) {
	t.Parallel()
	c := newClock()
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{Now: c.now})
	deferOne(t, j, "k1")
	deferOne(t, j, "k1") // told twice it is held once
	refusal := errors.New("over the cap")
	err := j.Defer(bg, aDocument, Question{Key: "k2"}, inBatch, func(got Totals) error {
		if got.Document != (Spent{120, 0.5}) {
			t.Errorf("a question that waits does not count: %+v", got)
		}
		return refusal
	})
	if d, _ := j.Deferred(bg, "k2"); !errors.Is(err, refusal) || d.Wait != llm.NotDeferred {
		t.Errorf("refused, and kept: %v, %+v", err, d)
	}
	if _, err := j.ReserveSpend(bg, aDocument, Spending{Provider: "openai", Model: "m", TokensIn: 7}, always); err != nil { // a call that dies with its process
		t.Fatal(err)
	}
	for range 2 {
		check(t, j.Close())
		j = open(t, path, Options{Now: c.now})
	}
	if all, err := j.Spend(bg, c.now()); err != nil || len(all) != 1 || all[0].TokensIn != 7 || all[0].Batch {
		t.Fatalf("booked %+v, %v", all, err)
	}
	if got, err := j.DeferredSpend(bg, aDocument); err != nil || got != (DeferredTotals{Known: true, Held: Spent{120, 0.5}}) {
		t.Errorf("held %+v, %v", got, err)
	}
	if got := begin(t, j, "b1", 10); len(got) != 1 || string(got[0].Body) != `{"q":"k1"}` {
		t.Fatalf("%+v", got)
	}
	answer := llm.Completion{Text: "notes", TokensIn: 90, TokensCached: 3, TokensOut: 10, Stop: llm.StopLength, Thought: true}
	cost := llm.Charge{Provider: "openai", Model: "m", Calls: 1, TokensIn: 90, TokensCached: 3, TokensOut: 10, USD: 0.25, Batch: true}
	for _, batch := range []string{"other", "b1", "b1"} { // of another batch; once; once more after a crash
		if known, err := j.Answer(bg, batch, "k1", answer, cost); err != nil || known != (batch == "b1") {
			t.Fatalf("%s: %v, %v", batch, known, err)
		}
	}
	d, err := j.Deferred(bg, "k1")
	check(t, err)
	if d.Wait != llm.Answered || d.Answer != answer || d.Charge != cost {
		t.Errorf("%+v", d)
	}
	if got, err := j.DeferredSpend(bg, aDocument); err != nil || got != (DeferredTotals{Known: true, Billed: Spent{100, 0.25}}) {
		t.Errorf("billed %+v, %v", got, err)
	}
	all, err := j.Spend(bg, c.now())
	check(t, err)
	if len(all) != 2 || !all[1].Batch || all[1].Calls != 1 || !near(all[1].USD, 0.25) || all[1].TokensCached != 3 {
		t.Errorf("booked %+v", all)
	}
	var left int
	check(t, j.read.QueryRow(`SELECT count(*) FROM batch_questions WHERE length(body)>0`).Scan(&left))
	if left != 0 {
		t.Error("text of a document is kept that nobody needs")
	}
}

func TestABatchTakesTheOldestThatFit(t *testing.T) {
	t.Parallel()
	c := newClock()
	j := openWith(t, c)
	for _, key := range []string{"a", "b", "c"} {
		deferOne(t, j, key)
		c.advance(time.Second)
	}
	if got := begin(t, j, "b1", 2); len(got) != 2 || got[0].Key != "a" || got[1].Key != "b" {
		t.Fatalf("%+v", got)
	}
	if got := begin(t, j, "b2", 2); len(got) != 1 || got[0].Key != "c" {
		t.Fatalf("%+v", got)
	}
	if got := begin(t, j, "b3", 2); got != nil {
		t.Fatalf("%+v", got)
	}
	check(t, j.Regather(bg, "b1"))
	open, err := j.OpenBatches(bg)
	check(t, err)
	if len(open) != 1 || open[0].ID != "b2" || open[0].Stage != BatchSending || open[0].Questions != 1 {
		t.Errorf("%+v", open)
	}
	if got, err := j.BeginBatch(bg, Batch{ID: "b4"}, "openai", "m", "/v1/x", 10, 12); err != nil || len(got) != 1 || got[0].Key != "a" {
		t.Errorf("more bytes than fit: %+v, %v", got, err)
	}
	totals, err := j.BatchTotals(bg)
	check(t, err)
	if totals.Gathered != 1 || totals.Questions != 2 || totals.Batches != 2 || totals.Documents != 1 {
		t.Errorf("%+v", totals)
	}
}

func TestGivenUpQuestionsCountAsTheyWereBilled(t *testing.T) {
	t.Parallel()
	for billed, want := range map[bool]int64{true: 240, false: 0} {
		c := newClock()
		j := openWith(t, c)
		deferOne(t, j, "a")
		deferOne(t, j, "b")
		begin(t, j, "b1", 10)
		deferOne(t, j, "c")
		check(t, j.EndBatch(bg, "b1", billed))
		c.advance(time.Hour)
		check(t, j.GiveUpGathered(bg, c.now()))
		totals, err := j.SpendTotals(bg, aDocument)
		check(t, err)
		if got, err := j.DeferredSpend(bg, aDocument); err != nil || totals.Day.Tokens != want || got.Billed.Tokens != want {
			t.Errorf("billed %v: %+v, %+v, %v", billed, totals, got, err)
		}
		for _, key := range []string{"a", "b", "c"} {
			if d, err := j.Deferred(bg, key); err != nil || d.Wait != llm.GivenUp {
				t.Errorf("%s: %+v, %v", key, d, err)
			}
		}
		if n, err := j.BatchTotals(bg); err != nil || n != (BatchTotals{}) {
			t.Errorf("%+v, %v", n, err)
		}
		c.advance(time.Hour)
		if _, err := j.Purge(bg, c.now()); err != nil {
			t.Fatal(err)
		}
		if got, err := j.DeferredSpend(bg, aDocument); err != nil || got.Known {
			t.Error("not purged")
		}
	}
}
