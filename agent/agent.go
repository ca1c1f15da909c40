package agent

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/retention"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
)

// Agent works off the queues of its sites. Make it with New, start it once with Run or Once.
type Agent struct {
	opt     Options
	live    atomic.Pointer[Settings] // see settings
	model   atomic.Pointer[Model]    // of sites that have none of their own
	log     *slog.Logger
	room    *room.Room
	bells   *bells
	sites   *roster
	all     *shared
	outbox  *outbox.Outbox
	keeper  retention.Keeper
	born    time.Duration // by sinceBoot
	space   *pressure.Space
	models  *models
	batches *batches
	keep    *housekeeping

	tuning    sync.Mutex // one Retune at a time
	reload    atomic.Pointer[Reload]
	drainOnce sync.Once
	drain     chan struct{} // closed by Drain
}

// Drain is the first stage of stopping: no new leases; what fits into the drain timeout is
// finished, the rest is given back. Run returns when that is done. Cancelling Run's context is
// the second stage.
func (a *Agent) Drain() { a.drainOnce.Do(func() { close(a.drain) }) }

func (a *Agent) draining() bool { return isClosed(a.drain) }

// Run works until Drain, until every site has said stop, or until ctx ends. Trouble with a site never ends it: it is logged, shown
// in the status and tried again. The error joins what the loops could not get over.
func (a *Agent) Run(ctx context.Context) error {
	defer a.keep.start(ctx)()
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
	aux.Go(func() { a.models.watch(helpers) })
	if once { // its rounds are made before and after
		a.batches.loop.Round(ctx, true)
	} else {
		aux.Go(func() { a.batches.loop.Run(helpers) })
	}
	aux.Go(func() { a.space.Run(helpers) })
	aux.Go(func() { a.bells.run(helpers) })
	aux.Go(func() { writeStatus(helpers, a.settings().StatusFile, a.Status, a.log) })
	looks := time.NewTicker(restLook)
	defer looks.Stop()
	saving := &thrift{log: a.log}
	aux.Go(func() { rest(helpers, looks.C, a.room.InUse, saving.begin, saving.end) })
	a.sites.start(beatsOf(helpers, &aux), func(s *session) error { return s.run(ctx, once) })
	errs := a.sites.wait()
	wait := flushTime
	if once {
		wait = flushTimeOnce
	}
	if once || a.draining() {
		errs = append(errs, a.outbox.Flush(ctx, wait))
	}
	stopHelpers()
	aux.Wait()
	if once && ctx.Err() == nil {
		errs = append(errs, a.batches.finish(ctx))
	}
	return errors.Join(errs...)
}

// settings are those of this moment.
func (a *Agent) settings() Settings { return *a.live.Load() }

// hours are those of sites that have none of their own.
func (a *Agent) hours() *Hours { return &Hours{Open: a.opt.Open, Opens: a.opt.Opens} }

func (a *Agent) session(url string) *session { return a.sites.find(url) }

// Stopped tells whether every site has asked this process to stop. Run returns then; it is no error.
func (a *Agent) Stopped() bool {
	for _, s := range a.sites.all() {
		if !s.stopping() {
			return false
		}
	}
	return true
}

// Status is a snapshot of this agent.
func (a *Agent) Status() Status {
	n, size := a.outbox.Count()
	st := Status{
		PID: os.Getpid(), Version: a.opt.Info.Version, At: time.Now(), Slots: a.settings().Slots, Draining: a.draining() || a.Stopped(),
		Pressure: a.pressure(), OutboxItems: n, OutboxBytes: size,
		Reload:     a.reload.Load(),
		Window:     windowOf(a.hours(), time.Now()),
		Models:     a.models.status(context.Background()),
		Batches:    a.batches.status(context.Background()),
		Summariser: a.model.Load().Summariser.Name(), ObjectStore: a.opt.Store.String(), OCRLanguages: a.opt.Extractor.Languages(),
	}
	for _, s := range a.sites.all() {
		st.Sites = append(st.Sites, s.status())
	}
	return st
}

// pressure is the reason for taking no more work, or "".
func (a *Agent) pressure() string {
	return pressure.Any(a.space.Reason, a.opt.Pressure, a.outbox.Pressure)()
}
