package agent_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// payer is a Summariser of one paid step. The step's answer is on disk when paid is closed; the summary is done only
// where hang is nil.
type payer struct {
	paid  chan struct{}
	hang  bool
	calls int
}

func (p *payer) Name() string { return "test" }

func (p *payer) Summarise(ctx context.Context, _ llm.Document, c llm.Cache, _ func(int, int)) (llm.Summary, error) {
	if _, ok, err := c.Get(ctx, "step-one"); err != nil {
		return llm.Summary{}, err
	} else if !ok {
		p.calls++
		if err := c.Put(ctx, "step-one", llm.Completion{Text: "the paid answer", TokensIn: 7}); err != nil {
			return llm.Summary{}, err
		}
	}
	if p.hang {
		close(p.paid)
		<-ctx.Done()
		return llm.Summary{}, ctx.Err()
	}
	return llm.Summary{Title: "T", Markdown: "Text.", Provider: "test", Model: "test", Chunks: 1}, nil
}

// oneSlot keeps an agent at work from asking for more: a request that is on its way when the agent is killed would bring it a lease
// that nobody works on.
func oneSlot(o *agent.Options) { o.Settings.Slots = 1 }

// An agent that is killed the moment after an answer was paid takes nothing with it: the next one, on another machine
// with the same object store, does not pay again.
func TestAPaidAnswerOutlivesItsAgentAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	first := &payer{paid: make(chan struct{}), hang: true}
	_, kill := start(t, r.agent(oneSlot, func(o *agent.Options) { o.Summariser = first }))
	<-first.paid
	kill()
	r.site.Expire(id)

	dir := t.TempDir()
	j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	second := &payer{}
	stop, _ := start(t, r.with(j, wpclient.New(r.site.Site(), r.site.NewKey(), wpclient.Options{}), func(o *agent.Options) {
		o.Settings.WorkDir, o.Summariser = filepath.Join(dir, "spool"), second
	}))
	r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
	if first.calls != 1 || second.calls != 0 {
		t.Errorf("paid %d and %d times, want once and not again", first.calls, second.calls)
	}
	if left, _ := filepath.Glob(filepath.Join(r.dir, "store", "processed", "*", "checkpoint", "*")); len(left) > 0 {
		t.Errorf("left behind in the store: %v", left)
	}
}

// Where no other agent can come to the store the journal alone has what was paid for, and an agent that was killed goes on from there.
func TestAPaidAnswerOutlivesItsAgentInItsJournal(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	own := func(p *payer) func(*agent.Options) {
		return func(o *agent.Options) { o.Summariser, o.OwnStore = p, true }
	}
	first, second := &payer{paid: make(chan struct{}), hang: true}, &payer{}
	_, kill := start(t, r.agent(oneSlot, own(first)))
	<-first.paid
	kill()
	if err := r.journal.Close(); err != nil {
		t.Fatal(err)
	}
	if kept, _ := filepath.Glob(filepath.Join(r.dir, "store", "processed", "*", "checkpoint", "step-*")); len(kept) > 0 {
		t.Errorf("the store has %v", kept)
	}
	r.site.Expire(id)
	stop, _ := start(t, r.agent(own(second)))
	r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
	if first.calls != 1 || second.calls != 0 {
		t.Errorf("paid %d and %d times, want once and not again", first.calls, second.calls)
	}
}

// A finished result that was never delivered is lost with its machine; the answers in it are not.
func TestAnUndeliveredResultLeavesItsAnswersToTheNextAgent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	refused := make(chan struct{}, 100)
	r.site.Fault(func(req *http.Request) wptest.Fault {
		if !strings.HasSuffix(req.URL.Path, "/result") {
			return wptest.Fault{}
		}
		refused <- struct{}{}
		return wptest.Fault{Kind: wptest.BadGateway}
	})
	first, second := &payer{}, &payer{}
	var read atomic.Bool
	r.reader.gate = onPage(2, func() { read.Store(true) })
	_, kill := start(t, r.agent(oneSlot, func(o *agent.Options) {
		o.Summariser = first
		o.Pressure = func() string {
			if read.Load() {
				return "one document is enough"
			}
			return ""
		}
	}))
	<-refused
	kill()
	r.site.Fault(nil)
	r.site.Expire(id)

	stop, _ := start(t, r.another(wpclient.New(r.site.Site(), r.site.NewKey(), wpclient.Options{}), func(o *agent.Options) { o.Summariser = second }))
	r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
	if first.calls != 1 || second.calls != 0 {
		t.Errorf("paid %d and %d times, want once and not again", first.calls, second.calls)
	}
	if left := r.inCheckpoints(); len(left) > 0 {
		t.Errorf("left behind in the store: %v", left)
	}
}

// A recognised page is in the store before any beat could tell of it, and is found there by its name.
func TestARecognisedPageOutlivesItsAgentAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.reader.ocr = true
	reached := make(chan struct{})
	r.reader.gate = func(ctx context.Context, page int) error {
		if page == 1 {
			return nil
		}
		close(reached)
		<-ctx.Done()
		return ctx.Err()
	}
	id := r.site.AddJob("scan.txt", "text/plain", []byte(page1+"\f"+page2))
	_, kill := start(t, r.agent(oneSlot))
	<-reached
	r.until("the page is in the store", func() bool { return len(r.inCheckpoints()) == 1 })
	kill()
	r.site.Expire(id)

	r.reader.gate = nil
	stop, _ := start(t, r.another(wpclient.New(r.site.Site(), r.site.NewKey(), wpclient.Options{})))
	got := r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
	r.wantReads(1, 0, 1)
	if got.Result.Pages != 2 || got.Result.PagesOCR != 2 {
		t.Errorf("%d pages, %d of them recognised", got.Result.Pages, got.Result.PagesOCR)
	}
	if left := r.inCheckpoints(); len(left) > 0 {
		t.Errorf("left behind in the store: %v", left)
	}
}

// What one job left is of no use to another reader of the same document, whose pages may differ.
func TestPagesOfAnotherReaderAreNotTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.reader.ocr = true
	id := r.site.AddJob("scan.txt", "text/plain", []byte(page1))
	key := filepath.Join(r.dir, "store", "processed", fmt.Sprint(id), "checkpoint", "page-000000000000-00001.jsonl")
	if err := os.MkdirAll(filepath.Dir(key), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, []byte(`{"page":{"number":1,"method":"ocr","text":"what an older reader read"}}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	client := r.site.Client(wpclient.Options{})
	if _, err := client.Lease(t.Context(), wpclient.LeaseRequest{RequestID: "00000000-0000-4000-8000-000000000001", FreeSlots: 1}); err != nil {
		t.Fatal(err)
	}
	r.site.Expire(id)
	stop, _ := start(t, r.agent())
	r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
	r.wantReads(1, 0, 0)
	if left := r.inCheckpoints(); len(left) > 0 {
		t.Errorf("left behind in the store: %v", left)
	}
}
