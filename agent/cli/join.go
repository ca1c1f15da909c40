package cli

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

type joinCmd struct {
	URL           string `arg:"" help:"Address of the site, as in https://www.example.org."`
	Token         string `arg:"" optional:"" help:"One-time token from WordPress; \"-\" reads it from standard input. Also AIDOC_JOIN_TOKEN, which keeps it out of the process list." env:"AIDOC_JOIN_TOKEN"`
	InsecureHTTP  bool   `help:"Allow plain http to a host that is not this machine: anybody on the network path can read the documents."`
	Identity      string `help:"With what the agent proves who it is: ed25519, a key of which the site has the public half alone, or hmac, a secret that both share. Default: what the site demands." enum:"ed25519,hmac,any" default:"any"`
	RESTRoot      string `name:"rest-root" help:"Where the REST interface is, if it is not at the site's own scheme, host and port." placeholder:"URL"`
	AllowLoopback bool   `help:"Allow the site's name to lead to this machine."`
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
	opt := wpclient.Options{Version: e.version, InsecureHTTP: j.InsecureHTTP, RESTRoot: j.RESTRoot, AllowLoopback: j.AllowLoopback,
		Identity: j.identity(), Logger: slog.New(slog.DiscardHandler)}
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
	key := config.SiteKey{
		Site: site.Home, AgentID: res.Agent.ID, AgentName: res.Agent.Name, NewAgents: res.NewAgents,
		InsecureHTTP: j.InsecureHTTP, AllowLoopback: j.AllowLoopback, JoinedAt: time.Now().UTC(),
	}
	wpKey, err := res.Key()
	if err != nil {
		return err
	}
	key = withKey(key, wpKey)
	unsettled := settleRoot(ctx, &key, site, res, opt)
	path := keyPath(cfg, site.Home)
	if err := config.SaveKey(path, key); err != nil {
		return withCode(exitMachine, fmt.Errorf("the site gave a key but it could not be kept: %w; create a new join command in WordPress", err))
	}
	fmt.Fprintf(e.stdout, "Joined %s (%s, WordPress %s) as agent %q.\nThe key (%s) is in %s. Next: aidoc-agent run\n",
		clean(site.Home), clean(res.Site.Name), clean(res.Site.WPVersion), clean(res.Agent.Name), identityWords(wpKey.Identity()), path)
	if unsettled != nil {
		fmt.Fprintf(e.stderr, "aidoc-agent: the key is kept, but where the site's REST interface is has to be asked again at the first start: %s\n", clean(sentence(unsettled)))
	}
	return nil
}

// settleRoot enters the REST root that the operator named or the site's signed answer did. What discovery found on an unsigned page
// (asked) served to ask the site, and is kept only where the site says the same.
func settleRoot(ctx context.Context, key *config.SiteKey, asked wpclient.Site, res wpclient.JoinResponse, opt wpclient.Options) error {
	if opt.RESTRoot != "" {
		key.RESTRoot, key.RootFrom = opt.RESTRoot, config.RootOperator
		return nil
	}
	site := asked
	if res.Site.RESTRoot != asked.RESTRoot {
		k, err := res.Key()
		if err != nil {
			return err
		}
		if site, err = wpclient.Settle(ctx, wpclient.Site{Home: key.Site}, k, res.Site.RESTRoot, nil, opt); err != nil {
			return err
		}
	}
	key.RESTRoot, key.PlainPermalinks, key.RootFrom = site.RESTRoot, site.PlainPermalinks, config.RootSigned
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

func (j *joinCmd) identity() wpclient.Identity {
	if j.Identity == "any" {
		return wpclient.IdentityAny
	}
	return wpclient.Identity(j.Identity)
}

func (j *joinCmd) token(e *env) (string, error) {
	switch j.Token {
	case "":
		return "", withCode(exitUsage, fmt.Errorf("the token is missing: copy the whole join command from WordPress (Document Summaries → Agents)"))
	case "-":
		line, err := bufio.NewReader(e.stdin).ReadString('\n')
		if line = strings.TrimSpace(line); line == "" {
			return "", withCode(exitUsage, fmt.Errorf("no token on standard input (%w)", err))
		}
		return line, nil
	}
	return j.Token, nil
}
