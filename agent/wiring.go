package agent

import (
	"context"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/retention"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/agent/sharedtext"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/prometheus/client_golang/prometheus"
)

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
	if a.opt.Tracing == nil {
		a.opt.Tracing = pipeline.Untraced{}
	}
	if a.opt.Budget == nil {
		a.opt.Budget = budget.New(budget.Options{Ledger: a.opt.Journal, Booked: a.opt.Metrics.Model, Log: a.log})
	}
	a.models = &models{summariser: opt.Summariser, budget: a.opt.Budget, changed: a.pollAll, log: a.log}
	a.batches = newBatches(opt.Journal, opt.Summariser, opt.Batch, a.opt.Budget, a.log)
	a.room = room.New(a.set.bounds())
	if e := llm.EngineOf(opt.Summariser); e != nil {
		e.WatchCalls(func(n int) { a.room.FitCalls(n + a.set.Readers) }) // what stands around calls takes CPU
	}
	a.bells = newBells(a.set)
	a.opt.Info.Slots = a.set.Slots
	a.outbox, a.keeper = a.newOutbox(), a.newKeeper()
	a.space = pressure.NewSpace(a.volumes(), a.set.SpaceEvery, a.pollAll, a.log)
	a.sites, a.all = newRoster(), a.shared()
	for _, h := range opt.Sites {
		a.sites.add(newSession(a.all, h, a.jobsOf(h), a.log.With("site", h.URL)))
	}
	return a, nil
}

// What the parts of the agent are given. Each takes what it needs; none knows the agent.

// shared is what all sessions have together.
func (a *Agent) shared() *shared {
	return &shared{
		set: a.set, room: a.room, bells: a.bells, metrics: a.opt.Metrics, orphans: a.opt.Journal, erasing: a.opt.Journal, drain: a.drain, info: a.info, models: a.models, deliver: a.outbox.Poke,
		able: func() wpclient.Capabilities {
			return wpclient.Capabilities{MIMEs: a.opt.Extractor.MIMEs(), OCRLanguages: a.opt.Extractor.Languages(), MaxBytes: a.set.MaxBytes, LocalOnly: true, Summariser: a.set.Summariser}
		},
		barred: func() string {
			if now := time.Now(); !a.opt.Open(now) {
				return a.closedNote(now)
			}
			return a.pressure()
		},
	}
}

// closedNote is what a site is told outside the processing windows. It reads the time out of it: docs/protocol.md, POST /lease.
func (a *Agent) closedNote(now time.Time) string {
	const note = "outside the processing window"
	if a.opt.Opens == nil {
		return note
	}
	until, ok := a.opt.Opens(now)
	if !ok {
		return note
	}
	return note + " until " + until.UTC().Format(time.RFC3339)
}

// jobsOf is what the work on a site's documents needs.
func (a *Agent) jobsOf(h SiteHandle) *pipeline.Env {
	var texts *sharedtext.Shelf
	if a.set.ShareText {
		texts = &sharedtext.Shelf{Store: a.opt.Store, Site: h.URL, Slug: a.set.Slug(h.URL), Extractor: a.opt.Extractor.Version(), Dir: a.set.WorkDir}
	}
	return &pipeline.Env{
		Site: h.URL, LocalOnly: h.LocalOnly, Style: h.Style, Client: h.Client, Open: h.Open,
		Journal: a.opt.Journal, Store: a.opt.Store, Extractor: a.opt.Extractor, Summariser: a.opt.Summariser, Budget: a.opt.Budget, Batch: a.opt.Batch,
		Outbox: a.outbox, Space: a.space, Metrics: a.opt.Metrics, Tracing: a.opt.Tracing, Log: a.log.With("site", h.URL),
		Agent: a.opt.Info, WorkDir: a.set.WorkDir, MaxBytes: a.set.MaxBytes, Text: a.set.DocumentText, Languages: a.set.Languages, Timeout: a.set.ExtractTimeout, Key: a.set.Key, RetryMin: a.set.RetryMin,
		Texts:   texts,
		Storing: func(ctx context.Context, jobID int64) error { return a.keeper.Note(ctx, h.URL, jobID) },
	}
}

// newKeeper makes what removes what is stored for longer than it is kept.
func (a *Agent) newKeeper() retention.Keeper {
	return retention.Keeper{Keep: a.set.KeepStored, Journal: a.opt.Journal, Store: a.opt.Store, Key: a.set.Key, Shelf: a.set.Shelf, Log: a.log,
		Shared: func(ctx context.Context, site, digest string, before time.Time) error {
			return sharedtext.Erase(ctx, a.opt.Store, a.set.Slug(site), digest, before)
		}}
}

func (a *Agent) newOutbox() *outbox.Outbox {
	return outbox.New(outbox.Options{
		Journal: a.opt.Journal,
		Sender: func(siteURL string) (outbox.Sender, bool) {
			if s := a.session(siteURL); s != nil {
				return s.delivery, true
			}
			return nil, false
		},
		Stored: func(it journal.Item) {
			if it.Kind == journal.KindResult {
				a.space.Proved()
			}
		},
		Concluded: a.concluded, Stopping: a.drain,
		MaxItems: a.set.MaxOutboxItems, MaxBytes: a.set.MaxOutboxBytes, RetryMin: a.set.RetryMin, Log: a.log,
	})
}

// volumes are the places this agent writes to.
func (a *Agent) volumes() map[pressure.Place]pressure.Volume {
	return map[pressure.Place]pressure.Volume{
		pressure.Journal: {
			Full:  "disk full: free space for the agent's journal (data_dir), or raise journal.max_bytes where it is set",
			Probe: func(ctx context.Context) error { return a.opt.Journal.CheckSpace(ctx, pressure.ProbeBytes) },
		},
		pressure.WorkDir: {
			Full:  "disk full: free space on the disk of " + a.set.WorkDir,
			Probe: func(context.Context) error { return pressure.ProbeDir(a.set.WorkDir) },
		},
		pressure.Store: {
			Full:  "disk full: free space in the object store " + a.opt.Store.String(),
			Probe: func(ctx context.Context) error { return pressure.ProbeStore(ctx, a.opt.Store) },
		},
	}
}

// pollAll lets every lease loop ask at once.
func (a *Agent) pollAll() {
	for _, s := range a.sites.all() {
		s.pollNow.send()
	}
}

// info is what the agent says of itself now.
func (a *Agent) info() wpclient.AgentInfo {
	out := a.opt.Info
	out.UptimeMS = max(1, (sinceBoot() - a.born).Milliseconds())
	return out
}

// concluded is what follows the site's final answer about an outcome.
func (a *Agent) concluded(ctx context.Context, c outbox.Conclusion) {
	if s := a.session(c.Item.Site); s != nil {
		s.concluded(c)
	}
	if c.Item.Kind == journal.KindResult {
		// Not sooner: were this agent to die with an undelivered result, the next one goes on with these.
		tidy := tidier{store: a.opt.Store, key: a.set.Key, log: a.log}
		tidy.after(ctx, c.Item, c.Refusal)
	}
}
