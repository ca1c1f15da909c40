package journal

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

func TestMain(m *testing.M) {
	if run, ok := children[os.Getenv("AIDOC_TEST_CHILD")]; ok {
		run(os.Getenv("AIDOC_TEST_JOURNAL"))
		return
	}
	goleak.VerifyTestMain(m)
}

const site = "https://a.example"

var bg = context.Background()

// clock is settable.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func open(t *testing.T, path string, opts Options) *Journal {
	t.Helper()
	j, err := Open(bg, path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func fresh(t *testing.T) (*Journal, *clock) {
	t.Helper()
	c := newClock()
	return open(t, filepath.Join(t.TempDir(), "journal.db"), Options{Now: c.now}), c
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func job(id, epoch int64, s State) JobRecord {
	return JobRecord{Site: site, JobID: id, Epoch: epoch, LeaseToken: "tok", AttachmentID: 7, Filename: "a b.pdf",
		SHA256: "ab", State: s, Phase: "extract", Done: 1, Total: 2, StartedAt: time.UnixMilli(1764000000123).UTC()}
}

func TestJobs(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	want := job(1, 1, StateExtracting)
	check(t, j.SaveJob(bg, want))
	check(t, j.SaveJob(bg, job(2, 1, StateDone)))
	jobs, err := j.Jobs(bg)
	check(t, err)
	want.UpdatedAt = c.now()
	if len(jobs) != 1 || jobs[0] != want {
		t.Fatalf("unfinished jobs: %+v, want %+v", jobs, want)
	}
	check(t, j.SaveJob(bg, job(1, 3, StateLeased)))
	if err := j.SaveJob(bg, job(1, 2, StateDone)); !errors.Is(err, ErrStaleEpoch) {
		t.Errorf("a late writer of an older lease: %v", err)
	}
	got, ok, err := j.Job(bg, site, 1)
	if err != nil || !ok || got.Epoch != 3 || got.State != StateLeased {
		t.Errorf("after the late writer: %+v, %v, %v", got, ok, err)
	}
	if err := j.SaveJob(bg, job(4, 1, "sleeping")); err == nil {
		t.Error("a state that does not exist was saved")
	}
}

func TestResultIDIsMintedOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "j.db")
	j := open(t, path, Options{})
	ids := make([]string, 16)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() { ids[i], _ = j.ResultIDSoon(bg, site, 1, "aa") })
	}
	wg.Wait()
	if len(slices.Compact(ids)) != 1 || len(ids[0]) != 36 {
		t.Fatalf("ids: %v", ids)
	}
	check(t, j.Close())
	j = open(t, path, Options{})
	again, err := j.ResultIDSoon(bg, site, 1, "aa")
	if err != nil || again != ids[0] {
		t.Errorf("after a restart: %s, %v; want %s", again, err, ids[0])
	}
	for name, f := range map[string]func() (string, error){
		"other source": func() (string, error) { return j.ResultIDSoon(bg, site, 1, "bb") },
		"other job":    func() (string, error) { return j.ResultIDSoon(bg, site, 2, "aa") },
		"other site":   func() (string, error) { return j.ResultIDSoon(bg, "https://b.example", 1, "aa") },
	} {
		if id, err := f(); err != nil || id == ids[0] {
			t.Errorf("%s: %s, %v", name, id, err)
		}
	}
	if _, err := j.ResultIDSoon(bg, site, 1, ""); err == nil {
		t.Error("an id was minted for an unknown source")
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	long := []byte(strings.Repeat("Long text compresses. ", 5000))
	want := map[int][]byte{1: []byte("one"), 2: {}, 10: long}
	for n, blob := range want {
		check(t, j.PutPage(bg, "aa", "v1", n, blob))
	}
	check(t, j.PutPage(bg, "aa", "v2", 3, []byte("other version")))
	check(t, j.PutPage(bg, "bb", "v1", 4, []byte("other file")))
	check(t, j.PutPage(bg, "aa", "v1", 1, []byte("uno")))
	want[1] = []byte("uno")
	got, err := pagesOf(j, bg, "aa", "v1")
	check(t, err)
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("pages: %d, want %d", len(got), len(want))
	}
	if err := j.PutPage(bg, "aa", "v1", 0, nil); err == nil {
		t.Error("page 0 was kept")
	}
	if _, ok, err := j.Document(bg, "aa", "v1"); ok || err != nil {
		t.Errorf("a document that was never put: %v, %v", ok, err)
	}
	check(t, putDocument(j, "aa", "v1", []byte(`{"pages":3}`)))
	doc, ok, err := j.Document(bg, "aa", "v1")
	if err != nil || !ok || string(doc) != `{"pages":3}` {
		t.Errorf("document: %s, %v, %v", doc, ok, err)
	}
	if got, _ := pagesOf(j, bg, "aa", "v1"); len(got) != 3 {
		t.Errorf("putting the document changed its pages: %d", len(got))
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	if _, ok, err := j.Get(bg, "k"); ok || err != nil {
		t.Fatalf("%v %v", ok, err)
	}
	want := llm.Completion{Text: "summary — ünïcode", TokensIn: 10, TokensOut: 5}
	check(t, j.Put(bg, "k", want))
	got, ok, err := j.Get(bg, "k")
	if err != nil || !ok || got != want {
		t.Errorf("got %+v, %v, %v", got, ok, err)
	}
}

func TestConcurrentWritersShareCommits(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	const writers, each = 16, 40
	var wg sync.WaitGroup
	errs := make(chan error, writers*each)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				key := fmt.Sprintf("%d-%d", w, i)
				if err := j.Put(bg, key, llm.Completion{Text: key}); err != nil {
					errs <- err
					return
				}
				// What was acknowledged is visible at once.
				if c, ok, err := j.Get(bg, key); err != nil || !ok || c.Text != key {
					errs <- fmt.Errorf("read %s: %v %v %w", key, c, ok, err)
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}

// One bad write in a shared commit fails alone.
func TestBadWriteFailsAlone(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	var wg sync.WaitGroup
	errs := make([]error, 64)
	for i := range errs {
		wg.Go(func() {
			page := i + 1
			if i%8 == 0 {
				page = -i // refused by a CHECK
			}
			errs[i] = j.PutPage(bg, "aa", "v", page, []byte("x"))
		})
	}
	wg.Wait()
	for i, err := range errs {
		if (err != nil) != (i%8 == 0) {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if got, _ := pagesOf(j, bg, "aa", "v"); len(got) != 56 {
		t.Errorf("%d pages kept, want 56", len(got))
	}
}

func TestCancelledWriteIsNotMade(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	ctx, cancel := context.WithCancelCause(bg)
	why := errors.New("draining")
	cancel(why)
	if err := j.Put(ctx, "k", llm.Completion{}); !errors.Is(err, why) {
		t.Errorf("cancelled write: %v", err)
	}
	if _, ok, _ := j.Get(bg, "k"); ok {
		t.Error("the write was made")
	}
}

// While a batch commits, a waiting write can be given up, and then it is never made.
func TestGivingUpWhileWaiting(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	inside, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = j.update(bg, "hold", func(*txn) error { close(inside); <-release; return nil })
	})
	<-inside
	ctx, cancel := context.WithCancel(bg)
	wg.Go(func() {
		if err := j.Put(ctx, "k", llm.Completion{}); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
	})
	cancel()
	close(release)
	wg.Wait()
	if _, ok, _ := j.Get(bg, "k"); ok {
		t.Error("a write that was given up was made")
	}
}

func TestAfterClose(t *testing.T) {
	t.Parallel()
	j, _ := fresh(t)
	check(t, j.Close())
	check(t, j.Close())
	if err := j.Put(bg, "k", llm.Completion{}); !errors.Is(err, ErrClosed) {
		t.Errorf("write after Close: %v", err)
	}
}

func TestSpend(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	for range 3 {
		spent(t, j, Spending{Provider: "openai", Model: "m", Calls: 1, TokensIn: 100, TokensOut: 10, USD: 0.25})
	}
	c.advance(24 * time.Hour)
	spent(t, j, Spending{Provider: "openai", Model: "m", Calls: 1, USD: 1})
	all, err := j.Spend(bg, c.now().Add(-48*time.Hour))
	check(t, err)
	if len(all) != 2 || all[0].Calls != 3 || all[0].TokensIn != 300 || all[0].USD != 0.75 || !all[0].Day.Equal(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("spend: %+v", all)
	}
	today, err := j.Spend(bg, c.now())
	if err != nil || len(today) != 1 || today[0].USD != 1 {
		t.Errorf("today: %+v, %v", today, err)
	}
}

func TestPurge(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	old := job(1, 1, StateDone)
	active := job(2, 1, StateExtracting)
	active.SHA256 = "active"
	for _, r := range []JobRecord{old, active} {
		check(t, j.SaveJob(bg, r))
	}
	for _, sum := range []string{"old", "read", "active"} {
		check(t, putDocument(j, sum, "v", []byte("{}")))
		check(t, j.PutPage(bg, sum, "v", 1, []byte("x")))
	}
	id, err := j.ResultIDSoon(bg, site, 1, "ab")
	check(t, err)
	check(t, j.Enqueue(bg, Item{ID: "bad", Site: site, JobID: 9, Epoch: 1, Kind: KindFail, Body: []byte("{}")}, job(9, 1, StateReporting)))
	check(t, j.Bury(bg, "bad", "refused"))
	check(t, j.Enqueue(bg, Item{ID: "waits", Site: site, JobID: 8, Epoch: 1, Kind: KindFail, Body: []byte("{}")}, job(8, 1, StateReporting)))
	for i := range purgeBatch + 10 {
		check(t, j.Put(bg, fmt.Sprint(i), llm.Completion{Text: "x"}))
	}
	c.advance(31 * 24 * time.Hour)
	_, _, err = j.Document(bg, "read", "v") // a use keeps it
	check(t, err)
	_, _, err = j.Get(bg, "7")
	check(t, err)
	p, err := j.Purge(bg, c.now().Add(-30*24*time.Hour))
	check(t, err)
	if want := (Purged{Jobs: 2, Documents: 1, Steps: purgeBatch + 9, Buried: 1}); p != want {
		t.Errorf("purged %+v, want %+v", p, want)
	}
	if n, _ := pagesOf(j, bg, "old", "v"); len(n) != 0 {
		t.Error("pages of a purged document remain")
	}
	for _, sum := range []string{"read", "active"} {
		if n, _ := pagesOf(j, bg, sum, "v"); len(n) != 1 {
			t.Errorf("%s was purged", sum)
		}
	}
	if n, _, _ := j.OutboxSize(bg); n != 1 {
		t.Errorf("%d waiting messages, want 1", n)
	}
	if again, _ := j.ResultIDSoon(bg, site, 1, "ab"); again == id {
		t.Error("the result id of a purged job is still there")
	}
	check(t, j.Compact(bg))
}

func TestCompactShrinks(t *testing.T) {
	t.Parallel()
	j, c := fresh(t)
	blob := make([]byte, 1<<20)
	for i := range blob {
		blob[i] = byte(i*i>>3 ^ i>>7)
	}
	for n := range 8 {
		check(t, j.PutPage(bg, fmt.Sprint("s", n), "v", 1, append(blob[n*1000:], byte(n))))
	}
	before := j.Bytes()
	c.advance(48 * time.Hour)
	_, err := j.Purge(bg, c.now().Add(-time.Hour))
	check(t, err)
	check(t, j.Compact(bg))
	if after := j.Bytes(); after > before/4 {
		t.Errorf("%d bytes before, %d after", before, after)
	}
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	for _, b := range [][]byte{nil, {}, {0}, []byte(strings.Repeat("a", 1<<20)), []byte("\x01\x02")} {
		got, err := unpack(pack(b))
		if err != nil || !slices.Equal(got, b) {
			t.Errorf("%d bytes came back as %d, %v", len(b), len(got), err)
		}
	}
	for _, bad := range [][]byte{nil, {9, 1}, {blobFlate, 0xff, 0xff}} {
		if _, err := unpack(bad); !errors.Is(err, errBlob) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if n := len(pack([]byte(strings.Repeat("text ", 1000)))); n > 200 {
		t.Errorf("5000 bytes packed to %d", n)
	}
}
