package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// fileLock is an advisory lock that dies with its process, so a crash never leaves it behind.
type fileLock struct{ f *os.File }

// lockFile takes the lock or returns an Error of CodeLocked with the holder's pid.
func lockFile(path, journal string) (*fileLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, newError("open the lock file", journal, err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		pid := readPID(f)
		_ = f.Close()
		return nil, lockedBy(pid, journal)
	}
	if err != nil {
		_ = f.Close()
		return nil, newError("lock "+path, journal, err)
	}
	// The pid is only for the other process' message; the lock itself is the kernel's.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return &fileLock{f: f}, nil
}

func lockedBy(pid int, journal string) *Error {
	who := "another aidoc-agent process"
	if pid > 0 {
		who = fmt.Sprintf("another aidoc-agent process (pid %d)", pid)
	}
	return &Error{Op: "open the journal", Path: journal, Code: CodeLocked, PID: pid,
		Message: fmt.Sprintf("%s is using the journal %s: stop it first, or give this agent its own data_dir", who, journal)}
}

func readPID(f *os.File) int {
	b, err := io.ReadAll(io.LimitReader(f, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	return pid
}

// Close releases the lock, explicitly: a child that was forked a moment ago has the open file too until it runs its program. The file stays:
// removing it would race with a process that just opened it.
func (l *fileLock) Close() error {
	return errors.Join(unix.Flock(int(l.f.Fd()), unix.LOCK_UN), l.f.Close())
}
