package fetch

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// publicIPv6 is the only part of the IPv6 space that is routed on the internet.
var publicIPv6 = netip.MustParsePrefix("2000::/3")

// special are ranges inside the public space that lead elsewhere: IANA's special-purpose registries, and addresses at
// which clouds answer with their machines' credentials.
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "240.0.0.0/4", "168.63.129.16/32",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// publicAddr tells whether an address belongs to the internet at large: not to this machine, its network, its
// provider's inside or a tunnel into one of them.
func publicAddr(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || (a.Is6() && !publicIPv6.Contains(a)) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// control runs after DNS, for the very address that is about to be dialled: a name that resolves differently a second
// time gains nothing.
func control(allowed func(netip.Addr) bool) func(network, address string, _ syscall.RawConn) error {
	return func(network, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || !strings.HasPrefix(network, "tcp") || !allowed(ap.Addr()) {
			return notAllowed("the source's name leads to an address inside a network, where this agent does not go")
		}
		return nil
	}
}

// hostList holds what an operator allows: "files.example.org", "*.example.org" (not example.org itself), each
// optionally with a port; without one only 443.
type hostList []string

func (l hostList) allows(u *url.URL) bool {
	host, port := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), u.Port()
	if port == "" {
		port = "443"
	}
	for _, entry := range l {
		want, wantPort := strings.ToLower(strings.TrimSpace(entry)), "443"
		if h, p, err := net.SplitHostPort(want); err == nil {
			want, wantPort = h, p
		}
		want = strings.TrimSuffix(want, ".")
		if port != wantPort || want == "" {
			continue
		}
		if suffix, wild := strings.CutPrefix(want, "*."); wild {
			if label, ok := strings.CutSuffix(host, "."+suffix); ok && label != "" && suffix != "" {
				return true
			}
		} else if host == want {
			return true
		}
	}
	return false
}

// check refuses a URL that this agent may not visit; it never quotes more of it than the host.
func (l hostList) check(u *url.URL) error {
	switch {
	case u.Scheme != "https":
		return notAllowed("a document can only be fetched over https")
	case u.User != nil:
		return notAllowed("the source's address holds a user name or password; use a presigned address")
	case !l.allows(u):
		return notAllowed(fmt.Sprintf("%q is not on this agent's list of hosts: add it to `allow_hosts` if documents may come from there", u.Host))
	}
	return nil
}

func notAllowed(message string) *Error { return &Error{Code: CodeNotAllowed, Message: message} }
