package tesseract

// #cgo LDFLAGS: -ldl
// #include <stdlib.h>
// #include <tesseract/version.h>
// #include "api.h"
import "C"

import (
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

// ErrMissing says that the library is not installed, or not usable.
var ErrMissing = errors.New("tesseract's library cannot be loaded")

// triplets are Debian's names of the architectures, in whose folders it keeps libraries.
var triplets = map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}

// roots are the folders below which libraries are installed, in the loader's order.
var roots = []string{"/usr/local/lib", "/lib", "/usr/lib"}

// LoaderPaths are the files and folders that loading the library reads: those of libraries, which hold nothing of the machine's owner,
// and the loader's list of them.
func LoaderPaths() []string {
	out := []string{"/etc/ld.so.cache"}
	for _, d := range roots {
		out = append(out, d, d+"64")
	}
	return out
}

// Library is the library's file, of the version whose headers this program was built with; "" when it is not installed.
func Library() string {
	name := "libtesseract.so." + strconv.Itoa(C.TESSERACT_MAJOR_VERSION)
	for _, d := range roots {
		for _, dir := range []string{filepath.Join(d, triplets[runtime.GOARCH]), d + "64", d} {
			if real, err := filepath.EvalSymlinks(filepath.Join(dir, name)); err == nil {
				return real
			}
		}
	}
	return ""
}

// Version names the build of the library at path without loading it: another build may read a page in another way.
func Version(path string) string {
	if path == "" {
		return ""
	}
	_, number, _ := strings.Cut(filepath.Base(path), ".so.")
	if id := buildID(path); id != "" {
		return number + "-" + id[:min(8, len(id))]
	}
	st, err := os.Stat(path)
	if err != nil {
		return number
	}
	return fmt.Sprintf("%s-%x-%x", number, st.Size(), st.ModTime().Unix())
}

// noteHead is the length of a note's three lengths and of the name "GNU" after them.
const noteHead = 16

// buildID is what the linker wrote into the library to tell it from others, "" when there is nothing.
func buildID(path string) string {
	f, err := elf.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	s := f.Section(".note.gnu.build-id")
	if s == nil {
		return ""
	}
	note, err := s.Data()
	if err != nil || len(note) <= noteHead {
		return ""
	}
	return hex.EncodeToString(note[noteHead:])
}

var (
	loadOnce sync.Once
	loadErr  error
)

// load brings the library into this process, once.
func load(path string) error {
	loadOnce.Do(func() {
		if path == "" {
			loadErr = fmt.Errorf("%w: it is not installed", ErrMissing)
			return
		}
		name := C.CString(path)
		defer C.free(unsafe.Pointer(name))
		if why := C.tess_load(name); why != nil {
			loadErr = fmt.Errorf("%w: %s", ErrMissing, C.GoString(why))
		}
	})
	return loadErr
}
