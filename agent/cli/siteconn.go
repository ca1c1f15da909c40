package cli

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// siteConn is a site whose key can be replaced while the agent runs: each call uses the key of
// that moment.
type siteConn struct {
	site   wpclient.Site
	stored config.SiteKey
	conf   config.Site
	opt    wpclient.Options
	cur    atomic.Pointer[wpclient.Client]

	mu   sync.Mutex // guards stored, key and deaf
	key  wpclient.Key
	deaf int // transient lease errors in a row
}

var _ agent.Site = (*siteConn)(nil)

func newSiteConn(site wpclient.Site, key wpclient.Key, stored config.SiteKey, conf config.Site, opt wpclient.Options) *siteConn {
	c := &siteConn{site: site, stored: stored, conf: conf, opt: opt, key: key}
	c.cur.Store(wpclient.New(site, key, opt))
	return c
}

// rotated keeps a new key on disk first and uses it from then on: the site drops the old one at
// the first use of the new.
func (c *siteConn) rotated(r wpclient.RotateResponse) error {
	key, err := r.Key()
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.stored
	next.KeyID, next.Secret = r.KeyID, r.Secret
	if err := config.SaveKey(c.conf.KeyFile, next); err != nil {
		return err
	}
	c.stored, c.key = next, key
	c.cur.Store(wpclient.New(c.site, key, c.opt))
	return nil
}

// lookAgainAfter is the number of leases in a row without a signed answer after which the site's
// REST interface is looked for anew: switching permalinks on or off moves it.
const lookAgainAfter = 5

// relocate follows a REST interface that has moved on the same site. Any trouble here leaves things
// as they are: the next round of failures brings the next look.
func (c *siteConn) relocate(ctx context.Context) {
	found, err := wpclient.Discover(ctx, c.site.Home, c.opt)
	if err != nil || found.Home != c.site.Home {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if found.RESTRoot == c.stored.RESTRoot {
		return
	}
	next := c.stored
	next.RESTRoot, next.PlainPermalinks = found.RESTRoot, found.PlainPermalinks
	if err := config.SaveKey(c.conf.KeyFile, next); err != nil {
		c.opt.Logger.Warn("the site's new address could not be kept", "site", c.site.Home, "error", err.Error())
	}
	c.stored = next
	c.site.RESTRoot, c.site.PlainPermalinks = found.RESTRoot, found.PlainPermalinks
	c.cur.Store(wpclient.New(c.site, c.key, c.opt))
	c.opt.Logger.Info("the site has moved its REST interface", "site", c.site.Home, "rest_root", found.RESTRoot)
}

// heard counts leases without an answer and tells when it is time to look for the site anew.
func (c *siteConn) heard(err error) (lookAgain bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !wpclient.IsTransient(err) {
		c.deaf = 0
		return false
	}
	c.deaf++
	return c.deaf%lookAgainAfter == 0
}

func (c *siteConn) Lease(ctx context.Context, r wpclient.LeaseRequest) (wpclient.LeaseResponse, error) {
	resp, err := c.cur.Load().Lease(ctx, r)
	if c.heard(err) {
		c.relocate(ctx)
	}
	return resp, err
}

func (c *siteConn) Beat(ctx context.Context, r wpclient.BeatRequest) (wpclient.BeatResponse, error) {
	return c.cur.Load().Beat(ctx, r)
}

func (c *siteConn) Result(ctx context.Context, body []byte) (wpclient.ResultResponse, error) {
	return c.cur.Load().Result(ctx, body)
}

func (c *siteConn) Fail(ctx context.Context, r wpclient.FailRequest) (wpclient.FailResponse, error) {
	return c.cur.Load().Fail(ctx, r)
}

func (c *siteConn) Release(ctx context.Context, r wpclient.ReleaseRequest) (wpclient.ReleaseResponse, error) {
	return c.cur.Load().Release(ctx, r)
}

func (c *siteConn) File(ctx context.Context, ref wpclient.LeaseRef, offset int64) (wpclient.FileBody, error) {
	return c.cur.Load().File(ctx, ref, offset)
}

func (c *siteConn) Doorbell(ctx context.Context, url string, prev wpclient.DoorbellState) (wpclient.DoorbellState, bool, error) {
	return c.cur.Load().Doorbell(ctx, url, prev)
}

func (c *siteConn) Rotate(ctx context.Context) (wpclient.RotateResponse, error) {
	return c.cur.Load().Rotate(ctx)
}

func (c *siteConn) Echo(ctx context.Context) (wpclient.EchoResponse, error) {
	return c.cur.Load().Echo(ctx)
}
