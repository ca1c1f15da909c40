package pool

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

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

const (
	// guardTick is how often a child is looked at.
	watchdogInterval = 500 * time.Millisecond
	// maxThreads is ten times what reading takes. A limit of the kernel would count all processes of the user, and none of root's.
	maxThreads = 256
	// maxScratch is how many files and folders a child may have in its folder.
	maxScratchFiles = 1000
)

// guard looks at a child as long as it lives, whether it works or not, for what no limit of the kernel holds: the number
// of its threads, how much it writes in all, and that it rests when it should. It ends a child that takes more than
// reading needs.
func (k *child) watchdog() {
	why := k.overLimit()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ending {
		return
	}
	if why == "" && !k.busy && k.suspended {
		why = k.unsolicited()
	}
	if why == "" {
		k.watchTimer.Reset(watchdogInterval)
		return
	}
	k.killReason = why
	k.signal(syscall.SIGKILL)
	_ = k.out.SetReadDeadline(time.Unix(1, 0)) // one that left its group may hold the pipe
}

// taken is why the guard ended the child, "" when it did not.
func (k *child) killedFor() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.killReason
}

// tooMuch says what the child has too much of, "" when nothing.
func (k *child) overLimit() string {
	if n := threadCount(k.cmd.Process.Pid); n > maxThreads {
		return fmt.Sprintf("it started %d threads", n)
	}
	u := diskUsage(filepath.Join(k.dir, wire.ScratchDir))
	switch {
	case u.files > maxScratchFiles || k.maxScratchBytes > 0 && u.bytes > k.maxScratchBytes:
		return fmt.Sprintf("it wrote %d files of %d MiB", u.files, u.bytes>>20)
	case u.unreadable != nil:
		return fmt.Sprintf("it hides files: %v", u.unreadable)
	}
	return ""
}

// usage is what a child has on disk.
type usage struct {
	files      int // and folders
	bytes      int64
	unreadable error // why a part of it could not be looked at
}

// usageOf counts what is in a folder, without the folder itself. It stops where there is too much anyway.
func diskUsage(dir string) (u usage) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if path == dir {
			return nil
		}
		if u.files++; u.files > maxScratchFiles {
			return fs.SkipAll
		}
		var info fs.FileInfo
		if err == nil {
			info, err = d.Info()
		}
		if err != nil {
			// Gone meanwhile; or in a folder without rights, or deeper than a path can name: files there would not count.
			if !errors.Is(err, fs.ErrNotExist) {
				u.unreadable = err
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
func threadCount(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := bytes.Cut(status, []byte("\nThreads:\t"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, _ := strconv.Atoi(string(line))
	return n
}
