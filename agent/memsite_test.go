package agent_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// memSite is a site without a network, for tests in virtual time. Its queue is as long as left says.
type memSite struct {
	mu       sync.Mutex
	left     int   // documents in the queue
	next     int64 // the job given last
	leases   int   // requests for work
	beats    int
	files    int
	results  int // requests that brought results
	done     int // documents
	released int
	held     int // leases under way
	most     int // held at a time

	takes []string
	way   time.Duration // how long every answer takes
	hang  bool          // requests for work get none
	down  bool          // they get a 502
	bell  *wpclient.Doorbell
	rung  string // what the doorbell says
	looks []time.Time
	erase int64 // jobs to erase, of which each answer names one
}

func (s *memSite) take(free int) (out []wpclient.Lease) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leases++
	for range min(free, s.left) {
		s.left--
		s.next++
		s.held++
		out = append(out, wpclient.Lease{JobID: s.next, Epoch: 1, LeaseToken: "t", Attempt: 1, MaxAttempts: 4, TTLMS: 120_000, BeatMS: 30_000,
			AttachmentID: s.next, Filename: "d.txt", MIME: "text/plain", Source: wpclient.Source{Kind: "site"}, SHA256: digest(memText(s.next)), Bytes: int64(len(memText(s.next)))})
	}
	s.most = max(s.most, s.held)
	return out
}

func memText(job int64) []byte { return doc(int(job)) }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (s *memSite) answer(ctx context.Context) error {
	select {
	case <-time.After(s.way):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *memSite) Lease(ctx context.Context, q wpclient.LeaseRequest) (wpclient.LeaseResponse, error) {
	silent := &wpclient.Error{Op: "lease", Kind: wpclient.Transient, Code: wpclient.CodeTimeout, Message: "no answer"}
	if s.hang {
		select {
		case <-time.After(30 * time.Second):
		case <-ctx.Done():
		}
		return wpclient.LeaseResponse{}, silent
	}
	if s.answer(ctx) != nil || s.down {
		return wpclient.LeaseResponse{}, silent
	}
	return wpclient.LeaseResponse{Leases: s.take(q.FreeSlots), Erase: s.erasures(q.Erased), NextPollMS: 60_000, Directive: wpclient.DirectiveRun, Doorbell: s.bell, Takes: s.takes, ServerNowMS: 1}, nil
}

func (s *memSite) erasures(done []int64) []wpclient.Erasure {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.erase -= int64(len(done)); s.erase <= 0 {
		return nil
	}
	return []wpclient.Erasure{{JobID: 1000 + s.erase}}
}

func (s *memSite) erased() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.erase <= 0
}

func (s *memSite) Beat(ctx context.Context, q wpclient.BeatRequest) (wpclient.BeatResponse, error) {
	s.mu.Lock()
	s.beats++
	s.mu.Unlock()
	out := wpclient.BeatResponse{Directive: wpclient.DirectiveRun}
	for _, h := range q.Held {
		out.Leases = append(out.Leases, wpclient.BeatLease{JobID: h.JobID, Epoch: h.Epoch, Status: "ok", TTLMS: 120_000, BeatMS: 30_000})
	}
	return out, s.answer(ctx)
}

func (s *memSite) Result(ctx context.Context, body []byte) (wpclient.ResultResponse, error) {
	var ref wpclient.LeaseRef
	if err := json.Unmarshal(body, &ref); err != nil {
		return wpclient.ResultResponse{}, err
	}
	if err := s.answer(ctx); err != nil {
		return wpclient.ResultResponse{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results++
	s.done++
	s.held--
	return wpclient.ResultResponse{Status: "accepted", JobID: ref.JobID, PostID: ref.JobID}, nil
}

func (s *memSite) Results(ctx context.Context, bodies [][]byte, _ wpclient.AgentInfo) (out wpclient.ResultsResponse, _ error) {
	out.Directive = wpclient.DirectiveRun
	for _, b := range bodies {
		r, err := s.Result(ctx, b)
		out.Outcomes = append(out.Outcomes, wpclient.ResultOutcome{ResultResponse: r, Err: err})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results -= len(bodies) - 1
	return out, nil
}

func (s *memSite) Fail(context.Context, wpclient.FailRequest) (wpclient.FailResponse, error) {
	return wpclient.FailResponse{State: "failed"}, nil
}

func (s *memSite) Release(_ context.Context, q wpclient.ReleaseRequest) (out wpclient.ReleaseResponse, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released += len(q.Leases)
	s.left += len(q.Leases)
	s.held -= len(q.Leases)
	for _, l := range q.Leases {
		out.Released = append(out.Released, l.JobID)
	}
	return out, nil
}

func (s *memSite) PublicFile(context.Context, wpclient.Lease) (wpclient.FileBody, bool) {
	return wpclient.FileBody{}, false
}

func (s *memSite) File(ctx context.Context, ref wpclient.LeaseRef, offset int64) (wpclient.FileBody, error) {
	s.mu.Lock()
	s.files++
	s.mu.Unlock()
	text := memText(ref.JobID)
	return wpclient.FileBody{ReadCloser: io.NopCloser(bytes.NewReader(text[offset:])), Offset: offset, Total: int64(len(text)), SHA256: digest(text)}, s.answer(ctx)
}

func (s *memSite) Doorbell(_ context.Context, _ string, prev wpclient.DoorbellState) (wpclient.DoorbellState, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looks = append(s.looks, time.Now())
	return wpclient.DoorbellState{Seen: true, Content: s.rung}, !prev.Seen || s.rung != prev.Content, nil
}

func (s *memSite) Rotate(context.Context) (wpclient.RotateResponse, error) {
	return wpclient.RotateResponse{}, nil
}

func (s *memSite) Identity() wpclient.Identity { return "hmac" }

// finished is how many documents the site has the results of.
func (s *memSite) finished() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}

// slowly makes reading a document take that long, of which only so many are read at a time.
func slowly(readers int, per time.Duration) *pageReader {
	r, pool := newPageReader(), make(chan struct{}, readers)
	r.gate = func(ctx context.Context, page int) error {
		pool <- struct{}{}
		defer func() { <-pool }()
		time.Sleep(per / 2) // of two pages
		return ctx.Err()
	}
	return r
}

// asker is a model that takes its time, for so many questions at once.
type asker struct {
	llm.Summariser
	per  time.Duration
	room chan struct{}
}

func (a asker) Summarise(ctx context.Context, d llm.Document, c llm.Cache, progress func(int, int)) (llm.Summary, error) {
	a.room <- struct{}{}
	defer func() { <-a.room }()
	time.Sleep(a.per)
	return a.Summariser.Summarise(ctx, d, c, progress)
}

// runFor runs an agent with the default timing in virtual time, until enough says so or for as long as d, and returns how long that was.
func runFor(t *testing.T, d time.Duration, reader *pageReader, sites []*memSite, change func(*agent.Options), enough func() bool) time.Duration {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), reader: reader, log: &syncBuffer{}}
	j, err := journal.Open(t.Context(), filepath.Join(r.dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	a := r.with(j, nil, func(o *agent.Options) {
		o.Settings = agent.Settings{Readers: 2, WorkDir: o.Settings.WorkDir, MaxBytes: 1 << 20}
		o.Sites = nil
		for i, s := range sites {
			o.Sites = append(o.Sites, agent.SiteHandle{URL: fmt.Sprintf("https://s%d.example.org", i), Client: s})
		}
		change(o)
	})
	began := time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	for time.Since(began) < d && !enough() {
		time.Sleep(50 * time.Millisecond)
	}
	took := time.Since(began)
	cancel()
	<-ended
	return took
}
