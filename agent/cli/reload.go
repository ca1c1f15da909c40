package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

// keysEvery is how often a running agent looks whether a site was joined, or joined again.
const keysEvery = 2 * time.Second

// reloader takes configuration, keys and sites anew while an agent runs. No lease is touched by it, but those of a site that was taken out.
type reloader struct {
	load    func() (*config.Config, error)
	live    *live
	agent   *agent.Agent
	conns   map[string]*siteConn
	open    func(site config.Site) (*siteConn, error)
	every   time.Duration
	seen    string // keyStamp of the key files as they were before the agent began
	watched bool   // by a person: SIGHUP means that the terminal was closed
	log     *slog.Logger
}

// watch reloads at SIGHUP, and where a key file was written, until ctx ends.
func (r *reloader) watch(ctx context.Context) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	look := time.NewTicker(r.every)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			if r.watched {
				r.log.Info("draining: the terminal was closed")
				r.agent.Drain()
				continue
			}
			r.seen = keyStamp(r.live.cfg.Load())
			r.reload("SIGHUP")
		case <-look.C:
			if now := keyStamp(r.live.cfg.Load()); now != r.seen {
				r.seen = now
				r.reload("key files have changed")
			}
		}
	}
}

// reload puts into force what can be while the agent runs, and names what cannot. A configuration with a mistake changes nothing.
func (r *reloader) reload(why string) {
	was := r.live.cfg.Load()
	is, err := r.load()
	if err == nil {
		err = r.keepSites(is)
	}
	if err != nil {
		r.log.Error("the configuration was not taken anew; the agent goes on with the one it has", "reason", why, "error", sentence(err))
		return
	}
	if err := r.live.take(is); err != nil { // Load has compiled the windows before
		r.log.Error("the configuration was not taken anew", "reason", why, "error", sentence(err))
		return
	}
	r.log.Info("configuration, keys and sites taken anew", "reason", why, "sites", len(r.conns))
	if later := takesEffectLater(was, is); len(later) > 0 {
		r.log.Warn("some settings have changed that take effect at the next start", "fields", strings.Join(later, ", "))
	}
}

// errNoSiteLeft: an agent without a site is ended by a signal, not by a configuration.
var errNoSiteLeft = errors.New("no site would be left")

// keepSites makes the agent work for the sites of cfg: new ones are begun, those that are gone are left, keys are changed in place.
func (r *reloader) keepSites(cfg *config.Config) error {
	if len(cfg.Sites) == 0 {
		return errNoSiteLeft
	}
	for _, b := range cfg.BadKeys {
		r.log.Error("a key file cannot be used", "key_file", b.File, "error", b.Err.Error())
	}
	wanted := map[string]bool{}
	for _, s := range cfg.Sites {
		wanted[s.URL] = true
		r.keepSite(s)
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
	return nil
}

func (r *reloader) keepSite(s config.Site) {
	next, err := r.open(s)
	if err != nil {
		r.log.Error("a key file cannot be used; what the agent has of this site stays in use", "site", s.URL, "key_file", s.KeyFile, "error", sentence(err))
		return
	}
	if now := r.conns[s.URL]; now != nil {
		if now.rekey(next) {
			r.log.Info("the site's key was taken anew", "site", s.URL)
		}
		if !sameSite(now.conf, next.conf) {
			r.log.Warn("settings of the site have changed that take effect at the next start", "site", s.URL)
		}
		return
	}
	if _, err := laterLayout(r.live.cfg.Load()); err != nil {
		r.log.Error("a joined site cannot be worked for", "site", s.URL, "error", sentence(err))
		return
	}
	if r.agent.AddSite(siteHandle(r.live, next)) {
		r.conns[s.URL] = next
		r.log.Info("a site was added", "site", s.URL)
	}
}

func sameSite(a, b config.Site) bool {
	return a.RESTRoot == b.RESTRoot && a.InsecureHTTP == b.InsecureHTTP && a.AllowLoopback == b.AllowLoopback && a.LocalOnly == b.LocalOnly && a.S3 == b.S3 &&
		slices.Equal(a.AllowHosts, b.AllowHosts) && slices.Equal(a.AllowBuckets, b.AllowBuckets)
}

// siteHandle is a site as the agent takes it.
func siteHandle(l *live, c *siteConn) agent.SiteHandle {
	return agent.SiteHandle{URL: c.home, Client: c, LocalOnly: c.conf.LocalOnly, Style: l.style(c.home), Open: newSources(c.conf).open}
}
