package wpclient

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const (
	restNamespace = "aidoc/v1"
	maxPageBytes  = 1 << 20
	maxIndexBytes = 8 << 20
	indexFields   = "name,home,url,namespaces"
)

// index is what the REST index tells.
type index struct {
	Name       string   `json:"name"`
	Home       string   `json:"home"`
	URL        string   `json:"url"`
	Namespaces []string `json:"namespaces"`
}

// Discover finds the REST root of a WordPress site from its address: by the Link header, by the page's own <link>, or
// at the two usual places; where Options.RESTRoot is set, there and nowhere else. It sends nothing but plain GETs and
// repeats what failed transiently.
//
// Nothing that it finds is signed. So it never leaves the origin of the address that the operator gave, or of
// Options.RESTRoot, and the result is good for one thing: asking the site itself, see Settle.
func Discover(ctx context.Context, siteURL string, opt Options) (Site, error) {
	const op = "discover"
	start, err := CanonicalSite(siteURL)
	if err != nil {
		return Site{}, err
	}
	if err := insecure(op, start, opt.InsecureHTTP); err != nil {
		return Site{}, err
	}
	opt = opt.withDefaults()
	d := newDiscovery(op, start, opt)
	defer d.close()
	ctx, cancel := context.WithTimeout(ctx, opt.Timeout)
	defer cancel()
	if opt.RESTRoot != "" {
		if err := readRoot(opt.RESTRoot); err != nil {
			return Site{}, err
		}
		return d.probe(ctx, opt.RESTRoot)
	}
	page, err := d.get(ctx, start+"/", maxPageBytes)
	if err != nil {
		return Site{}, err
	}
	return d.search(ctx, page)
}

// search asks the candidates in turn. Where the page names only roots of other origins, the error names the first.
func (d *discovery) search(ctx context.Context, page page) (Site, error) {
	named, foreign := d.named(page)
	if foreign != "" && len(named) == 0 {
		return Site{}, otherOrigin(d.op, d.start, foreign)
	}
	var blocked error
	for _, root := range d.withUsual(named, page) {
		site, err := d.probe(ctx, root)
		if err == nil {
			return site, nil
		}
		switch {
		case KindOf(err) == NotWordPress: // keep looking
		case CodeOf(err) == CodeRESTBlocked:
			blocked = err // plain permalinks may get through where /wp-json/ is blocked
		default:
			return Site{}, err
		}
	}
	if blocked != nil {
		return Site{}, blocked
	}
	return Site{}, d.nothingFound(page)
}

// usualPlaces are where WordPress has its REST interface, below the home URL.
var usualPlaces = [...]string{"/wp-json/", "/?rest_route=/"}

// named are the REST roots that the page names on the site's own origin, and the first that it names elsewhere.
func (d *discovery) named(p page) (own []string, foreign string) {
	for _, ref := range p.apiLinks() {
		u, err := p.url.Parse(ref)
		switch {
		case err != nil || u.Host == "":
		case !sameOrigin(u.String(), d.start) || u.User != nil:
			foreign = orElse(foreign, u.String())
		case !slices.Contains(own, u.String()):
			own = append(own, u.String())
		}
	}
	return own, foreign
}

// withUsual adds the usual places below the page's address.
func (d *discovery) withUsual(roots []string, p page) []string {
	base := strings.TrimRight((&url.URL{Scheme: p.url.Scheme, Host: p.url.Host, Path: p.url.Path}).String(), "/")
	base = strings.TrimSuffix(base, "/index.php")
	for _, place := range usualPlaces {
		if !slices.Contains(roots, base+place) {
			roots = append(roots, base+place)
		}
	}
	return roots
}

// probe asks one candidate for its index.
func (d *discovery) probe(ctx context.Context, root string) (Site, error) {
	if err := insecure(d.op, root, d.opt.InsecureHTTP); err != nil {
		return Site{}, err
	}
	p, err := d.get(ctx, withQuery(root, "_fields="+indexFields), maxIndexBytes)
	if err != nil {
		return Site{}, err
	}
	var idx index
	stray, err := unmarshal(p.body, &idx)
	if p.status != http.StatusOK || err != nil || len(idx.Namespaces) == 0 || idx.Home == "" {
		return Site{}, d.notAnIndex(p)
	}
	home, err := CanonicalSite(idx.Home)
	if err != nil {
		return Site{}, d.notAnIndex(p)
	}
	if !sameOrigin(home, d.start) {
		return Site{}, d.fail(Refused, CodeOtherOrigin, p.status, "calls itself "+shownOrigin(home)+": put "+shownOrigin(home)+
			" into `url`, or correct the site address in WordPress' settings")
	}
	if !slices.Contains(idx.Namespaces, restNamespace) {
		return Site{}, d.fail(PluginInactive, "", p.status, "is WordPress, but the plugin \"AI Doc Pipeline\" is not active there: install and activate it, then run again")
	}
	if stray {
		d.opt.Logger.Warn(d.host() + " " + strayOutputSentence)
	}
	root = rootOf(p.url)
	return Site{Home: home, RESTRoot: root, PlainPermalinks: strings.Contains(root, "?"), Name: plain(idx.Name)}, nil
}

// rootOf drops what the probe added; after a redirect it is the final address that counts.
func rootOf(u *url.URL) string {
	clean := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if route := u.Query().Get("rest_route"); route != "" {
		return clean.String() + "?rest_route=" + route
	}
	return strings.TrimRight(clean.String(), "/") + "/"
}

func withQuery(raw, q string) string {
	if strings.Contains(raw, "?") {
		return raw + "&" + q
	}
	return raw + "?" + q
}

// notAnIndex says why what came back is not a REST index.
func (d *discovery) notAnIndex(p page) error {
	e, _ := sniff(p.body)
	switch {
	case p.status == http.StatusUnauthorized, p.status == http.StatusForbidden:
		why := "something in front of it"
		if e.Code != "" {
			why = "a security plugin (" + e.Code + ")"
		}
		return d.fail(Refused, CodeRESTBlocked, p.status, "blocks its REST interface by "+why+": allow /wp-json/aidoc/v1/ there, then run again")
	case p.status >= 500 || p.status == http.StatusTooManyRequests:
		return d.fail(Transient, "", p.status, "is not working right now"+title(p.body)+": try again later")
	}
	return d.fail(NotWordPress, "", p.status, notWordPressSentence)
}

const notWordPressSentence = "does not look like a WordPress site: its REST interface was found neither by its Link header nor at /wp-json/ nor at ?rest_route=/. Give the address of the site's front page in `url`"

func (d *discovery) nothingFound(p page) error {
	if p.status == http.StatusUnauthorized || p.status == http.StatusForbidden {
		return d.fail(Refused, CodeRESTBlocked, p.status, "refuses visitors"+title(p.body)+": allow /wp-json/aidoc/v1/ in its firewall or login wall, then run again")
	}
	return d.fail(NotWordPress, "", p.status, notWordPressSentence)
}
