package cli

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// checkSites looks at every site. One whose key file cannot be used hides none of the others.
func checkSites(ctx context.Context, cfg *config.Config, version string) (out []finding) {
	for _, b := range cfg.BadKeys {
		out = append(out, finding{what: "site", err: b.Err, code: exitUsage, cure: cureOfKeyFile(b.File)})
	}
	if len(cfg.Sites) == 0 && len(out) == 0 {
		return []finding{{what: "sites", err: errNoSite, code: exitUsage, cure: "aidoc-agent join https://www.example.org TOKEN"}}
	}
	for _, s := range cfg.Sites {
		c, err := connect(s, slog.New(slog.DiscardHandler), version)
		if err != nil {
			out = append(out, finding{what: "site", site: s.URL, err: fmt.Errorf("%s: %w", s.URL, err), code: exitCode(err), cure: cureOfKeyFile(s.KeyFile)})
			continue
		}
		found := append(checkSiteSettings(cfg, s, time.Now()), checkProxy(ctx, c.home)...)
		found = append(found, checkSite(ctx, c, version)...)
		for _, f := range found {
			f.site = c.home
			out = append(out, f)
		}
	}
	return out
}

// checkSiteSettings shows what a site has of its own; nothing where that is nothing.
func checkSiteSettings(cfg *config.Config, s config.Site, now time.Time) (out []finding) {
	if len(s.Windows) > 0 || s.TZ != "" {
		windows, err := cfg.WindowsOf("sites", s)
		out = append(out, windowFinding(windows, err, "sites[].windows", now))
	}
	var own []string
	for _, f := range []struct {
		set  bool
		text string
	}{
		{s.MaxDocuments > 0, fmt.Sprintf("at most %d documents in work", s.MaxDocuments)},
		{s.Model != "", "summaries by " + s.Model},
		{len(s.Languages) > 0, "recognised with " + joinNames(s.Languages)},
		{s.StorePrefix != "", "stored below " + s.StorePrefix},
		{len(s.Labels) > 0, "labels " + joinNames(s.Labels)},
	} {
		if f.set {
			own = append(own, f.text)
		}
	}
	if len(own) > 0 {
		out = append(out, finding{what: "settings", note: strings.Join(own, "; ")})
	}
	return out
}

// checkSite asks the site with the key. Where that brings no answer of the site's own it looks at the site as a stranger does:
// what it finds there is the better reason.
func checkSite(ctx context.Context, c *siteConn, version string) []finding {
	sent := time.Now()
	echo, err := c.Echo(ctx)
	got := time.Now()
	found, lost := wpclient.Discover(ctx, c.home, c.opt)
	if wpclient.IsTransient(err) && lost == nil {
		c.relocate(ctx)
		sent = time.Now()
		echo, err = c.Echo(ctx)
		got = time.Now()
	}
	if err == nil { // a cache shows at the second question: it has kept the answer to the first
		_, err = c.Echo(ctx)
	}
	if err != nil {
		if wpclient.IsTransient(err) && lost != nil {
			err = lost
		}
		return []finding{{what: "site", err: err, code: exitCode(err), cure: cureOfSite(c.home, err)}}
	}
	return []finding{siteFinding(c, echo, found, lost), checkVersions(version, echo.PluginVersion), clockFinding(sent, got, echo.ServerNowMS), checkDoorbell(ctx, c, echo)}
}

// siteFinding is about a site that answers the agent: what it is, and what a stranger finds there.
func siteFinding(c *siteConn, echo wpclient.EchoResponse, found wpclient.Site, lost error) finding {
	f := finding{what: "site"}
	f.note = fmt.Sprintf("%s: WordPress %s, plugin %s, PHP %s, agent %q (%s), directive %s", c.home, echo.WPVersion, echo.PluginVersion, echo.PHPVersion, echo.Agent.Name, identityWords(c.Identity()), echo.Agent.Directive)
	used := c.cur.Load().Site().RESTRoot
	switch {
	case lost != nil:
		f.warn = fmt.Sprintf("%s answers this agent at %s, but could not be joined: %s", c.home, used, sentence(lost))
		f.cure = cureOfSite(c.home, lost)
	case found.RESTRoot != used:
		f.warn = fmt.Sprintf("%s answers this agent at %s, while its front page names %s: were permalinks changed, is a cached page out of date, or does something close it?", c.home, used, found.RESTRoot)
		f.cure = "empty the cache of the front page; the agent goes on with the address that the site has signed"
	default:
		if f.warn = c.cur.Load().StrayOutput(); f.warn != "" {
			f.cure = "grep -rlP '^\\xEF\\xBB\\xBF' wp-config.php wp-content --include=*.php finds files with a byte order mark"
		}
	}
	return f
}

// checkDoorbell looks at the static file by which the site says that there is work.
func checkDoorbell(ctx context.Context, c *siteConn, echo wpclient.EchoResponse) finding {
	f := finding{what: "doorbell"}
	if echo.Doorbell == nil {
		f.note = "none told by the site: the agent asks WordPress itself"
		return f
	}
	report, err := c.cur.Load().ProbeDoorbell(ctx, echo.Doorbell.URL)
	switch {
	case err != nil:
		f.warn = sentence(err) + ": without it documents are noticed a minute late, and each look costs a PHP request"
		f.cure = "curl -i " + echo.Doorbell.URL + " must bring a short text; let the web server give out wp-content/uploads/aidoc-doorbell/"
	case staleBell(ctx, c, echo, report.Content):
		f.warn = "a cache answers for the doorbell" + signWords(report.Cache) + " whatever is asked, also with an older content than the site has signed: agents ask WordPress itself, and notice new documents up to half a minute late"
		f.cure = cureOfBellCache(report.Cache, echo.Doorbell.URL)
	case report.Cache != "":
		f.warn = "a cache answers for the doorbell (" + report.Cache + "); agents look around it, at the cost of requests that it cannot answer"
		f.cure = cureOfBellCache(report.Cache, echo.Doorbell.URL)
	default:
		f.note = "reached, and nothing keeps it"
	}
	return f
}

// staleBell tells whether a look that no cache should have an answer for brought another content than the site has signed before and after it.
func staleBell(ctx context.Context, c *siteConn, before wpclient.EchoResponse, content string) bool {
	if before.Doorbell.Now == "" || before.Doorbell.Now == content {
		return false
	}
	after, err := c.Echo(ctx) // it may just have been rung
	return err == nil && after.Doorbell != nil && after.Doorbell.Now != content
}

func signWords(sign string) string {
	if sign == "" {
		return ""
	}
	return " (" + sign + ")"
}

// checkVersions says whether agent and plugin are meant for each other.
func checkVersions(agent, plugin string) finding {
	f := finding{what: "versions", note: "agent " + agent + ", plugin " + plugin}
	if known, fit := wpclient.Understand(agent, plugin); known && !fit {
		f.warn = "agent " + agent + " and plugin " + plugin + " are of versions that do not have to understand each other"
		f.cure = "update the older one: both are released together, under one version"
	}
	return f
}

func clockFinding(sent, got time.Time, serverMS int64) finding {
	f := finding{what: "clock", code: exitRefused}
	skew := time.UnixMilli(serverMS).Sub(sent.Add(got.Sub(sent) / 2)).Round(time.Second)
	f.note = fmt.Sprintf("%s apart from the site's", skew.Abs())
	if skew.Abs() > maxSkew/5 {
		f.warn = fmt.Sprintf("this clock is %s apart from the site's; at %s signatures are refused", skew.Abs(), maxSkew)
		f.cure = "timedatectl set-ntp true, here and on the site's server"
	}
	return f
}
