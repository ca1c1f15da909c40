package wpclient

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// settledPlaces are where Settle looks on its own: what WordPress makes of its permalink settings.
var settledPlaces = []string{"/wp-json/", "/?rest_route=/", "/index.php/wp-json/"}

// Settle returns site with a REST root that rests on the site's own word: a signed answer named it, or it follows from
// the home URL alone, and a signed answer came through it. Only such a root is fit to be kept.
//
// signed is the root from an earlier signed answer, "" where there is none. hints are unsigned roots: a
// page's, an old file's. Through such a one the site is asked for its word, and that word is taken, never the hint. Where
// the operator named the root (Options.RESTRoot) it is that one.
func Settle(ctx context.Context, site Site, key Key, signed string, hints []string, opt Options) (Site, error) {
	s := settling{ctx: ctx, site: site, key: key, opt: opt.withDefaults(), told: map[string]string{}}
	defer New(site, key, s.opt).Close()
	if opt.RESTRoot != "" {
		if err := readRoot(opt.RESTRoot); err != nil {
			return site, err
		}
		s.ask(opt.RESTRoot)
		return s.with(opt.RESTRoot), s.err
	}
	roots := append([]string{signed}, s.usual()...)
	for _, hint := range hints {
		if told, ok := s.ask(hint); ok {
			roots = append([]string{told}, roots...)
			break
		}
	}
	for _, root := range roots {
		told, ok := s.ask(root)
		if !ok {
			continue
		}
		if _, ok := s.ask(told); ok {
			root = told
		}
		return s.with(canonicalRoot(root)), nil
	}
	return site, s.failure()
}

// settling is one call of Settle.
type settling struct {
	ctx     context.Context
	site    Site
	key     Key
	opt     Options
	told    map[string]string // by root that was asked and answered: the root that the site told
	failed  []string
	foreign string // the first root that is of another origin
	err     error  // the first
	over    bool   // asking elsewhere would not help
}

// ask sends a signed /echo through root and returns the root that the signed answer names. A root of another origin is
// not asked.
func (s *settling) ask(root string) (told string, ok bool) {
	if root == "" || s.over {
		return "", false
	}
	root = canonicalRoot(root)
	site := s.with(root)
	if ownRoot("echo", site, s.opt) != nil {
		s.foreign = orElse(s.foreign, root)
		return "", false
	}
	if told, ok := s.told[root]; ok || slices.Contains(s.failed, root) {
		return told, ok
	}
	answer, err := New(site, s.key, s.opt).Echo(s.ctx)
	if err != nil {
		s.note(root, err)
		return "", false
	}
	s.told[root] = answer.RESTRoot
	return answer.RESTRoot, true
}

func (s *settling) note(root string, err error) {
	s.failed = append(s.failed, root)
	if s.err == nil {
		s.err = err
	}
	if e := asError(err); e == nil || e.Status == 0 || e.Signed {
		s.err, s.over = err, true // no answer at all, or the site's own: it will be the same by another way
	}
}

func (s *settling) failure() error {
	e := asError(s.err)
	missing := e != nil && !s.over && (e.Status == http.StatusNotFound || e.Status == http.StatusForbidden || e.Status == http.StatusUnauthorized)
	if s.foreign != "" && (missing || e == nil) {
		return otherOrigin("settle", s.site.Home, s.foreign)
	}
	return s.err
}

func (s *settling) usual() (out []string) {
	for _, place := range settledPlaces {
		out = append(out, s.site.Home+place)
	}
	return out
}

func (s *settling) with(root string) Site {
	site := s.site
	site.RESTRoot, site.PlainPermalinks = root, strings.Contains(root, "?")
	return site
}

// canonicalRoot is a REST root in the form that routeURL extends, without a user name.
func canonicalRoot(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return rootOf(u)
}
