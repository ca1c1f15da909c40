package cli

import (
	"fmt"
	"io/fs"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
)

// memoryPressure scales with the readers: each may start on a large page at the next moment.
func memoryPressure(root fs.FS, cfg *config.Config) func() string {
	return pressure.Memory(root, int64(cfg.Limits.MinFreeMemory)*int64(cfg.Extract.Workers))
}

// checkMemory compares what the readers may take at most with what there is. More is no error: a
// usual page needs a fraction of the limit. But two hungry documents at once would then meet the
// kernel's out-of-memory killer instead of their own limit.
func checkMemory(root fs.FS, cfg *config.Config) finding {
	f := finding{what: "memory", code: exitMachine}
	m, err := pressure.ReadMemory(root)
	if err != nil {
		f.warn, f.cure = fmt.Sprintf("%v; the agent cannot stop taking work while memory is short", err), "let the agent read /proc/meminfo and its cgroup"
		return f
	}
	f.note = fmt.Sprintf("%d MiB free of %d MiB", m.Free>>20, m.Total>>20)
	workers, each, own := cfg.Extract.Workers, int64(cfg.Extract.MemoryMiB)<<20, int64(cfg.Limits.Memory)
	why := memoryPressure(root, cfg)()
	switch want := int64(workers)*each + own; {
	case why != "":
		f.err = fmt.Errorf("%s; the agent takes no work until then", why)
		f.cure = fmt.Sprintf("end other programs, raise the memory limit of the container or unit, or lower limits.min_free_memory (it is for each of %d workers)", workers)
	case want > m.Total:
		f.warn = fmt.Sprintf("%d workers of extract.memory_mib: %d, and the agent (limits.memory), may take %d MiB together, but there are %d MiB", workers, cfg.Extract.MemoryMiB, want>>20, m.Total>>20)
		f.cure = fmt.Sprintf("set extract.workers to %d, or extract.memory_mib to %d", max(1, (m.Total-own)/each), max(128, (m.Total-own)/int64(workers)>>20))
	}
	return f
}
