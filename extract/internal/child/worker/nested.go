package worker

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// Bounds of what is read out of files inside one file. Nested files are read while the outer one is
// opened, so time is bounded too: recognition of pictures in attachments must not eat the deadline.
const (
	maxNestedDepth = 6
	maxNestedFiles = 300
	maxNestedPages = 50
	nestedTime     = 40 * time.Second
)

// nested reads files that were found inside others; one value serves a whole upload.
type nested struct {
	lim    doc.Limits
	reader *ocr.Reader
	langs  []string
	bytes  int64 // still allowed to be unpacked
	text   int   // bytes of text still allowed
	files  int
	until  time.Time
}

// withNested returns lim with a reader of embedded files of the upload.
func withNested(lim doc.Limits, reader *ocr.Reader, langs []string) doc.Limits {
	n := &nested{lim: lim, reader: reader, langs: langs, bytes: lim.MaxUnpacked, text: lim.MaxText, until: time.Now().Add(nestedTime)}
	lim.Embedded = n.at(1)
	return lim
}

// at gives the reader for files at a depth below the upload.
func (n *nested) at(depth int) func(string, []byte) string {
	return func(name string, data []byte) string {
		n.files++
		n.bytes -= int64(len(data))
		if depth > maxNestedDepth || n.files > maxNestedFiles || n.bytes < 0 || n.text <= 0 || len(data) < 4 || time.Now().After(n.until) {
			return ""
		}
		lim := n.lim
		lim.MaxUnpacked = n.bytes
		lim.Embedded = n.at(depth + 1)
		s := n.read(name, data, lim)
		if len(s) > n.text {
			s = strings.ToValidUTF8(s[:n.text], "")
		}
		n.text -= len(s)
		return s
	}
}

// scratch writes bytes to a file of the scratch folder, the one place the child may write to.
func scratch(data []byte) (name string, err error) {
	f, err := os.CreateTemp("", "nested-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		doc.Drop(f.Name())
	}
	return f.Name(), err
}

// openBytes opens an Office file that was found in another; its readers keep no file open.
func openBytes(data []byte, name string, lim doc.Limits) (doc.Source, error) {
	path, err := scratch(data)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be unpacked.")
	}
	defer doc.Drop(path)
	kind, err := detect.File(path, name)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be unpacked.")
	}
	switch kind.Format {
	case "docx", "pptx", "xlsx", "xlsb", "vsdx":
		return openZip(kind, path, lim)
	}
	return nil, doc.Encrypted("Office")
}

// read opens the bytes as a file of the scratch folder, the one place the child may write to.
func (n *nested) read(name string, data []byte, lim doc.Limits) (text string) {
	// A nested file that breaks its reader must not take the outer document's text with it.
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	path, err := scratch(data)
	if err != nil {
		return ""
	}
	defer doc.Drop(path)
	kind, err := detect.File(path, filepath.Base(name))
	switch {
	case err != nil:
		return ""
	case kind.MIME == "application/zip":
		return archive(path, lim)
	case kind.Format == "":
		return ""
	}
	src, err := open(kind, path, lim, n.reader, n.langs)
	if err != nil {
		return ""
	}
	defer src.Close()
	var parts []string
	size := 0
	for i := range min(src.Info().Pages, maxNestedPages) {
		if time.Now().After(n.until) || size > n.text {
			break
		}
		p, err := src.Page(i)
		if s := strings.TrimSpace(p.Rows()); err == nil && s != "" {
			parts = append(parts, s)
			size += len(s)
		}
	}
	return strings.Join(parts, "\n\n")
}

// archive reads the files of a zip archive that came inside a document.
func archive(path string, lim doc.Limits) string {
	f, err := zipx.Open(path, lim.MaxUnpacked)
	if err != nil {
		return ""
	}
	defer f.Close()
	var out []string
	for _, name := range f.Names() {
		data, err := f.Bytes(name)
		if err != nil {
			continue
		}
		if s := strings.TrimSpace(lim.Embedded(filepath.Base(name), data)); s != "" {
			out = append(out, "["+name+"]\n\n"+s)
		}
	}
	return strings.Join(out, "\n\n")
}
