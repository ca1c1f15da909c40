package cli

import (
	"context"
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
}

var _ agent.Site = (*siteConn)(nil)

func newSiteConn(site wpclient.Site, key wpclient.Key, stored config.SiteKey, conf config.Site, opt wpclient.Options) *siteConn {
	c := &siteConn{site: site, stored: stored, conf: conf, opt: opt}
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
	next := c.stored
	next.KeyID, next.Secret = r.KeyID, r.Secret
	if err := config.SaveKey(c.conf.KeyFile, next); err != nil {
		return err
	}
	c.stored = next
	c.cur.Store(wpclient.New(c.site, key, c.opt))
	return nil
}

func (c *siteConn) Lease(ctx context.Context, r wpclient.LeaseRequest) (wpclient.LeaseResponse, error) {
	return c.cur.Load().Lease(ctx, r)
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
