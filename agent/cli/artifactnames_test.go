package cli

import (
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

func TestWhereFilesOfASiteGo(t *testing.T) {
	const a, b = "https://a.example", "https://b.example"
	names := func(layout string, sites ...config.Site) *artifactNames {
		t.Helper()
		cfg := config.Default()
		cfg.Store.Layout, cfg.Sites = layout, sites
		var conns []*siteConn
		for _, s := range sites {
			conns = append(conns, &siteConn{home: s.URL, conf: s})
		}
		n, err := newArtifactNames(cfg, conns)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	is := func(n *artifactNames, site, want string) {
		t.Helper()
		if got := n.key(site, 7, "text.txt"); got != want {
			t.Errorf("%s: %s, want %s", site, got, want)
		}
	}
	one := names("", config.Site{URL: a, StorePrefix: "clients/a"})
	is(one, a, "clients/a/processed/7/text.txt")
	if err := one.add(config.Site{URL: b, StorePrefix: "clients/b"}, true); err != nil {
		t.Error(err)
	}
	is(one, b, "clients/b/b.example/processed/7/text.txt")
	if err := one.add(config.Site{URL: a, StorePrefix: "elsewhere"}, true); err != nil { // left, and back again
		t.Error(err)
	}
	is(one, a, "clients/a/processed/7/text.txt")
	is(names("", config.Site{URL: a, StorePrefix: "x"}, config.Site{URL: b}), a, "x/a.example/processed/7/text.txt")

	apart := names("p/{job_id}", config.Site{URL: a, StorePrefix: "a"})
	is(apart, a, "a/p/7/text.txt")
	if err := apart.add(config.Site{URL: b}, false); err == nil {
		t.Error("a site without a folder of its own is added where nothing tells its jobs from those of another")
	}
	if err := apart.add(config.Site{URL: b, StorePrefix: "b"}, true); err != nil {
		t.Error(err)
	}
	is(apart, b, "b/p/7/text.txt")
}
