// Package archive reads the files of archives that are no documents themselves, each under its name and within the limits that hold for
// files inside files: zip, tar and rar, and what gzip and bzip2 compress. No archive costs more than its budget of unpacked
// bytes, names that are skipped over included.
package archive

import (
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// formats are the archives that are read, by the type that package detect names.
var formats = map[string]struct {
	name, label string // for programs and for people
	read        func(c *flow.Inside, f *os.File, name string, budget int64) error
}{
	"application/zip":     {"zip", "ZIP", readZip},
	"application/x-tar":   {"tar", "tar", func(c *flow.Inside, f *os.File, _ string, budget int64) error { return readTar(c, f, budget) }},
	"application/gzip":    {"gzip", "gzip", readGzip},
	"application/x-bzip2": {"bzip2", "bzip2", readBzip2},
	"application/vnd.rar": {"rar", "RAR", func(c *flow.Inside, f *os.File, _ string, budget int64) error { return readRAR(c, f, budget) }},
}

// Reads says whether archives of a type are read, and gives its short name.
func Reads(mime string) (format string, ok bool) {
	f, ok := formats[mime]
	return f.name, ok
}

// Texts reads the files of the archive at file, each under a heading with its name; name is the archive's own. What was read before an
// error is kept: an archive may be cut off. The error is a *doc.Fail.
func Texts(mime, file, name string, lim doc.Limits) ([]string, error) {
	format, ok := formats[mime]
	if !ok || lim.Embedded == nil {
		return nil, doc.Failf(doc.CodeUnsupportedType, nil, "The file is an archive; unpack it and upload the documents in it.")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be opened.")
	}
	defer f.Close()
	c := flow.NewInside(lim)
	err = caught(func() error { return format.read(c, f, name, lim.MaxUnpacked) })
	return c.Texts, failure(format.label, err)
}

// caught makes an error of a library's panic, as over a stream that is damaged in a way it did not foresee: what was read before it counts.
func caught(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return read()
}

// failure is what is told of an archive that could not be read to its end.
func failure(label string, err error) error {
	var f *doc.Fail
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return f
	case errors.Is(err, zipx.ErrLocked):
		return doc.Encrypted(label)
	case errors.Is(err, zipx.ErrBudget):
		return doc.Failf(doc.CodeTooLarge, err, "The %s file unpacks to more than the limits allow; split it into smaller files and upload those.", label)
	}
	return doc.Corrupt(label, err)
}

// hidden tells what systems put beside people's files.
func hidden(name string) bool {
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), ".")
}

func readZip(c *flow.Inside, file *os.File, _ string, budget int64) error {
	f, err := zipx.Open(file.Name(), budget)
	if err != nil {
		return zipx.OpenFail("ZIP", err)
	}
	defer f.Close()
	for _, key := range f.Names() {
		if name := f.Shown(key); !hidden(name) {
			c.Add(name, func() (io.ReadCloser, error) { return f.Reader(key) })
		}
	}
	return nil
}

func readGzip(c *flow.Inside, f *os.File, name string, budget int64) error {
	r, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	return readCompressed(c, r, unpackedName(r.Name, name, ".gz", ".gzip"), budget)
}

func readBzip2(c *flow.Inside, f *os.File, name string, budget int64) error {
	return readCompressed(c, bzip2.NewReader(f), unpackedName("", name, ".bz2"), budget)
}

// readCompressed reads the one file that was compressed, or the files of a tar archive that was.
func readCompressed(c *flow.Inside, r io.Reader, name string, budget int64) error {
	b := bufio.NewReaderSize(&metered{r, budget}, 4<<10)
	if head, _ := b.Peek(tarBlock); isTar(head) {
		return readTar(c, b, budget)
	}
	c.Add(name, func() (io.ReadCloser, error) { return io.NopCloser(b), nil })
	return nil
}

// unpackedName is the name of the file in a compressed one: the one that was noted, else its own without the ending.
func unpackedName(noted, name string, endings ...string) string {
	if noted != "" {
		return path.Base(noted)
	}
	name = path.Base(name)
	for _, e := range endings {
		if n := len(name) - len(e); n > 0 && strings.EqualFold(name[n:], e) {
			return name[:n]
		}
	}
	return name
}

// metered ends with ErrBudget once more was read than is allowed: what is skipped over is unpacked too.
type metered struct {
	io.Reader
	left int64
}

func (m *metered) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, zipx.ErrBudget
	}
	n, err := m.Reader.Read(p[:min(int64(len(p)), m.left)])
	m.left -= int64(n)
	return n, err
}
