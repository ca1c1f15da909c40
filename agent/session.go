package agent

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// session is the agent's relation to one site: its leases, its doorbell and what the site last
// told it to do. Its loops are leaseLoop (leaseloop.go) and beatLoop (heartbeat.go).
type session struct {
	*shared
	url    string
	client Site
	jobs   *pipeline.Env
	log    *slog.Logger

	work     sync.WaitGroup
	beatNow  chan struct{} // capacity 1: ask for a beat before its time
	pollNow  chan struct{} // capacity 1: ask for a lease before its time
	answered chan struct{} // capacity 1: the site gave a signed answer to something else than a lease
	doorbell doorbell

	// Of leaseLoop, and of whoever ends the session after it.
	requestID  string         // of the next lease request, which is the last one again where that had no answer
	refused    map[int64]bool // jobs whose lease made no sense, and was given back
	unanswered string         // the id of a request that was sent and had no answer, or ""

	stopOnce sync.Once
	stop     chan struct{} // closed when the site has told this process to stop

	mu              sync.Mutex
	pendingReleases []wpclient.LeaseRef // stopped by their fence; the site is told when it answers again
	held            map[int64]*lease.Held
	directive       wpclient.Directive
	lastContact     time.Time
	lastErr         error
	done            map[pipeline.Outcome]int // jobs of this process, by outcome
}

// shared is what the sessions of one agent have together.
type shared struct {
	set     Settings
	slots   *slots
	share   int                          // the most slots that one request reserves
	able    func() wpclient.Capabilities // what this agent reads
	info    func() wpclient.AgentInfo    // what it says of itself now
	barred  func() string                // why it takes no work now, or ""
	deliver func()                       // wakes the outbox
	drain   <-chan struct{}              // closed when the whole agent ends
	orphans orphans
	metrics *Metrics
}

func (s *shared) draining() bool { return isClosed(s.drain) }

func newSession(all *shared, h SiteHandle, jobs *pipeline.Env, log *slog.Logger) *session {
	return &session{
		shared: all, url: h.URL, client: h.Client, jobs: jobs, log: log,
		beatNow: make(chan struct{}, 1), pollNow: make(chan struct{}, 1), answered: make(chan struct{}, 1), stop: make(chan struct{}),
		refused: map[int64]bool{}, held: map[int64]*lease.Held{}, done: map[pipeline.Outcome]int{}, directive: wpclient.DirectiveRun,
	}
}

// run leases and works until draining, until the site says stop, until ctx ends, or (once) until the
// queue is empty. It returns when every lease taken is settled or given back.
func (s *session) run(ctx context.Context, once bool) error {
	loop, stop := context.WithCancel(ctx)
	defer stop()
	go func() { // draining stops the leasing, not the work
		defer stop()
		select {
		case <-s.drain:
		case <-s.stop:
		case <-loop.Done():
		}
	}()
	s.recoverOrphans(loop)
	err := s.leaseLoop(loop, ctx, once)
	if s.draining() || s.stopping() || (once && err != nil) {
		s.work.Go(func() { s.reclaim(ctx) })
		s.drainHeld(ctx)
	}
	s.work.Wait()
	if s.stopping() {
		s.finalReport(ctx)
	}
	return err
}

// start begins the work on a fresh lease; the caller has reserved its slot.
func (s *session) start(ctx context.Context, l wpclient.Lease, sent time.Time) {
	ctx, cancel := context.WithCancelCause(ctx)
	h := lease.New(l, sent, cancel)
	s.mu.Lock()
	s.held[l.JobID] = h
	s.mu.Unlock()
	s.poke(s.beatNow) // so that WordPress says "processing" within a beat of the start
	s.work.Go(func() {
		defer cancel(nil)
		s.jobs.Run(ctx, h, s)
		s.slots.release(1)
		s.poke(s.pollNow) // after work, ask again at once
	})
}

// Drop forgets a lease.
func (s *session) Drop(h *lease.Held) {
	h.Settle()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[h.Lease.JobID] == h {
		delete(s.held, h.Lease.JobID)
	}
}

func (s *session) lookup(jobID int64) *lease.Held {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[jobID]
}

func (s *session) holding() []*lease.Held {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*lease.Held, 0, len(s.held))
	for _, h := range s.held {
		out = append(out, h)
	}
	return out
}

// heard notes what the site said last, and tells whether the directive changed.
func (s *session) heard(d wpclient.Directive, err error) (changed bool) {
	s.metrics.request(s.url, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastErr = err
	if err != nil {
		return false
	}
	s.lastContact = time.Now()
	if d == "" || d == s.directive {
		return false
	}
	s.directive = d
	return true
}

func (s *session) ordered() wpclient.Directive {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.directive
}

// Count books how a job ended here: done, failed, lost or released.
func (s *session) Count(o pipeline.Outcome) {
	s.metrics.job(s.url, o)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done[o]++
}

// poke asks a loop to act now; asking twice is asking once.
func (s *session) poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

var _ pipeline.Session = (*session)(nil)

// BeatSoon asks for a beat before its time.
func (s *session) BeatSoon() { s.poke(s.beatNow) }
