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
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/prometheus/client_golang/prometheus"
)

// New checks the options and builds the agent; it contacts nobody.
func New(opt Options) (*Agent, error) {
	if len(opt.Sites) == 0 {
		return nil, errors.New("no site: join one with `aidoc-agent join URL TOKEN`")
	}
	a := &Agent{opt: opt, log: opt.Log, born: sinceBoot()}
	a.drained, a.drain = context.WithCancel(context.Background())
	set := withDefaults(opt.Settings)
	a.live.Store(&set)
	if a.opt.Open == nil {
		a.opt.Open = func(time.Time) bool { return true }
	}
	if a.opt.Opens == nil {
		a.opt.Opens = func(time.Time) (time.Time, bool) { return time.Time{}, false }
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
	a.model.Store(&Model{Summariser: opt.Summariser, Writer: set.Summariser, Batch: opt.Batch})
	a.room = room.New(set.bounds())
	a.models = &models{budget: a.opt.Budget, changed: a.pollAll, room: a.room, fit: a.fitCalls, log: a.log}
	a.batches = newBatches(opt.Journal, opt.Summariser, opt.Batch, a.opt.Budget, a.log)
	a.bells = newBells(a.settings)
	a.outbox, a.keeper, a.sites = a.newOutbox(), a.newKeeper(), newRoster()
	a.keep = newHousekeeping(a.settings, opt.Journal, opt.Store, a.sites, a.keeper, a.log)
	a.space = pressure.NewSpace(a.volumes(), set.SpaceEvery, a.pollAll, a.log)
	a.all = a.shared()
	for _, h := range opt.Sites {
		a.sites.add(a.newSession(h))
	}
	a.watchModels()
	return a, nil
}

// What the parts of the agent are given. Each takes what it needs; none knows the agent.

// shared is what all sessions have together.
func (a *Agent) shared() *shared {
	return &shared{
		set: a.settings, hours: a.hours, room: a.room, bells: a.bells, metrics: a.opt.Metrics, orphans: a.opt.Journal, erasing: a.opt.Journal, drain: a.drained, info: a.info, models: a.models, deliver: a.outbox.Poke,
		able: func() wpclient.Capabilities {
			return wpclient.Capabilities{MIMEs: a.opt.Extractor.MIMEs(), OCRLanguages: a.opt.Extractor.Languages(), MaxBytes: a.settings().MaxBytes, LocalOnly: true}
		},
		barred: a.pressure,
	}
}

// watchModels looks after the models of all sites, and has the documents of each wait in the lane of its own.
func (a *Agent) watchModels(andOf ...*session) {
	main := a.model.Load().Summariser
	sites := append(a.sites.all(), andOf...)
	var others []llm.Summariser
	for _, s := range sites {
		others = append(others, s.model())
		if v := s.tuned.Load().Vision; v != nil {
			others = append(others, v.Summariser)
		}
	}
	a.models.use(main, others)
	if llm.EngineOf(main) == nil {
		a.room.Main().Fit(a.settings().Calls) // what the last model had room for says nothing any more
	}
	for _, s := range sites {
		s.assign()
	}
}

// fitCalls is told how many calls the account of a lane has room for.
func (a *Agent) fitCalls(l *room.Lane, calls int) {
	l.Fit(calls + a.settings().Readers) // what stands around calls takes CPU
}

func (a *Agent) newSession(h SiteHandle) *session {
	return newSession(a.all, h, a.tunedFor(h.URL, h.Client, h.SiteSettings), a.log.With("site", h.URL))
}

// tunedFor is what the work on a site's documents needs, with the settings of now.
func (a *Agent) tunedFor(url string, client Site, s SiteSettings) *tuned {
	set, model := a.settings(), *a.model.Load()
	if s.Model != nil {
		model = *s.Model
	}
	languages := set.Languages
	if len(s.Languages) > 0 {
		languages = s.Languages
	}
	info := a.opt.Info
	info.Slots = set.Slots
	env := &pipeline.Env{
		Site: url, LocalOnly: s.LocalOnly, Style: s.Style, Client: client, Open: s.Open,
		Journal: a.opt.Journal, Store: a.opt.Store, OwnStore: a.opt.OwnStore && !set.ShareText, Extractor: a.opt.Extractor, Summariser: model.Summariser, Budget: a.opt.Budget, Batch: model.Batch,
		Outbox: a.outbox, Space: a.space, Metrics: a.opt.Metrics, Tracing: a.opt.Tracing, Log: a.log.With("site", url),
		Agent: info, WorkDir: set.WorkDir, MaxBytes: set.MaxBytes, Text: set.DocumentText, Languages: languages, OwnLanguages: len(s.Languages) > 0, Timeout: set.ExtractTimeout, Key: set.Key, RetryMin: set.RetryMin,
		Storing: func(ctx context.Context, jobID int64) error { return a.keeper.Note(ctx, url, jobID) },
	}
	if pictures, ok := a.opt.Extractor.(extract.Illustrator); ok && s.Vision != nil {
		env.Vision = &pipeline.Vision{Model: llm.VisionOf(s.Vision.Summariser), Pictures: pictures, Below: s.Vision.Below, MaxPages: s.Vision.MaxPages}
	}
	if set.ShareText {
		env.Texts = &sharedtext.Shelf{Store: a.opt.Store, Site: url, Slug: set.Slug(url), Extractor: env.ReadWith(), Dir: set.WorkDir}
	}
	return &tuned{SiteSettings: s, model: model, jobs: env}
}

// newKeeper makes what removes what is stored for longer than it is kept.
func (a *Agent) newKeeper() retention.Keeper {
	set := a.settings()
	return retention.Keeper{Keep: set.KeepStored, Journal: a.opt.Journal, Store: a.opt.Store, Key: set.Key, Shelf: set.Shelf, Log: a.log,
		Shared: func(ctx context.Context, site, digest string, before time.Time) error {
			return sharedtext.Erase(ctx, a.opt.Store, set.Slug(site), digest, before)
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
		Concluded: a.concluded, Stopping: a.drained.Done(),
		MaxItems: a.settings().MaxOutboxItems, MaxBytes: a.settings().MaxOutboxBytes, RetryMin: a.settings().RetryMin, Log: a.log,
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
			Full:  "disk full: free space on the disk of " + a.settings().WorkDir,
			Probe: func(context.Context) error { return pressure.ProbeDir(a.settings().WorkDir) },
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
	out.Slots = a.settings().Slots
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
		tidy := tidier{store: a.opt.Store, key: a.settings().Key, log: a.log}
		tidy.after(ctx, c.Item, c.Refusal)
	}
}
