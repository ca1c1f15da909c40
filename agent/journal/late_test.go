package journal

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// told receives what became of a write that waits for company.
func told() (chan error, func(error)) {
	c := make(chan error, 1)
	return c, func(err error) { c <- err }
}

// What waits goes with the next transaction, and before what was asked after it.
func TestALateWriteGoesWithTheNext(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	var first, second *txn
	ended, tell := told()
	j.later("wait", false, func(tx *txn) error { first = tx; return nil }, tell)
	check(t, j.update(bg, "write", func(tx *txn) error { second = tx; return nil }))
	check(t, <-ended)
	if first == nil || first != second {
		t.Error("two transactions were made")
	}
}

func TestALateWriteIsMadeWithoutCompany(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	ended, tell := told()
	j.SaveJobSoon(job(1, 1, StateExtracting), tell)
	select {
	case err := <-ended:
		check(t, err)
	case <-time.After(time.Minute):
		t.Fatal("it waits for ever")
	}
	if jobs, err := j.Jobs(bg); err != nil || len(jobs) != 1 || jobs[0].State != StateExtracting {
		t.Errorf("%+v, %v", jobs, err)
	}
}

// A call that was settled is no reservation to whoever asks next, without a wait.
func TestWhatIsSettledSoonIsKnownAtOnce(t *testing.T) {
	t.Parallel()
	c := newClock()
	j := openWith(t, c)
	const each = 40
	for n := range 20 {
		id, err := j.ReserveSpend(bg, aDocument, Spending{Provider: "openai", Model: "m", TokensIn: 1000}, func(t Totals) error {
			if t.Day.Tokens != int64(n*each) {
				return errors.New("a settled call counts as a reservation")
			}
			return nil
		})
		check(t, err)
		_, tell := told()
		j.SettleSpendSoon(id, Spending{Calls: 1, TokensIn: each}, tell)
		switch n % 3 {
		case 0:
			if got, err := j.SpendTotals(bg, aDocument); err != nil || got.Document.Tokens != int64((n+1)*each) {
				t.Fatalf("%+v, %v", got, err)
			}
		case 1:
			if all, err := j.Spend(bg, c.now()); err != nil || len(all) != 1 || all[0].Calls != n+1 {
				t.Fatalf("%+v, %v", all, err)
			}
		}
	}
}

// Of writes that share a transaction one that fails undoes its own change only.
func TestALateWriteFailsAlone(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	ended, tell := told()
	j.SettleSpendSoon(4711, Spending{Calls: 1}, tell)
	check(t, j.Put(bg, "k", llm.Completion{Text: "kept"}))
	if err := <-ended; err == nil {
		t.Error("a call that was never reserved was settled")
	}
	if got, ok, err := j.Get(bg, "k"); err != nil || !ok || got.Text != "kept" {
		t.Errorf("%+v, %v, %v", got, ok, err)
	}
	check(t, j.SaveJob(bg, job(1, 2, StateLeased)))
	ended, tell = told()
	j.SaveJobSoon(job(1, 1, StateStoring), tell)
	check(t, j.update(bg, "write", func(*txn) error { return nil }))
	if err := <-ended; !errors.Is(err, ErrStaleEpoch) {
		t.Errorf("a late write of an older lease: %v", err)
	}
}

func TestCloseWritesWhatWaits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, path, Options{})
	ended, tell := told()
	j.SaveJobSoon(job(1, 1, StateStoring), tell)
	check(t, j.Close())
	check(t, <-ended)
	ended, tell = told()
	j.SaveJobSoon(job(2, 1, StateStoring), tell)
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	j = open(t, path, Options{})
	if jobs, err := j.Jobs(bg); err != nil || len(jobs) != 1 || jobs[0].State != StateStoring {
		t.Errorf("%+v, %v", jobs, err)
	}
}

// Whoever writes and whoever waits at the same time, each is told once, and nothing is lost when the journal closes meanwhile.
func TestEveryLateWriteIsToldOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	j := open(t, path, Options{})
	const writers, each = 4, 50
	var done sync.WaitGroup
	var mu sync.Mutex
	wrote := map[int64]int{}
	for w := range writers {
		done.Go(func() {
			for i := range each {
				id := int64(w*each + i + 1)
				done.Add(1)
				j.SaveJobSoon(job(id, 1, StateStoring), func(err error) {
					defer done.Done()
					mu.Lock()
					defer mu.Unlock()
					if wrote[id]++; wrote[id] > 1 {
						t.Errorf("job %d is told twice", id)
					}
					if err != nil {
						delete(wrote, id)
					}
				})
				if i%10 == w {
					_ = j.Put(context.Background(), "k", llm.Completion{})
				}
				if w == 0 && i == each/2 {
					_ = j.Close()
				}
			}
		})
	}
	done.Wait()
	j = open(t, path, Options{})
	jobs, err := j.Jobs(bg)
	if err != nil || len(jobs) != len(wrote) || len(jobs) == 0 {
		t.Errorf("%d jobs, %d were said to be written, %v", len(jobs), len(wrote), err)
	}
}

// putDocument keeps a document and waits until it is kept.
func putDocument(j *Journal, sha256, version string, doc []byte) error {
	ended, tell := told()
	j.PutDocumentSoon(sha256, version, doc, tell)
	j.catchUp(bg, true)
	return <-ended
}

// An id is on disk before the result that holds it, and takes no transaction of its own.
func TestAResultsIDGoesWithItsResult(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	check(t, j.SaveJob(bg, job(1, 1, StateStoring)))
	id, err := j.ResultIDSoon(bg, site, 1, "aa")
	check(t, err)
	kept := func() (n int) {
		check(t, j.read.QueryRowContext(bg, `SELECT count(*) FROM results WHERE result_id=?`, id).Scan(&n))
		return n
	}
	before := kept()
	check(t, j.Enqueue(bg, Item{ID: id, Site: site, JobID: 1, Epoch: 1, Kind: KindResult, Body: []byte("{}")}, job(1, 1, StateReporting)))
	if after := kept(); before != 0 || after != 1 {
		t.Errorf("%d ids in the journal before the result, %d after it", before, after)
	}
	if again, err := j.ResultIDSoon(bg, site, 1, "aa"); err != nil || again != id {
		t.Errorf("%s, %v in place of %s", again, err, id)
	}
}

// What is known of a document is in the journal with the first of its pages.
func TestADocumentGoesWithItsPages(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	ended, tell := told()
	j.PutDocumentSoon("aa", "v", []byte("doc"), tell)
	check(t, j.PutPage(bg, "aa", "v", 1, []byte("page")))
	check(t, <-ended)
	if doc, ok, err := j.Document(bg, "aa", "v"); string(doc) != "doc" || !ok || err != nil {
		t.Errorf("%q, %v, %v", doc, ok, err)
	}
}
