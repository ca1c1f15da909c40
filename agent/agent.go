package agent

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// SiteHandle is one site and what this agent may fetch on its behalf.
type SiteHandle struct {
	URL    string // the site's home URL; its identity in the journal and in logs
	Client Site
	// Open resolves a source that is not the site's own file route (offloaded media). It refuses what
	// the operator did not allow for this site. Nil: nothing but the file route.
	Open func(src wpclient.Source) (fetch.Opener, error)
}

// Settings are the agent's own dials; zero values mean the defaults of docs/operations.md.
type Settings struct {
	Slots          int           // documents in flight
	DrainTimeout   time.Duration // how long the first SIGTERM lets work go on
	PollMin        time.Duration // doorbell interval, and the shortest idle poll
	PollMax        time.Duration // longest idle poll where there is no doorbell
	LeaseEvery     time.Duration // longest silence towards a site
	RetryMin       time.Duration // before a site that gave no answer is asked again, at first; the waits grow from here
	ReleaseTime    time.Duration // how long a site is tried for that is to take leases back
	NoDoorbell     bool
	WorkDir        string // spooled documents; private to this process
	MaxBytes       int64  // largest document
	Languages      []string
	ExtractTimeout time.Duration // for reading one document; 0: none
	Housekeeping   string        // cron expression
	// Limits of what may wait in the outbox before the agent takes no more work; 0: none.
	MaxOutboxItems int
	MaxOutboxBytes int64
	KeepJournal    time.Duration
	Key            artifact.KeyFunc // nil: processed/{job_id}/{name}
	SpaceEvery     time.Duration    // how soon a full disk is tried again, at first
	StatusFile     string           // written every few seconds for `aidoc-agent status`; empty: none
}

// Options are the parts an Agent is made of. All are required but the ones said to be optional.
type Options struct {
	Settings   Settings
	Info       wpclient.AgentInfo
	Sites      []SiteHandle
	Journal    Journal
	Store      Store
	Extractor  extract.Extractor
	Summariser llm.Summariser
	// Open tells whether leasing is allowed now (processing windows); nil: always.
	Open func(now time.Time) bool
	// Pressure gives the reason for taking no more work (disk, memory), or ""; nil: never.
	Pressure func() string
	Metrics  *Metrics // nil: counted, but nobody sees
	Log      *slog.Logger
}

// Agent works off the queues of its sites. Make it with New, start it once with Run or Once.
type Agent struct {
	opt      Options
	set      Settings
	log      *slog.Logger
	slots    *slots
	sessions []*session
	outbox   *outbox.Outbox
	born     time.Duration // by sinceBoot
	space    *pressure.Space

	drainOnce sync.Once
	drain     chan struct{} // closed by Drain
}

// New checks the options and builds the agent; it contacts nobody.
func New(opt Options) (*Agent, error) {
	if len(opt.Sites) == 0 {
		return nil, errors.New("no site: join one with `aidoc-agent join URL TOKEN`")
	}
	a := &Agent{opt: opt, set: withDefaults(opt.Settings), log: opt.Log, born: sinceBoot(), drain: make(chan struct{})}
	if a.opt.Open == nil {
		a.opt.Open = func(time.Time) bool { return true }
	}
	if a.opt.Pressure == nil {
		a.opt.Pressure = func() string { return "" }
	}
	if a.opt.Metrics == nil {
		a.opt.Metrics = NewMetrics(prometheus.NewRegistry())
	}
	a.slots = newSlots(a.set.Slots)
	a.outbox = a.newOutbox()
	a.space = pressure.NewSpace(a.volumes(), a.set.SpaceEvery, a.pollAll, a.log)
	all := a.shared()
	for _, h := range opt.Sites {
		a.sessions = append(a.sessions, newSession(all, h, a.jobsOf(h), a.log.With("site", h.URL)))
	}
	return a, nil
}

func withDefaults(s Settings) Settings {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	if s.Slots <= 0 {
		s.Slots = runtime.NumCPU()
	}
	def(&s.DrainTimeout, 25*time.Second)
	def(&s.PollMin, 2*time.Second)
	def(&s.PollMax, 30*time.Second)
	def(&s.LeaseEvery, time.Minute)
	def(&s.RetryMin, time.Second)
	def(&s.ReleaseTime, 4*time.Second)
	def(&s.SpaceEvery, 15*time.Second)
	def(&s.KeepJournal, 30*24*time.Hour)
	if s.Housekeeping == "" {
		s.Housekeeping = "17 3 * * *"
	}
	if s.Key == nil {
		s.Key = objectstore.Layout{}.KeyFor
	}
	return s
}

// Drain is the first stage of stopping: no new leases; what fits into the drain timeout is
// finished, the rest is given back. Run returns when that is done. Cancelling Run's context is
// the second stage.
func (a *Agent) Drain() { a.drainOnce.Do(func() { close(a.drain) }) }

func (a *Agent) draining() bool { return isClosed(a.drain) }

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Run works until Drain, until every site has said stop, or until ctx ends. Trouble with a site never ends it: it is logged, shown
// in the status and tried again. The error joins what the loops could not get over.
func (a *Agent) Run(ctx context.Context) error {
	stop, err := a.startHousekeeping(ctx)
	if err != nil {
		return err
	}
	defer stop()
	return a.runLoops(ctx, false)
}

// Once works until every site's queue has nothing more to lease, then delivers what is in the
// outbox and returns. The first refusal or unreachable site is an error.
func (a *Agent) Once(ctx context.Context) error { return a.runLoops(ctx, true) }

// runLoops starts all loops and waits for all of them. Beats, the outbox and the status writer live
// until the last lease is settled: they get a context of their own that outlives the lease loops.
func (a *Agent) runLoops(ctx context.Context, once bool) error {
	ctx, abort := context.WithCancelCause(ctx)
	defer abort(nil)
	helpers, stopHelpers := context.WithCancel(ctx)
	var aux sync.WaitGroup
	aux.Go(func() { a.outbox.Run(helpers) })
	aux.Go(func() { a.space.Run(helpers) })
	aux.Go(func() { a.writeStatus(helpers) })
	for _, s := range a.sessions {
		aux.Go(func() { s.beatLoop(helpers) })
	}

	errs := make([]error, len(a.sessions))
	var loops sync.WaitGroup
	for i, s := range a.sessions {
		loops.Go(func() { errs[i] = s.run(ctx, once) })
	}
	loops.Wait()
	wait := flushTime
	if once {
		wait = flushTimeOnce
	}
	if once || a.draining() {
		errs = append(errs, a.outbox.Flush(ctx, wait))
	}
	stopHelpers()
	aux.Wait()
	return errors.Join(errs...)
}

// How long the end of a run waits for the outbox. What stays is sent by the next run.
const (
	flushTime     = 5 * time.Second
	flushTimeOnce = 2 * time.Minute
)

func (a *Agent) session(url string) *session {
	for _, s := range a.sessions {
		if s.url == url {
			return s
		}
	}
	return nil
}
