package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

type runCmd struct{}

// Run works until the first signal, or until every site has said stop, then drains; the second signal aborts.
func (*runCmd) Run(e *env, c *commands) error {
	return withAgent(e, c, func(a *agent.Agent, log *slog.Logger, sites []*siteConn) error {
		if err := preflight(e.ctx, log, sites); err != nil {
			return err
		}
		go func() {
			select {
			case <-drainSignal(e.ctx):
				log.Info("draining: finishing what fits, giving the rest back; a second signal aborts")
				a.Drain()
			case <-e.ctx.Done():
			}
		}()
		err := a.Run(e.ctx)
		if a.Stopped() {
			log.Info("every site asked this agent to stop (Agents page in WordPress); start it again to go on")
			return err
		}
		log.Info("stopped")
		return err
	})
}

type onceCmd struct{}

// Run works until the queues are empty.
func (*onceCmd) Run(e *env, c *commands) error {
	return withAgent(e, c, func(a *agent.Agent, log *slog.Logger, sites []*siteConn) error {
		go func() {
			select {
			case <-drainSignal(e.ctx):
				a.Drain()
			case <-e.ctx.Done():
			}
		}()
		err := a.Once(e.ctx)
		if errors.Is(err, agent.ErrWaits) {
			return withCode(exitDocuments, err)
		}
		if err != nil {
			return err
		}
		done, failed := 0, 0
		for _, s := range a.Status().Sites {
			done, failed = done+s.Done, failed+s.Failed
		}
		log.Info("queues are empty", "done", done, "failed", failed)
		if failed > 0 {
			return withCode(exitDocuments, errDocuments(failed))
		}
		return nil
	})
}

// preflight asks each site once. An agent that no site will have stops at once with the reason; one
// that some site takes, or whose sites merely do not answer yet, goes on: they may come back.
func preflight(ctx context.Context, log *slog.Logger, sites []*siteConn) error {
	var refused error
	for _, s := range sites {
		_, err := s.Echo(ctx)
		switch {
		case err == nil:
			log.Info("site is ready", "site", s.home)
			return nil
		case wpclient.IsRefused(err) || wpclient.KindOf(err) == wpclient.Insecure:
			log.Error("site refuses this agent", "site", s.home, "error", sentence(err))
			refused = err
		default:
			log.Warn("site is not ready; the agent keeps asking", "site", s.home, "error", sentence(err))
			return nil
		}
	}
	return refused
}

func withAgent(e *env, c *commands, do func(*agent.Agent, *slog.Logger, []*siteConn) error) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	log := newLogger(e, cfg)
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	sites, err := connectAll(cfg, log, e.version)
	if err != nil {
		return err
	}
	if err := makeDirs(cfg); err != nil {
		return err
	}
	j, err := openJournal(e.ctx, cfg.JournalPath(), cfg, log)
	if err != nil {
		return err
	}
	defer j.Close()
	ex, err := newExtractor(cfg, log)
	if err != nil {
		return err
	}
	defer ex.Close()
	if err := checkLanguages(cfg, ex.Languages()); err != nil {
		return withCode(exitMachine, err)
	}
	sum, err := newSummariser(cfg, log)
	if err != nil {
		return err
	}
	store, err := openStore(e.ctx, cfg)
	if err != nil {
		return err
	}
	opt, err := agentOptions(cfg, e.version, log, sites)
	if err != nil {
		return err
	}
	if e.tune != nil {
		e.tune(&opt.Settings)
	}
	opt.Journal, opt.Extractor, opt.Summariser, opt.Store = j, ex, sum, store
	reg := prometheus.NewRegistry()
	opt.Metrics = agent.NewMetrics(reg)
	opt.Budget = newBudget(cfg, j, opt.Metrics.Model, log)
	opt.Batch = batchPolicy(cfg.Summary)
	if why := unpriced(cfg, sum); why != "" {
		log.Warn(why)
	}
	a, err := agent.New(opt)
	if err != nil {
		return err
	}
	a.Gauges(reg)
	stop, err := serveMetrics(cfg.Metrics.Listen, reg, log)
	if err != nil {
		return err
	}
	defer stop()
	return do(a, log, sites)
}

func agentOptions(cfg *config.Config, version string, log *slog.Logger, sites []*siteConn) (agent.Options, error) {
	layout, err := objectstore.NewLayout(cfg.Store.Layout, len(sites))
	if err != nil {
		return agent.Options{}, withCode(exitUsage, err)
	}
	windows, err := cfg.Schedule.Compile()
	if err != nil {
		return agent.Options{}, withCode(exitUsage, err)
	}
	tidy, zone, err := cfg.Schedule.HousekeepingSchedule()
	if err != nil {
		return agent.Options{}, withCode(exitUsage, err)
	}
	spool := filepath.Join(cfg.WorkDir(), "spool")
	opt := agent.Options{
		Settings: agent.Settings{
			Slots: cfg.Agent.Slots, Readers: cfg.Extract.Workers, Calls: callsOf(cfg), DrainTimeout: cfg.Agent.DrainTimeout.D(),
			PollMin: cfg.Poll.Min.D(), PollMax: cfg.Poll.Max.D(), LeaseEvery: cfg.Poll.LeaseEvery.D(), NoDoorbell: !cfg.Poll.Doorbell,
			WorkDir: spool, MaxBytes: int64(cfg.Extract.MaxBytes), ExtractTimeout: cfg.Extract.Timeout.D(), Languages: cfg.Extract.Languages,
			Summariser:   writerOf(cfg.Summary),
			Housekeeping: tidy, Zone: zone, KeepJournal: cfg.Journal.Keep.D(),
			MaxOutboxItems: cfg.Limits.MaxOutboxItems, MaxOutboxBytes: int64(cfg.Limits.MaxOutboxBytes),
			Key: func(site string, jobID int64, name string) string {
				return layout.KeyFor(config.SiteSlug(site), jobID, name)
			},
			StatusFile: statusPath(cfg),
		},
		Info:     agentInfo(cfg, version),
		Open:     windows.Open,
		Opens:    windows.NextChange,
		Pressure: pressureOf(cfg),
		Log:      log,
	}
	for _, s := range sites {
		opt.Sites = append(opt.Sites, agent.SiteHandle{
			URL: s.home, Client: s, LocalOnly: s.conf.LocalOnly, Style: styles(cfg, s.home),
			Open: newSources(s.conf).open,
		})
	}
	return opt, nil
}

// callsOf is how many documents are summarised at a time: those whose questions are with the model, and those that the CPUs work on.
func callsOf(cfg *config.Config) int {
	if cfg.Summary.Provider == config.ProviderExtractive {
		return cfg.Extract.Workers
	}
	return cfg.Summary.Concurrency + cfg.Extract.Workers
}

// pressureOf looks at every place the agent fills.
func pressureOf(cfg *config.Config) func() string {
	all := []func() string{pressure.Disk(cfg.DataDir, int64(cfg.Limits.MinFreeDisk))}
	if cfg.Store.Kind == config.StoreDir {
		all = append(all, pressure.Disk(cfg.Store.Dir.Path, int64(cfg.Limits.MinFreeDisk)))
	}
	return pressure.Any(append(all, memoryPressure(os.DirFS("/"), cfg))...)
}

func statusPath(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "status.json") }

// writerOf names who writes the summaries, in one word.
func writerOf(s config.Summary) string {
	if s.Provider == config.ProviderExtractive {
		return s.Provider
	}
	return s.Provider + "/" + s.Model
}
