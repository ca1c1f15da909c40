package wpclient

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
)

// BellReport is what two looks at a doorbell tell: one as an agent looks, and one that no cache can answer from what it has kept.
type BellReport struct {
	// Cache is what shows that something in front of the site answers from memory: the header that says so, or that both
	// looks brought different contents. "" where nothing shows it.
	Cache string
	// Content is what the file held at the address that no cache knows, without white space around it. Where the site signs that it holds
	// something else, a cache answers there, too.
	Content string
}

// ProbeDoorbell looks at the site's doorbell for `doctor`. An error means that agents cannot use it.
func (c *Client) ProbeDoorbell(ctx context.Context, address string) (BellReport, error) {
	kept, header, err := c.lookAtBell(ctx, address, nil)
	if err != nil {
		return BellReport{}, err
	}
	varied, err := url.Parse(address)
	if err != nil {
		return BellReport{}, c.errorf("doorbell", Invalid, "", "%s named a doorbell whose address cannot be read")
	}
	varied.RawQuery = "aidoc=" + strings.ToLower(rand.Text())
	fresh, _, err := c.lookAtBell(ctx, varied.String(), http.Header{"Cache-Control": {"no-cache"}, "Pragma": {"no-cache"}})
	if err != nil {
		return BellReport{}, err
	}
	report := BellReport{Cache: cacheSign(header), Content: strings.TrimSpace(fresh.Content)}
	if report.Cache == "" && kept.Content != fresh.Content {
		report.Cache = "another content than at an address that no cache knows"
	}
	return report, nil
}

// lookAtBell is one look without anything that was seen before.
func (c *Client) lookAtBell(ctx context.Context, address string, extra http.Header) (DoorbellState, http.Header, error) {
	const op = "doorbell"
	ctx, cancel := context.WithTimeout(ctx, doorbellTimeout)
	defer cancel()
	req, err := c.bellRequest(ctx, op, address, look{})
	if err != nil {
		return DoorbellState{}, nil, err
	}
	for name, values := range extra {
		req.Header[name] = values
	}
	resp, err := c.plain.Do(req)
	if err != nil {
		return DoorbellState{}, nil, c.networkError(op, err)
	}
	defer resp.Body.Close()
	state, _, err := c.readDoorbell(op, resp, DoorbellState{})
	return state, resp.Header, err
}

// cacheSign quotes the header by which a cache says that it answered from memory; "" where none does.
func cacheSign(h http.Header) string {
	if age := strings.TrimSpace(h.Get("Age")); age != "" && age != "0" {
		return "Age: " + plain(age)
	}
	return hitSign(h)
}

// steadySign is likewise, without what changes with each answer: sites are told of it.
func steadySign(h http.Header) string {
	if sign := hitSign(h); sign != "" {
		return string([]rune(sign)[:min(maxSign, len([]rune(sign)))])
	}
	if cacheSign(h) != "" {
		return "Age"
	}
	return ""
}

const maxSign = 80

func hitSign(h http.Header) string {
	for _, name := range []string{"Cf-Cache-Status", "X-Cache", "X-Cache-Status", "X-Proxy-Cache", "X-Litespeed-Cache", "X-Varnish-Cache"} {
		if v := h.Get(name); strings.Contains(strings.ToUpper(v), "HIT") {
			return name + ": " + plain(v)
		}
	}
	return ""
}
