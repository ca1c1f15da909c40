package agent_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// TestWaitingForAModelCostsNoReading: without any setting, the rate is that of the readers, however long a model takes, as long as the calls that run at
// a time are enough. The reading is that of the mix measured in docs/benchmarks-pipeline.md: 2.3 documents a second on two cores.
func TestWaitingForAModelCostsNoReading(t *testing.T) {
	t.Parallel()
	const documents, calls = 100, 8
	took := func(call time.Duration) (d time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			s := &memSite{left: documents, way: 20 * time.Millisecond}
			d = runFor(t, time.Hour, slowly(2, 880*time.Millisecond), []*memSite{s}, func(o *agent.Options) {
				o.Summariser = asker{o.Summariser, call, make(chan struct{}, calls)}
				o.Settings.Calls = calls + 2
			}, func() bool { return s.finished() == documents })
			if s.done != documents || s.released != 0 {
				t.Errorf("%d of %d documents are done, %d were given back", s.done, documents, s.released)
			}
			if s.leases > documents/2 {
				t.Errorf("%d requests for %d leases", s.leases, documents)
			}
			t.Logf("a call takes %v: %v, %d requests for work, %d beats, at most %d held", call, d, s.leases, s.beats, s.most)
		})
		return d
	}
	fast := took(0)
	for call, least := range map[time.Duration]float64{300 * time.Millisecond: .95, 3 * time.Second: .90} {
		if rate := float64(fast) / float64(took(call)); rate < least {
			t.Errorf("at %v a call the rate is %.3f of that at none, want %.2f", call, rate, least)
		}
	}
}

// TestSitesThatFailCostTheOthersNothing: two sites hang and two answer 502, in an agent with room for two documents and ten sites that have work.
func TestSitesThatFailCostTheOthersNothing(t *testing.T) {
	t.Parallel()
	const window = 40 * time.Second
	done := func(bad ...*memSite) (n int) {
		synctest.Test(t, func(t *testing.T) {
			var working []*memSite
			for range 10 {
				working = append(working, &memSite{left: 1 << 20, way: 20 * time.Millisecond})
			}
			runFor(t, window, slowly(2, time.Second), append(bad, working...), func(o *agent.Options) { o.Settings.Slots = 2 }, func() bool { return false })
			least := 1 << 30
			for _, s := range working {
				n += s.finished()
				least = min(least, s.finished())
			}
			if least < n/20 {
				t.Errorf("one site has %d of %d documents done: not fair", least, n)
			}
		})
		return n
	}
	alone := done()
	beside := done(&memSite{hang: true}, &memSite{hang: true}, &memSite{down: true}, &memSite{down: true})
	t.Logf("%d documents alone, %d beside sites that fail", alone, beside)
	if float64(beside) < .95*float64(alone) {
		t.Errorf("%d documents, and %d beside sites that fail", alone, beside)
	}
}

// TestADocumentTakesAboutTwoRequests: its file, and its parts of a request for work and of one that brings results. Beats are for what takes longer.
func TestADocumentTakesAboutTwoRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const documents = 60
		s := &memSite{left: documents, way: 20 * time.Millisecond, takes: []string{wpclient.TakesResults}}
		runFor(t, time.Hour, slowly(2, 400*time.Millisecond), []*memSite{s}, func(*agent.Options) {}, func() bool { return s.finished() == documents })
		if all := s.leases + s.files + s.results + s.beats; float64(all) > 2*documents || s.files != documents || s.beats != 0 {
			t.Errorf("%d requests for %d documents: %d for work, %d files, %d that brought results, %d beats", all, documents, s.leases, s.files, s.results, s.beats)
		}
		t.Logf("%d for work, %d files, %d that brought results, %d beats", s.leases, s.files, s.results, s.beats)
	})
}

// TestALongDocumentIsRenewed: the first beat is due one interval after the lease.
func TestALongDocumentIsRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &memSite{left: 1}
		runFor(t, time.Hour, slowly(1, 5*time.Minute), []*memSite{s}, func(*agent.Options) {}, func() bool { return s.finished() == 1 })
		if s.done != 1 || s.beats < 8 || s.beats > 12 {
			t.Errorf("%d beats in five minutes, %d done", s.beats, s.done)
		}
	})
}

// TestADocumentWhoseTurnDoesNotComeIsGivenBack: without an attempt lost, and it is not taken again before a reader is free.
func TestADocumentWhoseTurnDoesNotComeIsGivenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var ids []int64
	for n := range 4 {
		ids = append(ids, r.site.AddJob("d.txt", "text/plain", doc(n)))
	}
	open := make(chan struct{})
	r.reader.gate = func(ctx context.Context, _ int) error {
		select {
		case <-open:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	stop, _ := start(t, r.agent(func(o *agent.Options) {
		o.Settings.Readers, o.Settings.TurnWait = 1, 200*time.Millisecond
	}))
	defer stop()
	back := func() (n int) {
		for _, q := range r.site.Requests() {
			if strings.HasSuffix(q.Route, "/release") && q.Status == 200 {
				n++
			}
		}
		return n
	}
	r.until("a document is given back", func() bool { return back() > 0 })
	r.awaitRequests(3) // it goes on asking
	if got := back(); got > 2 {
		t.Errorf("%d documents were given back while one blocks the reader", got)
	}
	close(open)
	for _, id := range ids {
		if got := r.await(id, wptest.Done); got.Crashes != 0 || len(got.Failures) != 0 || got.Accepted != 1 {
			t.Errorf("job %d: %d crashes, failures %v, accepted %d times", id, got.Crashes, got.Failures, got.Accepted)
		}
	}
}

// TestTextThatThereIsNoRoomForWaitsInTheJournal: failed pages, which are not in it, are not forgotten.
func TestTextThatThereIsNoRoomForWaitsInTheJournal(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var ids []int64
	for n := range 6 {
		ids = append(ids, r.site.AddJob("d.txt", "text/plain", append(doc(n), "\ffail "+strconv.Itoa(n)...)))
	}
	held := &textGauge{}
	stop, _ := start(t, r.agent(func(o *agent.Options) {
		o.Settings.TextBytes, o.Settings.Readers, o.Settings.Calls = 300, 4, 4 // that of one document
		held.Summariser, o.Summariser = o.Summariser, held
	}))
	defer stop()
	for n, id := range ids {
		res := r.await(id, wptest.Done).Result
		if res.Pages != 3 || !slices.Equal(res.PagesFailed, []int{3}) {
			t.Errorf("document %d: pages %d, failed %v", n, res.Pages, res.PagesFailed)
		}
		text, err := os.ReadFile(filepath.Join(r.dir, "store", res.S3TextKey))
		if err != nil || !strings.Contains(string(text), fmt.Sprintf("Document %d.", n)) || !strings.Contains(string(text), page2) {
			t.Errorf("text of document %d: %v %q", n, err, text)
		}
	}
	if held.most != 1 {
		t.Errorf("the text of %d documents was in memory at once, want 1", held.most)
	}
}

// textGauge counts the documents whose text it was given.
type textGauge struct {
	llm.Summariser
	mu        sync.Mutex
	now, most int
}

func (g *textGauge) Summarise(ctx context.Context, d llm.Document, c llm.Cache, progress func(int, int)) (llm.Summary, error) {
	g.mu.Lock()
	g.now++
	g.most = max(g.most, g.now)
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.now--
		g.mu.Unlock()
	}()
	runtime.Gosched()
	return g.Summariser.Summarise(ctx, d, c, progress)
}
