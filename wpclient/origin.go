package wpclient

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// origin is scheme, host and port of an address in one spelling, or "" where it has none: letters beyond ASCII as DNS
// asks for them, no default port, no dot at the end.
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	scheme := strings.ToLower(u.Scheme)
	defaults := map[string]string{"https": "443", "http": "80"}
	port, web := defaults[scheme]
	if !web {
		return ""
	}
	if p := u.Port(); p != "" {
		port = p
	}
	return scheme + "://" + asciiHost(u.Hostname()) + ":" + port
}

func asciiHost(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		return "[" + a.String() + "]"
	}
	host = strings.TrimSuffix(host, ".")
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return strings.ToLower(host) // an underscore, for example: not a name of the internet, but of somebody's network
}

func sameOrigin(a, b string) bool {
	o := origin(a)
	return o != "" && o == origin(b)
}

// shownOrigin is an origin as a person writes it.
func shownOrigin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "an address that cannot be read"
	}
	return plain(u.Scheme + "://" + u.Host)
}

// ownRoot refuses a REST root that neither is of the site's own origin nor was named by the operator.
func ownRoot(op string, site Site, opt Options) error {
	if sameOrigin(site.Home, site.RESTRoot) || (opt.RESTRoot != "" && sameOrigin(opt.RESTRoot, site.RESTRoot)) {
		return nil
	}
	return otherOrigin(op, site.Home, site.RESTRoot)
}

func otherOrigin(op, home, root string) *Error {
	there := shownOrigin(root)
	return &Error{Op: op, Kind: Refused, Code: CodeOtherOrigin, Message: shownOrigin(home) + " names " + there +
		" as the place of its REST interface, another address than its own, where the agent does not go unasked: if that is the site, put " + there +
		" into `url`; if its interface really lies there, set `rest_root` (join --rest-root)"}
}

// readRoot checks a REST root that an operator wrote.
func readRoot(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || origin(raw) == "" || u.User != nil || u.Fragment != "" {
		return &Error{Op: "read REST root", Kind: Refused, Code: CodeBadAddress,
			Message: "the REST root must look like https://www.example.org/wp-json/ or https://www.example.org/?rest_route=/: correct `rest_root`"}
	}
	return nil
}
