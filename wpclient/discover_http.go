package wpclient

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

const maxDiscoveryRedirects = 5

// discovery is one search for a site's REST root: plain GETs, no cookies, no credentials.
type discovery struct {
	op    string
	start string
	opt   Options
	http  *http.Client
}

// page is an answer to one GET, after redirects.
type page struct {
	url    *url.URL
	status int
	header http.Header
	body   []byte
}

var (
	errDowngrade = errors.New("redirect from https to http")
	errRedirects = errors.New("too many redirects")
)

// elsewhereError is a redirect to another origin, which is not followed.
type elsewhereError struct{ to string }

func (e elsewhereError) Error() string { return "redirect to " + e.to }

func newDiscovery(op, start string, opt Options) *discovery {
	return &discovery{op: op, start: start, opt: opt, http: &http.Client{Transport: opt.Transport, CheckRedirect: checkRedirect}}
}

func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxDiscoveryRedirects {
		return errRedirects
	}
	if req.URL.Scheme != "https" && via[len(via)-1].URL.Scheme == "https" {
		return errDowngrade
	}
	if !sameOrigin(req.URL.String(), via[0].URL.String()) {
		return elsewhereError{shownOrigin(req.URL.String())}
	}
	return nil
}

func (d *discovery) close() {
	if t, ok := d.opt.Transport.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

func (d *discovery) host() string { return Site{Home: d.start}.Host() }

func (d *discovery) fail(kind Kind, code string, status int, what string) *Error {
	return &Error{Op: d.op, Kind: kind, Code: code, Status: status, Message: d.host() + " " + what}
}

// get repeats a GET that failed transiently: the one place where this package retries, because a GET of a public page
// changes nothing and needs no nonce.
func (d *discovery) get(ctx context.Context, address string, limit int64) (page, error) {
	pace := backoff.New(d.opt.RetryWait, 4*d.opt.RetryWait)
	for try := 1; ; try++ {
		p, err := d.getOnce(ctx, address, limit)
		transient := IsTransient(err) || (err == nil && (p.status == 502 || p.status == 503 || p.status == 504))
		if !transient || try == discoveryTries {
			return p, err
		}
		if !backoff.Sleep(ctx, pace.Next(0)) {
			return p, networkError(d.op, d.host(), context.Cause(ctx))
		}
	}
}

func (d *discovery) getOnce(ctx context.Context, address string, limit int64) (page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page{}, d.fail(NotWordPress, "", 0, notWordPressSentence)
	}
	req.Header.Set("User-Agent", d.opt.userAgent())
	req.Header.Set("Accept", "application/json, text/html;q=0.9, */*;q=0.1")
	resp, err := d.http.Do(req)
	var away elsewhereError
	switch {
	case errors.As(err, &away):
		return page{}, d.fail(Refused, CodeOtherOrigin, 0, "redirects to "+away.to+", another address: put "+away.to+" into `url` if that is the site")
	case errors.Is(err, errDowngrade):
		return page{}, d.fail(Insecure, CodePlainHTTP, 0, "redirects from https to plain http: correct the site address in WordPress' settings")
	case errors.Is(err, errRedirects):
		return page{}, d.fail(NotWordPress, CodeRedirect, 0, "redirects in a circle: correct the site address in WordPress' settings")
	case err != nil:
		return page{}, networkError(d.op, d.host(), err)
	}
	defer resp.Body.Close()
	body, err := readBounded(resp.Body, limit)
	if errors.Is(err, errTooLarge) {
		err = nil // a page this long is not an index; its headers and status still count
	}
	if err != nil {
		return page{}, networkError(d.op, d.host(), err)
	}
	return page{url: resp.Request.URL, status: resp.StatusCode, header: resp.Header, body: body}, nil
}

const apiRel = "https://api.w.org/"

var linkValue = pattern.Lazily(`<([^>]*)>\s*;[^<]*?\brel\s*=\s*(?:"([^"]*)"|([^\s;,]+))`)

// apiLinks are the REST roots a page names: in its Link headers, or in its <link> elements where a page cache kept
// only the body.
func (p page) apiLinks() []string {
	var out []string
	for _, m := range linkValue.FindAllStringSubmatch(strings.Join(p.header.Values("Link"), ", "), -1) {
		if hasRel(m[2] + m[3]) {
			out = append(out, m[1])
		}
	}
	return append(out, linkElements(p.body)...)
}

func hasRel(rel string) bool {
	for _, r := range strings.Fields(rel) {
		if strings.EqualFold(r, apiRel) {
			return true
		}
	}
	return false
}

func linkElements(body []byte) []string {
	var out []string
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "body" {
				return out
			}
			if t.Data != "link" {
				continue
			}
			var rel, href string
			for _, a := range t.Attr {
				switch a.Key {
				case "rel":
					rel = a.Val
				case "href":
					href = a.Val
				}
			}
			if hasRel(rel) && href != "" {
				out = append(out, href)
			}
		}
	}
}
