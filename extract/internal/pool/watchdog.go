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
	// maxThreads is ten times what reading takes. A limit of the kernel would count all processes of the user, and none of root's.
	maxThreads = 256
	// maxScratchFiles is how many files and folders a child may have in its folder.
	maxScratchFiles = 1000
)

// watchdog checks a child as long as it lives, busy or not, for what no limit of the kernel holds: the number of its
// threads, how much it writes in all, and that it does nothing while it is suspended. It ends a child that takes more than
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
		k.watchTimer.Reset(k.cfg.watchdogInterval)
		return
	}
	k.killReason = why
	k.signal(syscall.SIGKILL)
	_ = k.out.SetReadDeadline(time.Unix(1, 0)) // one that left its group may hold the pipe
}

// killedFor is why the watchdog ended the child, "" when it did not.
func (k *child) killedFor() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.killReason
}

// overLimit says of what the child has more than it may, "" when of nothing.
func (k *child) overLimit() string {
	if n := threadCount(k.cmd.Process.Pid); n > maxThreads {
		return fmt.Sprintf("it started %d threads", n)
	}
	// A document without its encryption, and files inside files.
	most := k.cfg.MaxBytes + k.cfg.MaxUnpacked
	u := diskUsage(filepath.Join(k.dir, wire.ScratchDir))
	switch {
	case u.files > maxScratchFiles || u.bytes > most:
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

// diskUsage counts what is in a folder, without the folder itself. It stops at more files than a child may have.
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

// threadCount is the number of threads of a process, 0 when it is gone.
func threadCount(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := bytes.Cut(status, []byte("\nThreads:\t"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, _ := strconv.Atoi(string(line))
	return n
}
