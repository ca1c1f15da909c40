// Package zipx reads zip containers of office files under a budget for what they unpack to.
package zipx

import (
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

var (
	ErrBudget  = errors.New("unpacks to more than the limit")
	ErrMissing = errors.New("part is missing")
	ErrDepth   = errors.New("nested too deeply")
	ErrLocked  = errors.New("a password is needed")
)

// bzip2Method is how a container says that a part is packed by bzip2.
const bzip2Method = 12

// maxParts bounds the directory of a container.
const maxParts = 20000

// File is an open container.
type File struct {
	f         *os.File
	names     []string
	shown     map[string]string // by key: the names as the container writes them
	byName    map[string]func() (io.ReadCloser, error)
	left      int64
	size      int64
	recovered *File // parts found by their own headers, once the directory proved wrong
	cut       bool  // see Cut
}

// Open opens the zip at path; at most budget bytes come out of it in all, then reading gives ErrBudget. Of a container whose
// directory is lost — a file cut off in transit — the parts are found by their own headers.
func Open(name string, budget int64) (*File, error) {
	r, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open container: %w", err)
	}
	f := &File{f: r, byName: map[string]func() (io.ReadCloser, error){}, left: budget}
	if err := f.load(); err != nil {
		r.Close()
		return nil, err
	}
	return f, nil
}

func (f *File) load() error {
	st, err := f.f.Stat()
	if err != nil {
		return fmt.Errorf("open container: %w", err)
	}
	f.size = st.Size()
	zr, err := zip.NewReader(f.f, f.size)
	if err != nil {
		if rerr := f.recover(f.size); rerr != nil {
			return errors.Join(fmt.Errorf("open container: %w", err), rerr)
		}
		return nil
	}
	zr.RegisterDecompressor(bzip2Method, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	if len(zr.File) > maxParts {
		return fmt.Errorf("container of %d parts: %w", len(zr.File), ErrBudget)
	}
	for _, p := range zr.File {
		switch {
		case strings.HasSuffix(p.Name, "/"):
		case p.Flags&lockedFlag != 0:
			f.add(p.Name, func() (io.ReadCloser, error) { return openLocked(p) })
		default:
			f.add(p.Name, p.Open)
		}
	}
	return nil
}

func (f *File) add(name string, open func() (io.ReadCloser, error)) {
	k := key(name)
	if f.byName[k] == nil {
		f.names = append(f.names, k)
		if f.shown == nil {
			f.shown = map[string]string{}
		}
		f.shown[k] = strings.ReplaceAll(name, `\`, "/")
	}
	f.byName[k] = open
}

// key makes names comparable: writers differ in slashes and case.
func key(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// Names lists the parts' names as keys, in the order of the container.
func (f *File) Names() []string { return append([]string(nil), f.names...) }

// Shown is the name of a part as the container writes it, for people to read.
func (f *File) Shown(key string) string { return f.shown[key] }

// Has says whether a part exists.
func (f *File) Has(name string) bool { return f.byName[key(name)] != nil }

// Close closes the container.
func (f *File) Close() {
	if f.f != nil {
		_ = f.f.Close()
	}
}

// Reader opens a part, ErrMissing when there is none; what it reads is charged to the budget.
func (f *File) Reader(name string) (io.ReadCloser, error) {
	open := f.byName[key(name)]
	if open == nil {
		return nil, fmt.Errorf("%s: %w", name, ErrMissing)
	}
	r, err := open()
	if err != nil && !errors.Is(err, ErrLocked) {
		// The directory points to the wrong place; the part's own header may still be found.
		if open = f.byHeader(key(name)); open != nil {
			r, err = open()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open part %s: %w", name, err)
	}
	return &metered{r, f}, nil
}

// Bytes reads a whole part.
func (f *File) Bytes(name string) ([]byte, error) {
	r, err := f.Reader(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

type metered struct {
	io.ReadCloser
	f *File
}

func (m *metered) Read(p []byte) (int, error) {
	if m.f.left <= 0 {
		return 0, ErrBudget
	}
	if int64(len(p)) > m.f.left {
		p = p[:m.f.left]
	}
	n, err := m.ReadCloser.Read(p)
	m.f.left -= int64(n)
	if errors.Is(err, zip.ErrChecksum) {
		// The bytes are all there; a wrong sum is no reason to lose the text.
		err = io.EOF
	}
	return n, err
}

// lockedFlag marks a part that needs a password; some programs set it on parts that need none.
const lockedFlag = 1

// openLocked opens a part that says that it is locked. Where it is, its bytes give an error or have a wrong sum.
func openLocked(p *zip.File) (io.ReadCloser, error) {
	r, err := p.Open()
	if err != nil {
		return nil, ErrLocked
	}
	return locked{r}, nil
}

type locked struct{ io.ReadCloser }

func (l locked) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = ErrLocked
	}
	return n, err
}

// Parts makes a container of parts that are already in memory.
func Parts(parts map[string][]byte, budget int64) *File {
	f := &File{byName: map[string]func() (io.ReadCloser, error){}, left: budget}
	for name, b := range parts {
		f.add(name, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil })
	}
	return f
}
