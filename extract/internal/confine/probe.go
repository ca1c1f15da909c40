package confine

import (
	"os"
	"os/exec"
	"path/filepath"
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
	shut(f, err)
	f, err = os.OpenFile(outside, os.O_WRONLY, 0)
	note("write a file outside", err)
	shut(f, err)
	_, err = os.ReadDir(filepath.Dir(outside))
	note("list a folder outside", err)
	note("remove a file outside", os.Remove(outside))
	f, err = os.Create(filepath.Join(input, "written-by-probe"))
	note("write into the input folder", err)
	shut(f, err)
	for name, k := range map[string][2]int{"open a TCP socket": {unix.AF_INET, unix.SOCK_STREAM}, "open a UDP socket": {unix.AF_INET, unix.SOCK_DGRAM},
		"open a Unix socket": {unix.AF_UNIX, unix.SOCK_STREAM}, "open a netlink socket": {unix.AF_NETLINK, unix.SOCK_RAW}} {
		fd, err := unix.Socket(k[0], k[1], 0)
		note(name, err)
		if err == nil {
			unix.Close(fd)
		}
	}
	note("run a program", exec.Command("/bin/true").Run())
	note("write a large file", bigFile(filepath.Join(os.TempDir(), "big")))
	note("raise its own limits", syscall.Setrlimit(unix.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 128, Max: 128}))
	for name, c := range attempts() {
		note(name, c.try())
	}
	return r
}

func shut(f *os.File, err error) {
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
