package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

type runCmd struct{}

// Run works until the first signal, or until every site has said stop, then drains; the second signal aborts.
func (*runCmd) Run(e *env, c *commands) error {
	return withAgent(e, c, func(a *agent.Agent, log *slog.Logger, sites []*siteConn) error {
		hup, stop := hangups()
		defer stop()
		crowds := crowdsOf(lastStatus(e.reload.live.began), sites)
		if !awaitTurn(e, log, agent.StartAfter(crowds)) {
			return nil
		}
		told, err := preflight(e.ctx, log, sites)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(crowds, agent.Crowd.Told) && !awaitTurn(e, log, agent.StartAfter([]agent.Crowd{told})) {
			return nil
		}
		go func() {
			select {
			case <-drainSignal(e.ctx):
				log.Info("draining: finishing what fits, giving the rest back; a second signal aborts")
				a.Drain()
			case <-e.ctx.Done():
			}
		}()
		ctx, end := context.WithCancel(e.ctx)
		defer end()
		go e.reload.watch(ctx, hup)
		err = a.Run(e.ctx)
		if a.Stopped() {
			log.Info("every site asked this agent to stop (Agents page in WordPress); start it again to go on")
			return err
		}
		log.Info("stopped")
		return err
	})
}

// crowdsOf is what the agent knows of the others at each of its sites: from when it ran last, else from when it joined.
func crowdsOf(last agent.Status, sites []*siteConn) []agent.Crowd {
	heard := make(map[string]int, len(last.Sites))
	for _, s := range last.Sites {
		heard[s.URL] = s.Agents
	}
	crowds := make([]agent.Crowd, 0, len(sites))
	for _, s := range sites {
		crowds = append(crowds, agent.Crowd{Number: s.stored.AgentID, Agents: heard[s.home], New: s.stored.NewAgents})
	}
	return crowds
}

// awaitTurn lets agents that share a site begin one after another; false when the process was told to end meanwhile.
func awaitTurn(e *env, log *slog.Logger, wait time.Duration) bool {
	if wait == 0 {
		return true
	}
	log.Info("many agents ask one of the sites; so that not all begin in the same moment, this one waits", "wait_ms", wait.Milliseconds())
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-drainSignal(e.ctx):
	case <-e.ctx.Done():
	}
	log.Info("stopped")
	return false
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
// that some site takes, or whose sites merely do not answer yet, goes on: they may come back. told is what the site that takes it said of its agents.
func preflight(ctx context.Context, log *slog.Logger, sites []*siteConn) (told agent.Crowd, refused error) {
	for _, s := range sites {
		echo, err := s.Echo(ctx)
		switch {
		case err == nil:
			log.Info("site is ready", "site", s.home, "plugin_version", echo.PluginVersion, "wp_version", echo.WPVersion)
			if known, fit := wpclient.Understand(s.opt.Version, echo.PluginVersion); known && !fit {
				log.Warn("agent and plugin are of versions that do not have to understand each other: update the older one", "site", s.home, "agent_version", s.opt.Version, "plugin_version", echo.PluginVersion)
			}
			return agent.Crowd{Number: echo.Agent.ID, Agents: echo.Agents}, nil
		case wpclient.IsRefused(err) || wpclient.KindOf(err) == wpclient.Insecure:
			log.Error("site refuses this agent", "site", s.home, "error", sentence(err))
			refused = err
		default:
			log.Warn("site is not ready; the agent keeps asking", "site", s.home, "error", sentence(err))
			return agent.Crowd{}, nil
		}
	}
	return agent.Crowd{}, refused
}

func withAgent(e *env, c *commands, do func(*agent.Agent, *slog.Logger, []*siteConn) error) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	l, err := newLive(cfg)
	if err != nil {
		return err
	}
	log := newLogger(e, cfg, &l.level)
	if e.own {
		slog.SetDefault(log) // SDKs write to the standard logger, which is this one from now on
	}
	for _, w := range cfg.Warnings {
		log.Warn(w.String())
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
	w, err := newWriters(cfg, nil, log)
	if err != nil {
		return err
	}
	store, err := openStore(e.ctx, cfg)
	if err != nil {
		return err
	}
	names, err := newArtifactNames(cfg, sites)
	if err != nil {
		return withCode(exitUsage, err)
	}
	opt, err := agentOptions(l, w, names, e.version, log, sites)
	if err != nil {
		return err
	}
	if e.tune != nil {
		e.tune(&opt.Settings)
	}
	opt.Journal, opt.Extractor, opt.Store, opt.OwnStore = j, ex, store, ownStore(cfg)
	reg := prometheus.NewRegistry()
	opt.Metrics = agent.NewMetrics(reg)
	opt.Budget = newBudget(cfg, j, opt.Metrics.Model, log)
	for _, why := range w.warnings(cfg) {
		log.Warn(why)
	}
	tracer, err := newTracer(cfg, e.version, log)
	if err != nil {
		return err
	}
	if tracer != nil {
		defer tracer.Close()
		opt.Tracing = tracer
	}
	a, err := agent.New(opt)
	if err != nil {
		return err
	}
	a.Gauges(reg)
	stop, err := serveMetrics(cfg.Metrics.Listen, a, reg, log)
	if err != nil {
		return err
	}
	defer stop()
	defer serveControl(cfg, a, log)()
	e.reload = &reloader{read: func(set ...string) (*config.Config, error) { return read(c, set...) }, live: l, agent: a, budget: opt.Budget, writers: w, names: names, languages: ex.Languages(),
		tune: e.tune, seen: keyStamp(cfg), every: keysEvery, watched: isTerminal(e.stderr), conns: byHome(sites), log: log,
		open: func(s config.Site) (*siteConn, error) { return connect(s, log, e.version) }}
	return do(a, log, sites)
}

func agentOptions(l *live, w writers, names *artifactNames, version string, log *slog.Logger, sites []*siteConn) (agent.Options, error) {
	cfg := l.cfg.Load()
	set, err := settingsOf(cfg)
	if err != nil {
		return agent.Options{}, err
	}
	set.Key, set.Shelf = names.key, names.shelf
	opt := agent.Options{Settings: set, Info: agentInfo(cfg, version), Open: l.open, Opens: l.opens, Pressure: l.full, Summariser: w[""].sum, Batch: batchPolicy(cfg.Summary), Log: log}
	for _, s := range sites {
		own, err := siteSettings(cfg, w, s.conf)
		if err != nil {
			return agent.Options{}, err
		}
		opt.Sites = append(opt.Sites, agent.SiteHandle{URL: s.home, Client: s, SiteSettings: own})
	}
	return opt, nil
}

// pressureAge is how old the answer of pressureOf may be: the status of 200 sites asks 200 times at once.
const pressureAge = time.Second

// pressureOf looks at every place the agent fills.
func pressureOf(cfg *config.Config) func() string {
	all := []func() string{pressure.Disk(cfg.DataDir, int64(cfg.Limits.MinFreeDisk))}
	if cfg.Store.Kind == config.StoreDir {
		all = append(all, pressure.Disk(cfg.Store.Dir.Path, int64(cfg.Limits.MinFreeDisk)))
	}
	return pressure.Lately(pressure.Any(append(all, memoryPressure(os.DirFS("/"), cfg))...), pressureAge, nil)
}

func statusPath(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "status.json") }

// writerOf names who writes the summaries, in one word.
func writerOf(s config.Summary) string {
	if s.Provider == config.ProviderExtractive {
		return s.Provider
	}
	return s.Provider + "/" + s.Model
}
