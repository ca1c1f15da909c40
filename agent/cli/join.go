package cli

import (
	"bufio"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

type joinCmd struct {
	URL          string `arg:"" help:"Address of the site, as in https://www.example.org."`
	Token        string `arg:"" optional:"" help:"One-time token from WordPress; \"-\" reads it from standard input. Also AIDOC_JOIN_TOKEN, which keeps it out of the process list." env:"AIDOC_JOIN_TOKEN"`
	InsecureHTTP bool   `help:"Allow plain http to a host that is not this machine: whoever is on the way sees the documents."`
}

// Run trades the token for a key and keeps it in the data folder.
func (j *joinCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	token, err := j.token(e)
	if err != nil {
		return err
	}
	ctx, stop := untilSignal(e.ctx)
	defer stop()
	opt := wpclient.Options{Version: e.version, InsecureHTTP: j.InsecureHTTP, Logger: slog.New(slog.DiscardHandler)}
	site, err := wpclient.Discover(ctx, j.URL, opt)
	if err != nil {
		return err
	}
	if err := makeDirs(cfg); err != nil { // before the token is spent
		return err
	}
	res, err := wpclient.Join(ctx, site, token, agentInfo(cfg, e.version), opt)
	if err != nil {
		return err
	}
	path := keyPath(cfg, site.Home)
	err = config.SaveKey(path, config.SiteKey{
		Site: site.Home, RESTRoot: site.RESTRoot, PlainPermalinks: site.PlainPermalinks,
		KeyID: res.KeyID, Secret: res.Secret, AgentID: res.Agent.ID, AgentName: res.Agent.Name,
		InsecureHTTP: j.InsecureHTTP, JoinedAt: time.Now().UTC(),
	})
	if err != nil {
		return withCode(exitMachine, fmt.Errorf("the site gave a key but it could not be kept: %w; create a new join command in WordPress", err))
	}
	fmt.Fprintf(e.stdout, "Joined %s (%s, WordPress %s) as agent %q.\nThe key is in %s. Next: aidoc-agent run\n",
		site.Home, res.Site.Name, res.Site.WPVersion, res.Agent.Name, path)
	return nil
}

// keyPath is where the configuration looks for this site's key.
func keyPath(cfg *config.Config, home string) string {
	for _, s := range cfg.Sites {
		if s.URL == home && s.KeyFile != "" {
			return s.KeyFile
		}
	}
	return cfg.KeyFile(home)
}

func (j *joinCmd) token(e *env) (string, error) {
	switch j.Token {
	case "":
		return "", withCode(exitUsage, fmt.Errorf("the token is missing: copy the whole join command from WordPress (Document Summaries → Agents)"))
	case "-":
		line, err := bufio.NewReader(e.stdin).ReadString('\n')
		if line = strings.TrimSpace(line); line == "" {
			return "", withCode(exitUsage, fmt.Errorf("no token on standard input (%v)", err))
		}
		return line, nil
	}
	return j.Token, nil
}
