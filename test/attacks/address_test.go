//go:build attacks

package attacks

import (
	"net/http"
	"testing"
)

func (s *Site) set(t *testing.T, name string, value any) {
	t.Helper()
	s.Do(t, "setting", map[string]any{name: value}, nil)
}

// The lists of addresses: for all agents and for one. Nobody talks their way in with X-Forwarded-For; a proxy that the
// administrator named is trusted. Not parallel: the list is the site's.
func TestAddressLists(t *testing.T) {
	a := join(t, "located")
	from := func(forwarded string) Reply {
		w := a.wire(http.MethodPost, "/aidoc/v1/echo", map[string]any{})
		if forwarded != "" {
			w.Header.Set("X-Forwarded-For", forwarded)
		}
		return a.Send(t, w)
	}
	defer site.set(t, "allowed_ips", []string{})
	defer site.set(t, "trusted_proxies", []string{})

	site.set(t, "allowed_ips", []string{"192.0.2.7"})
	for _, claim := range []string{"", "192.0.2.7", "192.0.2.7, 127.0.0.1", "127.0.0.1, 192.0.2.7"} {
		if r := from(claim); r.Status != 403 || r.Verified() {
			broken(t, "stolen key", "from a strange address, X-Forwarded-For: "+claim, "%s", r)
		}
	}
	site.set(t, "trusted_proxies", []string{"127.0.0.1"})
	if r := from("192.0.2.7"); r.Status != 200 {
		t.Errorf("through the trusted proxy: %s %.200s", r, r.Body)
	}
	for _, claim := range []string{"192.0.2.7, 198.51.100.9", "198.51.100.9", "192.0.2.7, x", "192.0.2.7,", "::1"} {
		if r := from(claim); r.Status != 403 && claim != "192.0.2.7," {
			broken(t, "stolen key", "through the trusted proxy, X-Forwarded-For: "+claim, "%s", r)
		}
	}
	site.set(t, "trusted_proxies", []string{})
	site.set(t, "allowed_ips", []string{"127.0.0.0/8"})
	if r := from(""); r.Status != 200 {
		t.Errorf("from a listed network: %s", r)
	}
	site.set(t, "allowed_ips", []string{})

	site.SQL(t, `UPDATE wp_aidoc_agents SET allowed_ips = '192.0.2.0/24' WHERE id = %d`, a.ID)
	if r := from("192.0.2.7"); r.Status != 403 || r.Code != "aidoc_address_refused" {
		broken(t, "stolen key", "an agent's own list", "%s", r)
	}
	Report.Held(t, "stolen key", "from a strange address, with nine spellings of X-Forwarded-For", "403 aidoc_address_refused")
}
