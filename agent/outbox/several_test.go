package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// several is a site that takes several results at once.
type several struct {
	script
	none    bool // it turns out not to
	sent    [][]string
	answer  func(id string) error // of one result; nil: all are taken
	refusal error                 // of the whole request
	hang    chan struct{}         // no answer before it is closed
}

func (s *several) TakesResults() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.none
}

func (s *several) NoResults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.none = true
}

func idOf(body []byte) string {
	var r struct {
		ResultID string `json:"result_id"`
	}
	_ = json.Unmarshal(body, &r)
	return r.ResultID
}

func (s *several) Result(ctx context.Context, body []byte) (wpclient.ResultResponse, error) {
	out, err := s.Results(ctx, [][]byte{body})
	if err != nil {
		return wpclient.ResultResponse{}, err
	}
	return out[0].ResultResponse, out[0].Err
}

func (s *several) Results(ctx context.Context, bodies [][]byte) (out []wpclient.ResultOutcome, err error) {
	if s.hang != nil {
		select {
		case <-s.hang:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, b := range bodies {
		ids = append(ids, idOf(b))
	}
	s.sent = append(s.sent, ids)
	if s.refusal != nil && len(bodies) > 1 {
		return nil, s.refusal
	}
	for _, id := range ids {
		r := wpclient.ResultOutcome{}
		if s.answer != nil {
			r.Err = s.answer(id)
		}
		out = append(out, r)
	}
	return out, nil
}

func (s *several) requests() [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// filled is an outbox in which so many results wait for a site, each with a body of that many bytes.
func filled(t *testing.T, j *journal.Journal, site string, n, bytes int) {
	t.Helper()
	for i := range n {
		it := result(fmt.Sprintf("%s-%03d", site[len("https://"):], i), site)
		it.JobID = int64(1000*len(site) + i)
		pad := make([]byte, bytes)
		for k := range pad {
			pad[k] = 'x'
		}
		it.Body = fmt.Appendf(nil, `{"job_id":%d,"result_id":%q,"pad":%q}`, it.JobID, it.ID, pad)
		job := record(site)
		job.JobID = it.JobID
		if err := j.Enqueue(t.Context(), it, job); err != nil {
			t.Fatal(err)
		}
	}
}

// run starts an outbox for these sites; what it tells comes through the channel.
func run(t *testing.T, to map[string]Sender) (j *journal.Journal, told chan Conclusion, begin func()) {
	t.Helper()
	j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	told = make(chan Conclusion, 1000)
	o := box(j, nil, func(c Conclusion) { told <- c }, nil)
	o.opt.Sender = func(url string) (Sender, bool) { s, ok := to[url]; return s, ok }
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	t.Cleanup(func() { stop(); running.Wait(); j.Close() })
	return j, told, func() { running.Go(func() { o.Run(ctx) }) }
}

func TestSeveralResultsEndEachByItsOwnAnswer(t *testing.T) {
	bad := map[string]error{"example.org-001": answer(wpclient.Lost), "example.org-002": answer(wpclient.Conflict), "example.org-003": answer(wpclient.Transient)}
	var mu sync.Mutex
	to := &several{answer: func(id string) error {
		mu.Lock()
		defer mu.Unlock()
		err := bad[id]
		if wpclient.IsTransient(err) {
			delete(bad, id) // the next time it is taken
		}
		return err
	}}
	j, told, begin := run(t, map[string]Sender{home: to})
	filled(t, j, home, 20, 10)
	begin()
	refused := map[string]bool{}
	for range 20 {
		c := <-told
		if !c.Settled {
			t.Errorf("%s is not settled", c.Item.ID)
		}
		if c.Refusal != nil {
			refused[c.Item.ID] = true
		}
	}
	if len(refused) != 2 || !refused["example.org-001"] || !refused["example.org-002"] {
		t.Errorf("refused %v", refused)
	}
	sent := to.requests()
	if len(sent[0]) != wpclient.MaxResults || sent[0][3] != "example.org-003" {
		t.Errorf("first request %v", sent[0])
	}
	count := map[string]int{}
	for _, ids := range sent {
		for _, id := range ids {
			count[id]++
		}
	}
	for id, n := range count {
		if want := map[bool]int{true: 2, false: 1}[id == "example.org-003"]; n != want {
			t.Errorf("%s was sent %d times, want %d", id, n, want)
		}
	}
}

func TestARequestHoldsNoMoreThanASiteTakes(t *testing.T) {
	to := &several{}
	j, told, begin := run(t, map[string]Sender{home: to})
	filled(t, j, home, 3, 1500<<10) // two of them fit, and then none
	begin()
	for range 3 {
		<-told
	}
	if sent := to.requests(); len(sent) != 2 || len(sent[0]) != 2 || len(sent[1]) != 1 {
		t.Errorf("requests %v", sent)
	}
}

func TestASiteThatTakesNoneTogetherGetsEachAlone(t *testing.T) {
	to := &several{refusal: &wpclient.Error{Op: "results", Kind: wpclient.Transient, Status: 404}}
	j, told, begin := run(t, map[string]Sender{home: to})
	filled(t, j, home, 5, 10)
	begin()
	for range 5 {
		if c := <-told; c.Refusal != nil || !c.Settled {
			t.Errorf("%+v", c)
		}
	}
	if sent := to.requests(); len(sent) != 6 || to.TakesResults() {
		t.Errorf("requests %v", sent)
	}
}

func TestAWholeRequestThatFailsSaysNothingOfAnyResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &several{refusal: &wpclient.Error{Op: "results", Kind: wpclient.Transient, Status: 502}}
		j, told, begin := run(t, map[string]Sender{home: to})
		filled(t, j, home, 5, 10)
		begin()
		time.Sleep(5 * time.Millisecond)
		to.mu.Lock()
		to.refusal = nil
		to.mu.Unlock()
		for range 5 {
			if c := <-told; c.Refusal != nil || !c.Settled {
				t.Errorf("%+v", c)
			}
		}
	})
}

// TestASiteThatHangsHoldsUpNoOther: though more waits for it than one look at the outbox finds.
func TestASiteThatHangsHoldsUpNoOther(t *testing.T) {
	const other = "https://other.example"
	hang := make(chan struct{})
	defer close(hang)
	j, told, begin := run(t, map[string]Sender{home: &several{hang: hang}, other: &several{}})
	filled(t, j, home, 70, 10)
	filled(t, j, other, 3, 10)
	begin()
	for range 3 {
		if c := <-told; c.Item.Site != other {
			t.Errorf("%+v", c)
		}
	}
}

// TestAStreamOfResultsGoesTogetherAndALoneOneAtOnce: in virtual time.
func TestAStreamOfResultsGoesTogetherAndALoneOneAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &several{}
		j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"), journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		told := make(chan Conclusion, 100)
		o := box(j, to, func(c Conclusion) { told <- c }, nil)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { o.Run(ctx); close(ended) }()
		add := func(n int) {
			it := result(fmt.Sprint("r", n), home)
			it.JobID = int64(n)
			job := record(home)
			job.JobID = it.JobID
			if err := o.Add(t.Context(), it, job); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		add(1)
		<-told
		if d := time.Since(began); d != 0 {
			t.Errorf("a result that came alone waited for %v", d)
		}
		for n := range 40 { // four a second
			time.Sleep(250 * time.Millisecond)
			add(2 + n)
		}
		for range 40 {
			<-told
		}
		if n := len(to.requests()); n > 13 {
			t.Errorf("%d requests for 41 results in ten seconds", n)
		}
		stop()
		<-ended
	})
}

// TestAJournalThatTakesNoNoteIsNotAskedWithoutAPause: what a site has taken is sent again, but not at once.
func TestAJournalThatTakesNoNoteIsNotAskedWithoutAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &several{}
		j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"), journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		filled(t, j, home, 1, 10)
		forgetful := &forgetful{Journal: j, times: 1}
		told := make(chan Conclusion, 10)
		o := box(forgetful, to, func(c Conclusion) { told <- c }, nil)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		began := time.Now()
		go func() { o.Run(ctx); close(ended) }()
		if c := <-told; c.Settled {
			t.Error("it is settled")
		}
		if c := <-told; !c.Settled || time.Since(began) < unsettledRest {
			t.Errorf("settled %v after %v", c.Settled, time.Since(began))
		}
		stop()
		<-ended
	})
}

type forgetful struct {
	Journal
	times int
}

func (f *forgetful) Delivered(ctx context.Context, ids ...string) error {
	if f.times--; f.times >= 0 {
		return errors.New("disk full")
	}
	return f.Journal.Delivered(ctx, ids...)
}

// slow answers after a second, the first time with an error.
type slow struct{ script }

func (s *slow) Result(ctx context.Context, body []byte) (wpclient.ResultResponse, error) {
	time.Sleep(time.Second)
	return s.script.Result(ctx, body)
}

// TestASlowRefusalIsFollowedByTheNextTryInItsTime: how long a site rests is known when its delivery ends, not when it began.
func TestASlowRefusalIsFollowedByTheNextTryInItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &slow{script{answers: []error{answer(wpclient.Transient), answer(wpclient.Transient)}}}
		j, told, begin := run(t, map[string]Sender{home: to})
		filled(t, j, home, 1, 10)
		began := time.Now()
		begin()
		<-told
		if d := time.Since(began); d > 4*time.Second {
			t.Errorf("delivered after %v", d)
		}
	})
}
