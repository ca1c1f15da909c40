package netguard

import "net/netip"

// publicIPv6 is the only part of the IPv6 space that is routed on the internet.
var publicIPv6 = netip.MustParsePrefix("2000::/3")

// special are ranges inside the public space that lead elsewhere: IANA's special-purpose registries, and addresses at
// which clouds answer with their machines' credentials.
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "240.0.0.0/4", "168.63.129.16/32",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// nobodys are ranges where no web site lives, on whatever network: this network, link-local (and with it most clouds'
// metadata), multicast, reserved; and the metadata and wire servers that clouds keep at other addresses.
var nobodys = prefixes(
	"0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
	"168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32",
	"fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128", "fd20:ce::254/128",
)

// carriers are IPv6 ranges whose addresses lead to an IPv4 address inside them, which begins at the given byte.
var carriers = []struct {
	prefix netip.Prefix
	at     int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},    // NAT64
	{netip.MustParsePrefix("64:ff9b:1::/48"), 12},  // NAT64 of a local network
	{netip.MustParsePrefix("2002::/16"), 2},        // 6to4
	{netip.MustParsePrefix("::ffff:0:0:0/96"), 12}, // IPv4-translated
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func within(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Public tells whether an address belongs to the internet at large: not to this machine, its network, its
// provider's inside or a tunnel into one of them.
func Public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || (a.Is6() && !publicIPv6.Contains(a)) {
		return false
	}
	return !within(a, special)
}

// place is what an address means to somebody who dials a site there.
type place int

const (
	elsewhere   place = iota // another machine, on whatever network
	thisMachine              // loopback
	nowhere                  // nobody's web site
)

func placeOf(a netip.Addr) place {
	a = inner(a.Unmap())
	switch {
	case a.IsLoopback():
		return thisMachine
	case !a.IsValid(), a.IsUnspecified(), a.Zone() != "", within(a, nobodys), a.Is6() && v4Compatible.Contains(a):
		return nowhere
	}
	return elsewhere
}

// v4Compatible is a form that is no longer in use; some stacks still take such an address for the IPv4 address in it.
var v4Compatible = netip.MustParsePrefix("::/96")

// inner is the IPv4 address that an address of a carrier leads to, or the address itself.
func inner(a netip.Addr) netip.Addr {
	for _, c := range carriers {
		if c.prefix.Contains(a) {
			b := a.As16()
			return netip.AddrFrom4([4]byte(b[c.at : c.at+4]))
		}
	}
	return a
}
