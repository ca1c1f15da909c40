package cli

import (
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// What the agent itself takes beside its readers and the text of documents, in bytes.
const (
	ownMemory    = 128 << 20    // all of it: program, journal, downloads, model calls
	programPages = 64 << 20     // the part that is no heap
	leastText    = 4 << 20      // one document is always held
	gomemlimit   = "GOMEMLIMIT" // whoever sets it knows better
)

// holdMemory makes the collector work harder when the heap nears limits.memory.
func holdMemory(cfg *config.Config) {
	if _, set := os.LookupEnv(gomemlimit); cfg.Limits.Memory > 0 && !set {
		debug.SetMemoryLimit(int64(cfg.Limits.Memory) - programPages)
	}
}

// textAtOnce is how much text of documents may be held and worked on at a time for the agent to stay within limits.memory, in bytes;
// 0 where nothing limits it.
func textAtOnce(cfg *config.Config) int64 {
	if cfg.Limits.Memory == 0 {
		return 0
	}
	return max(leastText, (int64(cfg.Limits.Memory)-ownMemory)/llm.HeapPerTextByte)
}

// ownAtMost is what the agent itself may take.
func ownAtMost(cfg *config.Config) int64 { return max(ownMemory, int64(cfg.Limits.Memory)) }

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
	workers, each := cfg.Extract.Workers, int64(cfg.Extract.MemoryMiB)<<20
	why := memoryPressure(root, cfg)()
	switch want := int64(workers)*each + ownAtMost(cfg); {
	case why != "":
		f.err = fmt.Errorf("%s; the agent takes no work until then", why)
		f.cure = fmt.Sprintf("end other programs, raise the memory limit of the container or unit, or lower limits.min_free_memory (it is for each of %d workers)", workers)
	case want > m.Total:
		f.warn = fmt.Sprintf("%d workers of extract.memory_mib: %d, and the agent (limits.memory), may take %d MiB together, but there are %d MiB", workers, cfg.Extract.MemoryMiB, want>>20, m.Total>>20)
		f.cure = fmt.Sprintf("set extract.workers to %d, or extract.memory_mib to %d", max(1, (m.Total-ownAtMost(cfg))/each), max(128, (m.Total-ownAtMost(cfg))/int64(workers)>>20))
	}
	return f
}
