package extract

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/worker"
)

const (
	// guardTick is how often a child that takes its time is looked at.
	guardTick = 500 * time.Millisecond
	// maxThreads is ten times what reading takes. A limit of the kernel would count all processes of the user, and none of root's.
	maxThreads = 256
	// maxScratch is how many files and folders a child may have in its folder.
	maxScratch = 1000
)

// guard looks at a child while it works, for what no limit of the kernel holds: the number of its threads, and how much
// it writes in all. It ends a child that takes more than reading needs.
type guard struct {
	k       *child
	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
	excess  string
}

func (k *child) guard() *guard {
	g := &guard{k: k}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.timer = time.AfterFunc(guardTick, g.look)
	return g
}

func (g *guard) look() {
	excess := g.k.excess()
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.stopped:
	case excess == "":
		g.timer.Reset(guardTick)
	default:
		g.excess = excess
		_ = g.k.out.SetReadDeadline(time.Unix(1, 0))
	}
}

// stop ends the looking and gives what the child took too much of, "" when nothing.
func (g *guard) stop() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopped = true
	g.timer.Stop()
	return g.excess
}

// excess says what the child has too much of, "" when nothing.
func (k *child) excess() string {
	if n := threads(k.cmd.Process.Pid); n > maxThreads {
		return fmt.Sprintf("it started %d threads", n)
	}
	var bytes int64
	files := 0
	_ = filepath.WalkDir(filepath.Join(k.dir, worker.ScratchDir), func(_ string, d fs.DirEntry, err error) error {
		if files++; files > maxScratch {
			return fs.SkipAll
		}
		if err != nil {
			return nil // removed meanwhile
		}
		if info, err := d.Info(); err == nil {
			if st, ok := info.Sys().(*syscall.Stat_t); ok {
				bytes += st.Blocks * 512
			}
		}
		return nil
	})
	if files > maxScratch || k.scratch > 0 && bytes > k.scratch {
		return fmt.Sprintf("it wrote %d files of %d MiB", files, bytes>>20)
	}
	return ""
}

// threads counts those of a process, 0 when it is gone.
func threads(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := bytes.Cut(status, []byte("\nThreads:\t"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, _ := strconv.Atoi(string(line))
	return n
}
