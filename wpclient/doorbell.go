package wpclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Doorbell is a static file that changes when there may be work.
type Doorbell struct {
	URL string `json:"url"`
	// Now is what the file holds, without white space around it, as the site sees it; "" where it does not tell. It shows a cache that keeps
	// an older one.
	Now string `json:"now,omitempty"`
}

const (
	maxDoorbellBytes = 64
	doorbellTimeout  = 10 * time.Second
)

// DoorbellState is what was seen at the last look. The zero value has seen nothing.
type DoorbellState struct {
	Seen         bool
	ETag         string
	LastModified string
	Content      string
	Cached       bool   // a cache in front keeps the file: every look goes around it
	Sign         string // the header by which a cache has shown first, as in Hearing

	varied time.Time // the last look around a cache
	past   string    // what that saw change, until the next look at the file's own address
}

// Doorbell looks whether the site's static file has changed since prev. The first look always reports a change. It
// sends no credentials, follows no redirect, reads at most 64 bytes, and goes to the site's own origin only. Now and then it
// looks around caches. Any error means: ignore the doorbell for a while and poll.
func (c *Client) Doorbell(ctx context.Context, address string, prev DoorbellState) (DoorbellState, bool, error) {
	const op = "doorbell"
	ctx, cancel := context.WithTimeout(ctx, doorbellTimeout)
	defer cancel()
	look := prev.look()
	req, err := c.bellRequest(ctx, op, address, look)
	if err != nil {
		return prev, false, err
	}
	setIf(req.Header, "If-None-Match", prev.ETag)
	setIf(req.Header, "If-Modified-Since", prev.LastModified)
	resp, err := c.plain.Do(req)
	if err != nil {
		return prev, false, c.networkError(op, err)
	}
	defer resp.Body.Close()
	next, changed, err := c.readDoorbell(op, resp, prev)
	if err != nil {
		return prev, false, err
	}
	next, changed = look.judge(next, changed)
	if next.Sign == "" {
		next.Sign = steadySign(resp.Header)
	}
	return next, changed, nil
}

// bellRequest is the request for a look at a doorbell that may be visited.
func (c *Client) bellRequest(ctx context.Context, op, address string, as look) (*http.Request, error) {
	place, err := c.bellPlace(op, address)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "", nil)
	if err != nil {
		return nil, c.errorf(op, Invalid, "", "the request to %s cannot be made")
	}
	req.URL, req.Host = as.address(place), place.Host
	req.Header.Set("User-Agent", c.opt.userAgent())
	return req, nil
}

// visited is the address of a doorbell that may be visited.
type visited struct {
	address string
	url     *url.URL // read only
}

// bellPlace is the address of a doorbell, read and checked. The last one is kept: a site names the same for months, and reading it was the
// largest part of a look's own work.
func (c *Client) bellPlace(op, address string) (*url.URL, error) {
	if last := c.bell.Load(); last != nil && last.address == address {
		return last.url, nil
	}
	if !sameOrigin(address, c.site.Home) && !sameOrigin(address, c.site.RESTRoot) {
		return nil, c.errorf(op, Invalid, "", "%s named a doorbell at another address, which the agent does not visit")
	}
	if err := insecure(op, address, c.opt.InsecureHTTP); err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, c.errorf(op, Invalid, "", "%s named a doorbell whose address cannot be read")
	}
	u.Host = strings.TrimSuffix(u.Host, ":")
	c.bell.Store(&visited{address: address, url: u})
	return u, nil
}

func (c *Client) readDoorbell(op string, resp *http.Response, prev DoorbellState) (DoorbellState, bool, error) {
	if resp.StatusCode == http.StatusNotModified && prev.Seen {
		return prev, false, nil
	}
	if resp.StatusCode != http.StatusOK {
		return prev, false, c.answerError(op, resp, "", fmt.Sprintf("has no doorbell where it said (status %d)", resp.StatusCode), nil)
	}
	body, err := readBounded(resp.Body, maxDoorbellBytes)
	if errors.Is(err, errTooLarge) {
		return prev, false, c.answerError(op, resp, CodeTooLarge, "answers its doorbell with something else, perhaps a web page", err)
	}
	if err != nil {
		return prev, false, c.networkError(op, err)
	}
	next := DoorbellState{Seen: true, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"), Content: string(body)}
	return next, !prev.Seen || next.Content != prev.Content, nil
}

func setIf(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

func (d *Doorbell) check() bool {
	if len(d.Now) > maxDoorbellBytes || plain(d.Now) != d.Now {
		d.Now = ""
	}
	u, err := url.Parse(d.URL)
	return err == nil && len(d.URL) <= maxURLBytes && u.Host != "" && u.User == nil
}
