package outbox

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

const home = "https://example.org"

// script answers one result after the other; after its end the site takes everything.
type script struct {
	mu      sync.Mutex
	answers []error
	results int
	fails   []wpclient.FailRequest
}

func (s *script) Result(context.Context, []byte) (wpclient.ResultResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results++
	if s.results <= len(s.answers) {
		return wpclient.ResultResponse{}, s.answers[s.results-1]
	}
	return wpclient.ResultResponse{PostID: 9}, nil
}

func (s *script) Fail(_ context.Context, r wpclient.FailRequest) (wpclient.FailResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = append(s.fails, r)
	return wpclient.FailResponse{}, nil
}

func answer(kind wpclient.Kind) error { return &wpclient.Error{Op: "result", Kind: kind} }

// fullJournal has no room for anything until it has refused so often.
type fullJournal struct {
	Journal
	refuses int
	settled []string
}

func (f *fullJournal) Enqueue(context.Context, journal.Item, journal.JobRecord) error {
	if f.refuses--; f.refuses >= 0 {
		return journal.ErrDiskFull
	}
	return nil
}

func (f *fullJournal) Delivered(_ context.Context, ids ...string) error {
	f.settled = append(f.settled, ids...)
	return nil
}

func (f *fullJournal) Bury(_ context.Context, id, _ string) error {
	f.settled = append(f.settled, id)
	return nil
}

func box(j Journal, to Sender, concluded func(Conclusion), stopping <-chan struct{}) *Outbox {
	return New(Options{
		Journal: j, Sender: func(url string) (Sender, bool) { return to, url == home }, Stored: func(journal.Item) {},
		Concluded: func(_ context.Context, c Conclusion) { concluded(c) }, Stopping: stopping, MaxItems: 2, RetryMin: time.Millisecond, Log: slog.New(slog.DiscardHandler),
	})
}

func result(id, site string) journal.Item {
	return journal.Item{ID: id, Site: site, JobID: 7, Epoch: 1, Kind: journal.KindResult, Body: []byte(`{"job_id":7,"epoch":1,"lease_token":"t"}`), CreatedAt: time.Now()}
}

func record(site string) journal.JobRecord {
	return journal.JobRecord{Site: site, JobID: 7, Epoch: 1, LeaseToken: "t", State: journal.StateReporting, StartedAt: time.Now()}
}

func TestAnItemIsSentUntilTheSiteHasAnswered(t *testing.T) {
	j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	to, told := &script{answers: []error{answer(wpclient.Transient)}}, make(chan Conclusion, 1)
	o := box(j, to, func(c Conclusion) { told <- c }, nil)
	if err := o.Add(t.Context(), result("a", home), record(home)); err != nil {
		t.Fatal(err)
	}
	if err := o.Add(t.Context(), result("b", "https://gone.example"), record("https://gone.example")); err != nil {
		t.Fatal(err)
	}
	if o.Pressure() == "" {
		t.Error("two waiting items of at most two are no pressure")
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { o.Run(ctx); close(ended) }()
	if c := <-told; c.Item.ID != "a" || c.Refusal != nil || !c.Settled {
		t.Errorf("%+v", c)
	}
	stop()
	<-ended
	// What belongs to a site that is not configured waits for it.
	if n, _, err := j.OutboxSize(t.Context()); n != 1 || err != nil || to.results != 2 {
		t.Errorf("%d items wait, %v; sent %d times", n, err, to.results)
	}
}

func TestDeliverDirectly(t *testing.T) {
	away, refusal := answer(wpclient.Transient), answer(wpclient.Conflict)
	for name, c := range map[string]struct {
		answers  []error
		refuses  int
		stopping bool
		state    journal.State
		sent     int
		lost     bool // the outcome is neither with the site nor on disk
	}{
		"the site takes it":            {nil, 9, false, journal.StateDone, 1, false},
		"after two tries":              {[]error{away, away}, 9, false, journal.StateDone, 3, false},
		"the site will never take it":  {[]error{refusal}, 9, false, journal.StateLost, 1, false},
		"the disk has room first":      {[]error{away, away, away}, 1, false, "", 2, false},
		"the agent stops in the midst": {[]error{away, away, away}, 9, true, "", 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				to, j, stopping := &script{answers: c.answers}, &fullJournal{refuses: c.refuses}, make(chan struct{})
				if c.stopping {
					close(stopping)
				}
				concluded := 0
				o := box(j, to, func(Conclusion) { concluded++ }, stopping)
				state, err := o.DeliverDirectly(t.Context(), result("a", home), record(home), journal.ErrDiskFull, slog.New(slog.DiscardHandler))
				if state != c.state || to.results != c.sent || errors.Is(err, journal.ErrDiskFull) != c.lost {
					t.Errorf("state %q, sent %d times, %v", state, to.results, err)
				}
				if want := c.state != ""; (concluded == 1) != want || (len(j.settled) == 1) != want {
					t.Errorf("concluded %d times, settled %v", concluded, j.settled)
				}
			})
		})
	}
}

// A result that the site calls malformed is stated as a failure: without it the job would come back for ever.
func TestAMalformedResultIsStatedAsAFailure(t *testing.T) {
	to := &script{answers: []error{answer(wpclient.Invalid)}}
	o := box(&fullJournal{}, to, func(Conclusion) {}, nil)
	if _, err := o.DeliverDirectly(t.Context(), result("a", home), record(home), journal.ErrDiskFull, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if len(to.fails) != 1 || to.fails[0].Code != "result_refused" || to.fails[0].Class != "permanent" || to.fails[0].LeaseToken != "t" {
		t.Errorf("%+v", to.fails)
	}
}
