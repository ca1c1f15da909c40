package cli

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

func TestDoctorComparesTheReadersLimitsWithTheMemory(t *testing.T) {
	t.Parallel()
	machine := func(total, free string) fstest.MapFS {
		return fstest.MapFS{"proc/meminfo": {Data: []byte("MemTotal: " + total + " kB\nMemAvailable: " + free + " kB\n")}}
	}
	cfg := config.Default()
	cfg.Extract.Workers = 2 // of 1024 MiB each
	for name, c := range map[string]struct {
		root             fstest.MapFS
		note, warn, fail string
	}{
		"enough":        {machine("4194304", "3145728"), "3072 MiB free of 4096 MiB", "", ""},
		"just not":      {machine("2097152", "1572864"), "", "may take 2560 MiB together, but there are 2048 MiB", ""},
		"almost full":   {machine("4194304", "131072"), "", "", "memory almost full: 128 MiB free, 256 MiB wanted"},
		"not to be had": {fstest.MapFS{}, "", "cannot stop taking work", ""},
	} {
		f := checkMemory(c.root, cfg)
		failed := ""
		if f.err != nil {
			failed = f.err.Error()
		}
		if !strings.Contains(f.note, c.note) || !strings.Contains(f.warn, c.warn) || (c.warn == "") != (f.warn == "") ||
			!strings.Contains(failed, c.fail) || (c.fail == "") != (failed == "") {
			t.Errorf("%s: note %q, warn %q, error %q", name, f.note, f.warn, failed)
		}
		if name == "just not" && f.cure != "set extract.workers to 1, or extract.memory_mib to 768" {
			t.Errorf("cure %q", f.cure)
		}
	}
}
