package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

func checkSites(ctx context.Context, cfg *config.Config, version string) (out []finding) {
	conns, err := connectAll(cfg, slog.New(slog.DiscardHandler), version)
	if err != nil {
		return []finding{{what: "sites", err: err, code: exitCode(err)}}
	}
	for _, c := range conns {
		out = append(out, checkSite(ctx, c)...)
	}
	return out
}

// checkSite asks the site with the key. Where that brings no answer of the site's own it looks at the site as a stranger does:
// what it finds there is the better reason.
func checkSite(ctx context.Context, c *siteConn) []finding {
	f := finding{what: "site", note: c.home}
	sent := time.Now()
	echo, err := c.Echo(ctx)
	found, lost := wpclient.Discover(ctx, c.home, c.opt)
	if wpclient.IsTransient(err) && lost == nil {
		c.relocate(ctx)
		sent = time.Now()
		echo, err = c.Echo(ctx)
	}
	if err != nil {
		if wpclient.IsTransient(err) && lost != nil {
			err = lost
		}
		f.err, f.code = err, exitCode(err)
		return []finding{f}
	}
	f.note = fmt.Sprintf("%s: WordPress %s, plugin %s, PHP %s, agent %q (%s), directive %s", c.home, echo.WPVersion, echo.PluginVersion, echo.PHPVersion, echo.Agent.Name, identityWords(c.Identity()), echo.Agent.Directive)
	used := c.cur.Load().Site().RESTRoot
	switch {
	case lost != nil:
		f.warn = fmt.Sprintf("%s answers this agent at %s, but could not be joined: %s", c.home, used, sentence(lost))
	case found.RESTRoot != used:
		f.warn = fmt.Sprintf("%s answers this agent at %s, while its front page names %s: were permalinks changed, or is a cached page out of date?", c.home, used, found.RESTRoot)
	default:
		f.warn = c.cur.Load().StrayOutput()
	}
	return []finding{f, clockFinding(sent, time.Now(), echo.ServerNowMS)}
}

func clockFinding(sent, got time.Time, serverMS int64) finding {
	f := finding{what: "clock", code: exitRefused}
	skew := time.UnixMilli(serverMS).Sub(sent.Add(got.Sub(sent) / 2)).Round(time.Second)
	f.note = fmt.Sprintf("%s apart from the site's", skew.Abs())
	if skew.Abs() > maxSkew/5 {
		f.warn = fmt.Sprintf("this clock is %s apart from the site's; at %s signatures are refused: set it (timedatectl set-ntp true)", skew.Abs(), maxSkew)
	}
	return f
}
