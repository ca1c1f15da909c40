package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// proxyTime is how long a proxy may take to take a connection.
const proxyTime = 10 * time.Second

// checkProxy says by which proxy of the environment a site is reached, and whether it takes connections; nothing where there is none.
func checkProxy(ctx context.Context, home string) []finding {
	f := finding{what: "proxy", code: exitSite}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, home, nil)
	if err != nil {
		return nil // the check of the site says what is wrong with the address
	}
	proxy, err := http.ProxyFromEnvironment(req)
	if err != nil {
		f.err, f.cure = fmt.Errorf("the proxy in the environment is no address: %w", err), "write HTTPS_PROXY like http://proxy.example.org:3128"
		return []finding{f}
	}
	if proxy == nil {
		return nil
	}
	f.note = fmt.Sprintf("%s is reached by %s", home, proxy.Redacted())
	conn, err := (&net.Dialer{Timeout: proxyTime}).DialContext(ctx, "tcp", proxyAddress(proxy))
	if err != nil {
		f.err = fmt.Errorf("the proxy %s, by which %s would be reached, takes no connection: %w", proxy.Redacted(), home, err)
		f.cure = "correct HTTPS_PROXY, or name the site in NO_PROXY where it needs no proxy"
		return []finding{f}
	}
	conn.Close()
	return []finding{f}
}

func proxyAddress(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}
