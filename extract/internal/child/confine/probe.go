package confine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Probe tries to break out and returns, for each attempt, why it failed; "" means it went through.
func Probe(outside, input string) map[string]string {
	r := map[string]string{}
	note := func(name string, err error) {
		r[name] = ""
		if err != nil {
			r[name] = err.Error()
		}
	}
	f, err := os.Open(outside)
	note("read a file outside", err)
	closeFile(f, err)
	f, err = os.OpenFile(outside, os.O_WRONLY, 0)
	note("write a file outside", err)
	closeFile(f, err)
	_, err = os.ReadDir(filepath.Dir(outside))
	note("list a folder outside", err)
	f, err = os.Create(filepath.Join(input, "written-by-probe"))
	note("write into the input folder", err)
	closeFile(f, err)
	for name, k := range map[string][2]int{"open a TCP socket": {unix.AF_INET, unix.SOCK_STREAM}, "open a UDP socket": {unix.AF_INET, unix.SOCK_DGRAM},
		"open a Unix socket": {unix.AF_UNIX, unix.SOCK_STREAM}, "open a netlink socket": {unix.AF_NETLINK, unix.SOCK_RAW}} {
		fd, err := unix.Socket(k[0], k[1], 0)
		note(name, err)
		if err == nil {
			unix.Close(fd)
		}
	}
	note("run a program", exec.Command("/bin/true").Run())
	for _, m := range []map[string]func() error{fileAttempts(outside), limitAttempts(filepath.Dir(input))} {
		for name, try := range m {
			note(name, try())
		}
	}
	for name, c := range attempts() {
		note(name, c.try())
	}
	note("remove a file outside", os.Remove(outside)) // last: the others need it
	return r
}

// fileAttempts change a file outside, or read another process, without opening for writing what is outside.
func fileAttempts(outside string) map[string]func() error {
	open := func(path string, flags int) error {
		f, err := os.OpenFile(path, flags, 0)
		closeFile(f, err)
		return err
	}
	parent := fmt.Sprintf("/proc/%d/", os.Getppid())
	return map[string]func() error{
		"empty a file outside":                func() error { return unix.Truncate(outside, 0) },
		"empty a file opened for reading":     func() error { return open("/dev/null", os.O_RDONLY|os.O_TRUNC) },
		"change the rights of a file outside": func() error { return unix.Chmod(outside, 0o600) },
		"change the owner of a file outside":  func() error { return unix.Chown(outside, -1, -1) },
		"change the times of a file outside":  func() error { return unix.Utimes(outside, []unix.Timeval{{}, {}}) },
		"link a file from outside": func() error {
			to := filepath.Join(os.TempDir(), "linked-by-probe")
			defer os.Remove(to)
			return os.Link(outside, to)
		},
		"rename a file outside":       func() error { return os.Rename(outside, outside) },
		"list the processes":          func() error { _, err := os.ReadDir("/proc"); return err },
		"read the parent's command":   func() error { return open(parent+"cmdline", os.O_RDONLY) },
		"read the parent's variables": func() error { return open(parent+"environ", os.O_RDONLY) },
		"open the parent's memory":    func() error { return open(parent+"mem", os.O_RDONLY) },
		"find the parent's files":     func() error { _, err := os.ReadDir(parent + "fd"); return err },
		"make a file without a name":  func() error { return open(os.TempDir(), os.O_RDWR|unix.O_TMPFILE) },
		"take a file's name away":     unlinkOpenFile,
		"control a descriptor":        func() error { _, err := unix.IoctlGetInt(0, unix.TIOCINQ); return err },
	}
}

// limitAttempts take more than the limits leave.
func limitAttempts(own string) map[string]func() error {
	return map[string]func() error{
		"write a large file":    func() error { return bigFile(filepath.Join(os.TempDir(), "big")) },
		"raise its own limits":  func() error { return syscall.Setrlimit(unix.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 128, Max: 128}) },
		"take much memory":      muchMemory,
		"take uncounted memory": uncountedMemory,
		"open many files":       manyFiles,
		"use the rights of root": func() error {
			if have, err := privileges(); err != nil || have&^keptPrivilege == 0 {
				return errors.Join(err, errNone)
			}
			return nil
		},
		"keep files of the agent": func() error { return inherited(own) },
	}
}

var errNone = errors.New("it has none")

// muchMemory asks for more address space for writing than any document gets; nothing of it is touched.
func muchMemory() error {
	b, err := unix.Mmap(-1, 0, 64<<30, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		return err
	}
	return unix.Munmap(b)
}

// uncountedMemory asks for memory that the limit of data does not count.
func uncountedMemory() error {
	b, err := unix.Mmap(-1, 0, 1<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
	if err != nil {
		return err
	}
	return unix.Munmap(b)
}

// unlinkOpenFile makes a file that can grow where nobody sees it.
func unlinkOpenFile() error {
	f, err := os.CreateTemp("", "named-by-probe-*")
	if err != nil {
		return nil // not what is tried
	}
	defer f.Close()
	return unix.Unlink(f.Name())
}

func manyFiles() error {
	var open []int
	defer func() {
		for _, fd := range open {
			unix.Close(fd)
		}
	}()
	for range 256 {
		fd, err := unix.Dup(0)
		if err != nil {
			return err
		}
		open = append(open, fd)
	}
	return nil
}

// inherited looks for what was open before the sandbox, for no layer closes it. A child has its standard streams, a
// copy of one for frames, what it reads in its own folder, the page of the kernel about its memory, and what Go's runtime opens.
func inherited(own string) error {
	pipes := 0
	for fd := 3; fd < 1024; fd++ {
		path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
		switch {
		case errors.Is(err, os.ErrNotExist), err == nil && harmless(path, own):
		case err == nil && strings.HasPrefix(path, "pipe:") && pipes == 0:
			pipes++
		default:
			return nil
		}
	}
	return errNone
}

func harmless(path, own string) bool {
	if path == fmt.Sprintf("/proc/%d/statm", os.Getpid()) {
		return true
	}
	for _, p := range []string{own + "/", "anon_inode:", "/dev/null", "/sys/fs/cgroup/"} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

func closeFile(f *os.File, err error) {
	if err == nil {
		f.Close()
	}
}

func bigFile(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer os.Remove(path)
	defer f.Close()
	return f.Truncate(1 << 40)
}
