package cli

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// siteConn is a site whose key and REST root can be replaced while the agent runs: each call uses those of
// that moment. How it comes by its root is in siteroot.go.
type siteConn struct {
	home string
	conf config.Site
	opt  wpclient.Options
	cur  atomic.Pointer[wpclient.Client] // nil until there is a REST root that the site or the operator vouches for

	settling chan struct{} // capacity 1: held while the root is looked for
	rotating chan struct{} // capacity 1: held while the key is changed

	mu     sync.Mutex // guards stored, key and deaf
	stored config.SiteKey
	key    wpclient.Key
	deaf   int // transient lease errors in a row
}

var _ agent.Site = (*siteConn)(nil)

func newSiteConn(key wpclient.Key, stored config.SiteKey, conf config.Site, opt wpclient.Options) *siteConn {
	c := &siteConn{home: stored.Site, stored: stored, conf: conf, opt: opt, key: key, settling: make(chan struct{}, 1), rotating: make(chan struct{}, 1)}
	switch {
	case conf.RESTRoot != "":
		c.use(conf.RESTRoot)
	case stored.RootFrom == config.RootSigned:
		c.use(stored.RESTRoot)
	}
	return c
}

// with makes one call with the client of this moment. Where the site demands a public key and the client has a shared secret,
// it changes to one and calls again: what the call was about is not lost.
func with[T any](ctx context.Context, c *siteConn, call func(*wpclient.Client) (T, error)) (T, error) {
	client, err := c.client(ctx)
	if err != nil {
		var none T
		return none, err
	}
	out, err := call(client)
	if !wpclient.DemandsPublicKey(err) {
		return out, err
	}
	if err := c.upgrade(ctx, client); err != nil {
		return out, err
	}
	return call(c.cur.Load())
}

func (c *siteConn) Lease(ctx context.Context, r wpclient.LeaseRequest) (wpclient.LeaseResponse, error) {
	resp, err := with(ctx, c, func(cl *wpclient.Client) (wpclient.LeaseResponse, error) { return cl.Lease(ctx, r) })
	if c.unanswered(err) {
		c.relocate(ctx)
	}
	return resp, err
}

func (c *siteConn) Beat(ctx context.Context, r wpclient.BeatRequest) (wpclient.BeatResponse, error) {
	return with(ctx, c, func(cl *wpclient.Client) (wpclient.BeatResponse, error) { return cl.Beat(ctx, r) })
}

func (c *siteConn) Result(ctx context.Context, body []byte) (wpclient.ResultResponse, error) {
	return with(ctx, c, func(cl *wpclient.Client) (wpclient.ResultResponse, error) { return cl.Result(ctx, body) })
}

func (c *siteConn) Results(ctx context.Context, bodies [][]byte, info wpclient.AgentInfo) (wpclient.ResultsResponse, error) {
	return with(ctx, c, func(cl *wpclient.Client) (wpclient.ResultsResponse, error) { return cl.Results(ctx, bodies, info) })
}

func (c *siteConn) Fail(ctx context.Context, r wpclient.FailRequest) (wpclient.FailResponse, error) {
	return with(ctx, c, func(cl *wpclient.Client) (wpclient.FailResponse, error) { return cl.Fail(ctx, r) })
}

func (c *siteConn) Release(ctx context.Context, r wpclient.ReleaseRequest) (wpclient.ReleaseResponse, error) {
	return with(ctx, c, func(cl *wpclient.Client) (wpclient.ReleaseResponse, error) { return cl.Release(ctx, r) })
}

// PublicFile needs no key.
func (c *siteConn) PublicFile(ctx context.Context, lease wpclient.Lease) (wpclient.FileBody, bool) {
	client, err := c.client(ctx)
	if err != nil {
		return wpclient.FileBody{}, false
	}
	return client.PublicFile(ctx, lease)
}

func (c *siteConn) File(ctx context.Context, ref wpclient.LeaseRef, offset int64) (wpclient.FileBody, error) {
	return with(ctx, c, func(cl *wpclient.Client) (wpclient.FileBody, error) { return cl.File(ctx, ref, offset) })
}

func (c *siteConn) Echo(ctx context.Context) (wpclient.EchoResponse, error) {
	return with(ctx, c, func(cl *wpclient.Client) (wpclient.EchoResponse, error) { return cl.Echo(ctx) })
}

func (c *siteConn) Doorbell(ctx context.Context, url string, prev wpclient.DoorbellState) (wpclient.DoorbellState, bool, error) {
	client, err := c.client(ctx)
	if err != nil {
		return prev, false, err
	}
	return client.Doorbell(ctx, url, prev)
}
