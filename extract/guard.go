package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/worker"
)

const (
	// guardTick is how often a child is looked at.
	guardTick = 500 * time.Millisecond
	// maxThreads is ten times what reading takes. A limit of the kernel would count all processes of the user, and none of root's.
	maxThreads = 256
	// maxScratch is how many files and folders a child may have in its folder.
	maxScratch = 1000
)

// guard looks at a child as long as it lives, whether it works or not, for what no limit of the kernel holds: the number
// of its threads, how much it writes in all, and that it rests when it should. It ends a child that takes more than
// reading needs.
func (k *child) guard() {
	why := k.tooMuch()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dead {
		return
	}
	if why == "" && !k.busy && k.resting {
		why = k.strayed()
	}
	if why == "" {
		k.watch.Reset(guardTick)
		return
	}
	k.excess = why
	k.signal(syscall.SIGKILL)
	_ = k.out.SetReadDeadline(time.Unix(1, 0)) // one that left its group may hold the pipe
}

// taken is why the guard ended the child, "" when it did not.
func (k *child) taken() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.excess
}

// tooMuch says what the child has too much of, "" when nothing.
func (k *child) tooMuch() string {
	if n := threads(k.cmd.Process.Pid); n > maxThreads {
		return fmt.Sprintf("it started %d threads", n)
	}
	u := usageOf(filepath.Join(k.dir, worker.ScratchDir))
	switch {
	case u.files > maxScratch || k.scratch > 0 && u.bytes > k.scratch:
		return fmt.Sprintf("it wrote %d files of %d MiB", u.files, u.bytes>>20)
	case u.hidden != nil:
		return fmt.Sprintf("it hides files: %v", u.hidden)
	}
	return ""
}

// usage is what a child has on disk.
type usage struct {
	files  int // and folders
	bytes  int64
	hidden error // why a part of it could not be looked at
}

// usageOf counts what is in a folder, without the folder itself. It stops where there is too much anyway.
func usageOf(dir string) (u usage) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if path == dir {
			return nil
		}
		if u.files++; u.files > maxScratch {
			return fs.SkipAll
		}
		var info fs.FileInfo
		if err == nil {
			info, err = d.Info()
		}
		if err != nil {
			// Gone meanwhile; or in a folder without rights, or deeper than a path can name: files there would not count.
			if !errors.Is(err, fs.ErrNotExist) {
				u.hidden = err
			}
			return nil
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			u.bytes += st.Blocks * 512
		}
		return nil
	})
	return u
}

// threads counts those of a process, 0 when it is gone.
func threads(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := bytes.Cut(status, []byte("\nThreads:\t"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, _ := strconv.Atoi(string(line))
	return n
}
