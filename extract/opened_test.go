package extract

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

// TestOnlyOwnFilesAreOpened has the kernel name every file that a child without a sandbox opens while it reads files of all
// formats, those that name other files among them: its own folder, the recognition data and, once, the recognition library with its own, and nothing else.
func TestOnlyOwnFilesAreOpened(t *testing.T) {
	work := t.TempDir()
	p, err := pool.New(pool.Config{Workers: 1, WorkDir: work, Sandbox: pool.SandboxOff})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	pid, dir := childIn(t, work)
	opened := watchOpens(t, pid)
	bait := filepath.Join(t.TempDir(), "bait.txt")
	if err := os.WriteFile(bait, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := referencingFiles(t, bait)
	files["scan.jpg"] = jpegOf(t, sheet(t, "Recognised"))
	files["packed.eml"] = []byte("From: a@b\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/octet-stream; name=a.docx\r\nContent-Disposition: attachment; filename=../../a.docx\r\n\r\n" + string(files["a.docx"]) + "\r\n--x--\r\n")
	for name, data := range files {
		if _, err := textOf(p, tempFile(t, "upload", data), name); err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
		}
	}
	own, inputs := 0, filepath.Join(dir, wire.InDir)
	for _, path := range opened() {
		switch {
		case strings.HasPrefix(path, dir+"/"):
			if strings.HasPrefix(path, inputs) {
				own++
			}
		case isLibrary(path), strings.HasPrefix(path, tesseract.DataDir()), path == "/dev/null", strings.HasPrefix(path, "/usr/share/zoneinfo/"): // the C library looks up UTC
		default:
			t.Errorf("a child opened %s", path)
		}
	}
	if own < len(files) {
		t.Errorf("only %d of %d uploads were seen to be opened: this test proves nothing", own, len(files))
	}
}

// isLibrary says that a file is what loading Tesseract's library opens.
func isLibrary(path string) bool {
	for _, p := range tesseract.LoaderPaths() {
		if path == p || strings.HasPrefix(path, p+"/") && strings.Contains(filepath.Base(path), ".so.") {
			return true
		}
	}
	return false
}

// childIn gives the process and the folder of the one child that has its folder in work.
func childIn(t *testing.T, work string) (pid int, dir string) {
	t.Helper()
	dirs, _ := filepath.Glob(filepath.Join(work, "child-*"))
	if len(dirs) != 1 {
		t.Fatalf("%d children have folders in %s, want one", len(dirs), work)
	}
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environs {
		if env, err := os.ReadFile(path); err == nil && bytes.Contains(env, []byte(wire.EnvDir+"="+dirs[0]+"\x00")) {
			if pid, err = strconv.Atoi(filepath.Base(filepath.Dir(path))); err != nil {
				t.Fatal(err)
			}
			return pid, dirs[0]
		}
	}
	t.Fatalf("no process has %s", dirs[0])
	return 0, ""
}

// watchOpens collects the paths of the files that process pid opens from now on, on the file systems of / and of the
// temporary folder. It takes root.
func watchOpens(t *testing.T, pid int) (stop func() []string) {
	t.Helper()
	fd, err := unix.FanotifyInit(unix.FAN_CLASS_NOTIF|unix.FAN_CLOEXEC|unix.FAN_NONBLOCK|unix.FAN_UNLIMITED_QUEUE, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_LARGEFILE)
	if err != nil {
		t.Skipf("the kernel tells nobody but root what is opened: %v", err)
	}
	events := os.NewFile(uintptr(fd), "opens")
	for _, at := range []string{"/", t.TempDir()} {
		if err := unix.FanotifyMark(fd, unix.FAN_MARK_ADD|unix.FAN_MARK_FILESYSTEM, unix.FAN_OPEN, unix.AT_FDCWD, at); err != nil {
			events.Close()
			t.Skipf("the kernel does not tell what is opened on %s: %v", at, err)
		}
	}
	var paths []string
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 64<<10)
		for {
			n, err := events.Read(buf)
			if err != nil {
				return
			}
			paths = append(paths, openedBy(pid, buf[:n])...)
		}
	}()
	return func() []string {
		events.Close()
		<-done
		return paths
	}
}

// openedBy reads the kernel's events and closes the descriptors that come with them.
func openedBy(pid int, buf []byte) (paths []string) {
	for len(buf) >= 24 {
		var m unix.FanotifyEventMetadata
		if binary.Read(bytes.NewReader(buf), binary.NativeEndian, &m) != nil || m.Event_len < 24 || int(m.Event_len) > len(buf) {
			return paths
		}
		buf = buf[m.Event_len:]
		if m.Fd < 0 {
			continue
		}
		if int(m.Pid) == pid {
			if path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", m.Fd)); err == nil {
				paths = append(paths, path)
			}
		}
		unix.Close(int(m.Fd))
	}
	return paths
}
