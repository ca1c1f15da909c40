package fetch

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

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

// innerAddress is the refusal of an address that netguard does not call public.
func innerAddress(netip.Addr) error {
	return notAllowed("the source's name leads to an address inside a network, where this agent does not go")
}

func notAllowed(message string) *Error { return &Error{Code: CodeNotAllowed, Message: message} }
