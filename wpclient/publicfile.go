package wpclient

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Where a public address did not give the document, the site's file route is asked for that long: what answers there will hardly change
// within the hour, a server that is down for a moment will.
const (
	publicPause      = time.Hour
	publicShortPause = time.Minute
)

// PublicFile opens a document at the address at which the site's web server gives it to anybody, as the source of a lease names it: that
// costs the site no PHP. It sends no credentials, follows no redirect, and goes to the site's own origin only. Nobody signs what comes:
// reading ends with a Transient error where it is not the bytes of the lease.
//
// ok is false, without a request where the site has shown lately that its files are not open, if the document cannot be had so: the caller
// asks File, as it does when reading fails.
func (c *Client) PublicFile(ctx context.Context, l Lease) (body FileBody, ok bool) {
	const op = "download"
	address := l.Source.URL
	if l.Source.Kind != "site" || address == "" || l.SHA256 == "" || l.Bytes <= 0 || c.opt.Now().Before(c.publicFrom()) ||
		!sameOrigin(address, c.site.Home) || insecure(op, address, c.opt.InsecureHTTP) != nil {
		return FileBody{}, false
	}
	request, r := c.transfer(ctx, op)
	resp, pause := c.getPublic(request, address, l.Bytes)
	if resp == nil {
		r.end()
		c.pausePublic(ctx, pause)
		return FileBody{}, false
	}
	body = FileBody{Total: l.Bytes, SHA256: l.SHA256, Resumable: true} // by File
	r.resp, r.whole = resp, body
	body.ReadCloser = &publicReader{ctx: ctx, fileReader: r}
	return body, true
}

// getPublic asks for a file of that many bytes; without one, it says for how long not to ask again.
func (c *Client) getPublic(ctx context.Context, address string, size int64) (*http.Response, time.Duration) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, publicPause
	}
	req.Header.Set("User-Agent", c.opt.userAgent())
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := c.plain.Do(req)
	switch {
	case err != nil:
		return nil, publicShortPause
	case resp.StatusCode == http.StatusOK && resp.ContentLength == size && resp.Header.Get("Content-Encoding") == "":
		return resp, 0
	}
	resp.Body.Close()
	if resp.StatusCode >= http.StatusInternalServerError || resp.StatusCode == http.StatusTooManyRequests {
		return nil, publicShortPause
	}
	return nil, publicPause
}

func (c *Client) publicFrom() time.Time { return time.UnixMilli(c.publicMS.Load()) }

// pausePublic leaves public addresses alone for a while, unless it was the caller who ended the request.
func (c *Client) pausePublic(ctx context.Context, pause time.Duration) {
	if ctx.Err() == nil {
		c.publicMS.Store(c.opt.Now().Add(pause).UnixMilli())
	}
}

// publicReader notices that what came is not the document.
type publicReader struct {
	*fileReader
	ctx context.Context // the caller's
}

func (r *publicReader) Read(p []byte) (int, error) {
	n, err := r.fileReader.Read(p)
	switch {
	case err == nil || err == io.EOF:
	case CodeOf(err) == CodeDigestMismatch:
		r.c.pausePublic(r.ctx, publicPause)
	default:
		r.c.pausePublic(r.ctx, publicShortPause)
	}
	return n, err
}
