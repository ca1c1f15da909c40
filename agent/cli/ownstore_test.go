package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

// Paid answers are left out of a store that nobody else can have, and of no other.
func TestAStoreIsOwnWhereNoOtherAgentCanComeToIt(t *testing.T) {
	t.Parallel()
	if _, ok := mountOf(t.TempDir()); !ok {
		t.Skip("this kernel does not tell mounts apart")
	}
	dir := t.TempDir()
	data, shared := filepath.Join(dir, "data"), filepath.Join(dir, "shared")
	for _, d := range []string{filepath.Join(data, "store"), filepath.Join(data, "deep", "store"), shared, filepath.Join(dir, "data2")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{filepath.Join(data, "linked"): shared, filepath.Join(dir, "way"): data} {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		data, kind, path string
		own              bool
	}{
		"as by default":          {data, config.StoreDir, filepath.Join(data, "store"), true},
		"deeper":                 {data, config.StoreDir, filepath.Join(data, "deep", "store"), true},
		"by a link to the data":  {filepath.Join(dir, "way"), config.StoreDir, filepath.Join(data, "store"), true},
		"beside the data":        {data, config.StoreDir, shared, false},
		"with a like name":       {data, config.StoreDir, filepath.Join(dir, "data2"), false},
		"the data folder itself": {data, config.StoreDir, data, false},
		"a link that leads out":  {data, config.StoreDir, filepath.Join(data, "linked"), false},
		"not there":              {data, config.StoreDir, filepath.Join(data, "none"), false},
		"a bucket":               {data, config.StoreS3, filepath.Join(data, "store"), false},
		"another file system":    {"/", config.StoreDir, "/proc/self", false},
	} {
		cfg := &config.Config{DataDir: c.data, Store: config.Store{Kind: c.kind, Dir: config.DirStore{Path: c.path}}}
		if got := ownStore(cfg); got != c.own {
			t.Errorf("%s: %v", name, got)
		}
	}
}
