package netguard

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
)

// Error is a connection that was not made because of the address it would have gone to.
type Error struct {
	Host     string     // as it was asked for
	Addr     netip.Addr // what it resolved to
	Loopback bool       // the address is this machine's; AllowLoopback would have let it through
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s leads to %s, where this agent does not go", e.Host, e.Addr)
}

// Control makes the hook of a net.Dialer that lets through what allowed does; refuse makes the error for the rest.
func Control(allowed func(netip.Addr) bool, refuse func(netip.Addr) error) func(network, address string, _ syscall.RawConn) error {
	return func(network, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || !strings.HasPrefix(network, "tcp") || !allowed(ap.Addr()) {
			return refuse(ap.Addr())
		}
		return nil
	}
}

// LoopbackName tells whether a host, as a person wrote it, is this machine: localhost, a name below it, or a loopback
// address. What it resolves to is another question.
func LoopbackName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && a.Unmap().IsLoopback()
}

// Dialer connects to what the operator named. Its zero value is ready to use.
type Dialer struct {
	net.Dialer
	AllowLoopback bool // names may lead to this machine

	proxies sync.Map // host:port of the proxies that Proxy chose
}

// Proxy wraps the function that chooses a transport's proxy. The operator named the proxy, so it may be anywhere; where
// there is one, it is the proxy that resolves and dials the site, out of this guard's sight.
func (d *Dialer) Proxy(choose func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(req *http.Request) (*url.URL, error) {
		u, err := choose(req)
		if err == nil && u != nil {
			d.proxies.Store(hostPort(u), true)
		}
		return u, err
	}
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// DialContext is for http.Transport.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	plain := d.Dialer
	if _, proxy := d.proxies.Load(address); proxy {
		return plain.DialContext(ctx, network, address)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	plain.Control = Control(
		func(a netip.Addr) bool { return d.allows(host, a) },
		func(a netip.Addr) error {
			return &Error{Host: host, Addr: a, Loopback: placeOf(a) == thisMachine}
		})
	return plain.DialContext(ctx, network, address)
}

// allows: this machine only where its name says so, and such a name leads nowhere else: plain http is open to it.
func (d *Dialer) allows(host string, a netip.Addr) bool {
	switch placeOf(a) {
	case thisMachine:
		return d.AllowLoopback || LoopbackName(host)
	case elsewhere:
		return !LoopbackName(host)
	}
	return false
}
