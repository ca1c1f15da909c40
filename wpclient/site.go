package wpclient

import (
	"net/url"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/netguard"
)

// Site is what Discover found out about a WordPress site.
type Site struct {
	Home            string // the home URL in canonical form: what signatures name
	RESTRoot        string // "https://example.org/wp-json/" or "https://example.org/?rest_route=/"
	PlainPermalinks bool   // the site has no pretty permalinks: every route travels as ?rest_route=
	Name            string
}

// Host names the site in messages.
func (s Site) Host() string {
	if u, err := url.Parse(s.Home); err == nil && u.Host != "" {
		return u.Host
	}
	return s.Home
}

// routeURL is where a route of this site lives. Routes are plain characters only, so nothing needs escaping.
func (s Site) routeURL(route string) string {
	base, query, found := strings.Cut(s.RESTRoot, "?")
	if !found {
		return strings.TrimRight(base, "/") + route
	}
	prefix := ""
	if v, err := url.ParseQuery(query); err == nil {
		prefix = strings.TrimRight(v.Get("rest_route"), "/")
	}
	return base + "?rest_route=" + prefix + route
}

// CanonicalSite is the form of a home URL that both ends sign: scheme and host in lower case, the default port left
// out, no trailing slash, nothing after the path.
func CanonicalSite(raw string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || (!strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https")) {
		return "", &Error{Op: "read site address", Kind: NotWordPress, Code: CodeBadAddress,
			Message: "the site address must look like https://www.example.org: correct `url` in the configuration"}
	}
	scheme, host := strings.ToLower(u.Scheme), lowerASCII(u.Host)
	if (scheme == "https" && u.Port() == "443") || (scheme == "http" && u.Port() == "80") {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	return scheme + "://" + host + strings.TrimRight(u.EscapedPath(), "/"), nil
}

// lowerASCII leaves other letters alone, as PHP's strtolower does.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// insecure returns the refusal for a plain http address, or nil.
func insecure(op, raw string, allowed bool) *Error {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "https" || allowed || netguard.LoopbackName(u.Hostname()) {
		return nil
	}
	return &Error{Op: op, Kind: Insecure, Code: CodePlainHTTP, Message: u.Host +
		" is set up with plain http, which anybody on the way can read: use its https address, or set `insecure_http: true` for this site"}
}
