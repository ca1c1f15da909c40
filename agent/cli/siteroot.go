package cli

import (
	"context"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// lookAgainAfter is the number of leases in a row without a signed answer after which the site's
// REST interface is looked for anew: switching permalinks on or off moves it.
const lookAgainAfter = 5

// use makes the client for a REST root that the site or the operator vouches for.
func (c *siteConn) use(root string) {
	site := wpclient.Site{Home: c.home, RESTRoot: root, PlainPermalinks: strings.Contains(root, "?")}
	c.cur.Store(wpclient.New(site, c.key, c.opt))
}

// client is the one to use now. Where the key file's root is nobody's word (files of earlier versions, or a join whose end the
// site was away for) the site is asked for it first; until it has answered there is none.
func (c *siteConn) client(ctx context.Context) (*wpclient.Client, error) {
	if now := c.cur.Load(); now != nil {
		return now, nil
	}
	select {
	case c.settling <- struct{}{}:
		defer func() { <-c.settling }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if now := c.cur.Load(); now != nil {
		return now, nil
	}
	if err := c.settle(ctx, "", c.root()); err != nil {
		return nil, err
	}
	return c.cur.Load(), nil
}

func (c *siteConn) root() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stored.RESTRoot
}

// settle asks the site for its root, keeps it and uses it.
func (c *siteConn) settle(ctx context.Context, signed string, hints ...string) error {
	c.mu.Lock()
	key := c.key
	c.mu.Unlock()
	site, err := wpclient.Settle(ctx, wpclient.Site{Home: c.home}, key, signed, hints, c.opt)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stored.RootFrom == config.RootSigned && c.stored.RESTRoot == site.RESTRoot && c.cur.Load() != nil {
		return nil
	}
	next := c.stored
	next.RESTRoot, next.PlainPermalinks, next.RootFrom = site.RESTRoot, site.PlainPermalinks, config.RootSigned
	if err := config.SaveKey(c.conf.KeyFile, next); err != nil {
		c.opt.Logger.Warn("the address of the site's REST interface could not be kept", "site", c.home, "error", err.Error())
	}
	c.stored = next
	c.use(site.RESTRoot)
	c.opt.Logger.Info("the site has told where its REST interface is", "site", c.home, "rest_root", site.RESTRoot)
	return nil
}

// relocate follows a REST interface that has moved on the same site, unless the operator said where it is. What the front page
// says is a hint: the site is asked through it where it really is. Any trouble here leaves things
// as they are: the next round of failures brings the next look.
func (c *siteConn) relocate(ctx context.Context) {
	if c.conf.RESTRoot != "" || c.cur.Load() == nil {
		return
	}
	if c.settle(ctx, c.root()) == nil {
		return
	}
	if found, err := wpclient.Discover(ctx, c.home, c.opt); err == nil && found.Home == c.home {
		_ = c.settle(ctx, "", found.RESTRoot) // said again at the next round
	}
}

// unanswered counts leases without an answer and tells when it is time to look for the site anew.
func (c *siteConn) unanswered(err error) (lookAgain bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !wpclient.IsTransient(err) {
		c.deaf = 0
		return false
	}
	c.deaf++
	return c.deaf%lookAgainAfter == 0
}
