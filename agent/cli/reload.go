package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

// keysEvery is how often a running agent looks whether a site was joined, or joined again: at the folder of the keys, and at every fullLook-th time
// at each of them, for one that was written in its place changes no folder.
const (
	keysEvery = 2 * time.Second
	fullLook  = 15
)

// reloader takes configuration, keys and sites anew while an agent runs. No lease is touched by it, but those of a site that was taken out.
type reloader struct {
	read      func(set ...string) (*config.Config, error)
	live      *live
	agent     *agent.Agent
	budget    *budget.Budget
	writers   writers
	names     *artifactNames
	languages []string // installed
	tune      func(*agent.Settings)
	conns     map[string]*siteConn
	open      func(site config.Site) (*siteConn, error)
	every     time.Duration
	seen      string // keyStamp of the key files as they were before the agent began
	watched   bool   // by a person: SIGHUP means that the terminal was closed
	log       *slog.Logger
}

func byHome(sites []*siteConn) map[string]*siteConn {
	out := map[string]*siteConn{}
	for _, s := range sites {
		out[s.home] = s
	}
	return out
}

// hangups holds one SIGHUP back until somebody watches: it would end the process before.
func hangups() (hup chan os.Signal, stop func()) {
	hup = make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	return hup, func() { signal.Stop(hup) }
}

// watch reloads at SIGHUP, and where a key file was written, until ctx ends.
func (r *reloader) watch(ctx context.Context, hup <-chan os.Signal) {
	look := time.NewTicker(r.every)
	defer look.Stop()
	var folder time.Time // as it was at the last look
	for n := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			if r.watched {
				r.log.Info("draining: the terminal was closed")
				r.agent.Drain()
				continue
			}
			r.seen = keyStamp(r.live.began)
			r.reload("SIGHUP")
		case <-look.C:
			before := folder
			folder = folderStamp(r.live.began)
			if n++; n%fullLook != 0 && folder.Equal(before) {
				continue
			}
			if now := keyStamp(r.live.began); now != r.seen {
				r.seen = now
				r.reload("key files have changed")
			}
		}
	}
}

// reload puts into force what can be while the agent runs, and names what cannot. A configuration with a mistake changes nothing.
func (r *reloader) reload(why string) {
	later, err := r.take()
	if err != nil {
		r.agent.Reloaded(agent.Reload{At: time.Now(), Error: sentence(err), Later: r.agent.LastReload().Later})
		r.log.Error("the configuration was not taken anew; the agent goes on with the one it has", "reason", why, "error", sentence(err))
		return
	}
	r.agent.Reloaded(agent.Reload{At: time.Now(), Later: later})
	r.log.Info("configuration, keys and sites taken anew", "reason", why, "sites", len(r.conns))
	if len(later) > 0 {
		r.log.Warn("some settings have changed that take effect at the next start", "fields", strings.Join(later, ", "))
	}
}

// take reads all of it before it changes anything.
func (r *reloader) take() (later []string, err error) {
	cfg, moved, err := r.readInPlace()
	if err != nil {
		return nil, err
	}
	if err := checkLanguages(cfg, r.languages); err != nil {
		return nil, err
	}
	next, err := newWriters(cfg, r.writers, r.log)
	if err != nil {
		return nil, err
	}
	tuning, err := r.tuningOf(cfg, next)
	if err != nil {
		return nil, err
	}
	if len(cfg.Sites) == 0 {
		return nil, errNoSiteLeft
	}
	if err := r.live.take(cfg); err != nil { // Load has compiled the windows before
		return nil, err
	}
	r.writers = next
	r.budget.Limit(limitsOf(cfg))
	r.agent.Retune(tuning)
	r.keepSites(cfg, tuning.Sites)
	for _, w := range cfg.Warnings {
		r.log.Warn(w.String())
	}
	for _, why := range next.warnings(cfg) {
		r.log.Warn(why)
	}
	return append(moved, r.later(cfg)...), nil
}

// readInPlace reads the configuration for the data folder that this process has: keys and sites are looked for there, whatever the file says now.
func (r *reloader) readInPlace() (cfg *config.Config, moved []string, err error) {
	cfg, err = r.read()
	if err == nil && cfg.DataDir != r.live.began.DataDir {
		moved = []string{"data_dir"}
		cfg, err = r.read("data_dir=" + r.live.began.DataDir)
	}
	return cfg, moved, err
}

func (r *reloader) tuningOf(cfg *config.Config, w writers) (agent.Tuning, error) {
	set, err := settingsOf(cfg)
	if err != nil {
		return agent.Tuning{}, err
	}
	if r.tune != nil {
		r.tune(&set)
	}
	sites, err := allSiteSettings(cfg, w)
	return agent.Tuning{Settings: set, Summariser: w[""].sum, Batch: batchPolicy(cfg.Summary), Sites: sites}, err
}

// later are the fields that wait for the next start.
func (r *reloader) later(cfg *config.Config) []string {
	out := takesEffectLater(r.live.began, cfg)
	for _, s := range cfg.Sites {
		if c := r.conns[s.URL]; c != nil {
			out = append(out, fixedOfSite(c.conf, s)...)
		}
	}
	return out
}

// errNoSiteLeft: an agent without a site is ended by a signal, not by a configuration.
var errNoSiteLeft = errors.New("no site would be left")

// keepSites makes the agent work for the sites of cfg: new ones are begun, those that are gone are left, keys are changed in place.
func (r *reloader) keepSites(cfg *config.Config, own map[string]agent.SiteSettings) {
	for _, b := range cfg.BadKeys {
		r.log.Error("a key file cannot be used", "key_file", b.File, "error", b.Err.Error())
	}
	wanted, apart := map[string]bool{}, cfg.OwnPrefixes()
	for _, s := range cfg.Sites {
		wanted[s.URL] = true
		r.keepSite(s, own[s.URL], apart)
	}
	for _, b := range cfg.BadKeys { // a key that cannot be read is no order to leave
		for url, c := range r.conns {
			wanted[url] = wanted[url] || c.conf.KeyFile == b.File
		}
	}
	for url := range r.conns {
		if !wanted[url] {
			r.log.Info("the site was taken out: what fits is finished, the rest is given back", "site", url)
			delete(r.conns, url)
			r.agent.LeaveSite(url)
		}
	}
}

func (r *reloader) keepSite(s config.Site, own agent.SiteSettings, apart bool) {
	next, err := r.open(s)
	if err != nil {
		r.log.Error("a key file cannot be used; what the agent has of this site stays in use", "site", s.URL, "key_file", s.KeyFile, "error", sentence(err))
		return
	}
	if now := r.conns[s.URL]; now != nil {
		if now.rekey(next) {
			r.log.Info("the site's key was taken anew", "site", s.URL)
		}
		return
	}
	if err := r.names.add(s, apart); err != nil {
		r.log.Error("a joined site cannot be worked for", "site", s.URL, "error", sentence(err))
		return
	}
	if r.agent.AddSite(agent.SiteHandle{URL: next.home, Client: next, SiteSettings: own}) {
		r.conns[s.URL] = next
		r.log.Info("a site was added", "site", s.URL)
	}
}
