package netguard

import (
	"net/netip"
	"testing"
)

func TestPublic(t *testing.T) {
	for _, s := range []string{"93.184.216.34", "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1",
		"2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8"} {
		if !Public(netip.MustParseAddr(s)) {
			t.Errorf("%s refused", s)
		}
	}
	for _, s := range []string{
		"127.0.0.1", "127.255.255.255", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "192.0.2.1",
		"198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
		"2001:db8::1", "2001::1", "2002:7f00:1::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "100::1", "fec0::1", "3fff::1",
		"2606:2800::1%eth0",
	} {
		if Public(netip.MustParseAddr(s)) {
			t.Errorf("%s allowed", s)
		}
	}
}

// TestWhereASiteMayLive: private networks, yes; this machine, by its own name only; the rest nowhere.
func TestWhereASiteMayLive(t *testing.T) {
	for s, want := range map[string]place{
		"93.184.216.34": elsewhere, "10.0.0.1": elsewhere, "172.16.0.1": elsewhere, "192.168.1.1": elsewhere, "100.64.0.1": elsewhere,
		"fc00::1": elsewhere, "2a00:1450:4001:81b::200e": elsewhere, "::ffff:10.0.0.1": elsewhere, "64:ff9b::a00:1": elsewhere,
		"127.0.0.1": thisMachine, "127.8.9.1": thisMachine, "::1": thisMachine, "::ffff:127.0.0.1": thisMachine,
		"64:ff9b::7f00:1": thisMachine, "64:ff9b:1::7f00:1": thisMachine, "2002:7f00:1::": thisMachine, "::ffff:0:127.0.0.1": thisMachine,
		"0.0.0.0": nowhere, "0.1.2.3": nowhere, "::": nowhere, "169.254.169.254": nowhere, "169.254.1.1": nowhere, "::ffff:169.254.169.254": nowhere,
		"64:ff9b::a9fe:a9fe": nowhere, "168.63.129.16": nowhere, "100.100.100.200": nowhere, "192.0.0.192": nowhere, "fd00:ec2::254": nowhere,
		"fd20:ce::254": nowhere, "fe80::1": nowhere, "fe80::1%eth0": nowhere, "ff02::1": nowhere, "224.0.0.1": nowhere, "255.255.255.255": nowhere,
		"::127.0.0.1": nowhere, "fec0::1": nowhere, "2001:db8::1%eth0": nowhere,
	} {
		if got := placeOf(netip.MustParseAddr(s)); got != want {
			t.Errorf("%s: %d, want %d", s, got, want)
		}
	}
	if placeOf(netip.Addr{}) != nowhere {
		t.Error("no address at all")
	}
}

func TestLoopbackName(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "localhost.": true, "wp.localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true, "[::1]": true,
		"::ffff:127.0.0.1": true, "localhost.example.org": false, "notlocalhost": false, "127.0.0.1.example.org": false, "127.1": false, "2130706433": false,
		"0.0.0.0": false, "10.0.0.1": false, "": false,
	} {
		if LoopbackName(host) != want {
			t.Errorf("%q", host)
		}
	}
}
