package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/archive"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
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
	unread unread
}

// newNested makes the reader of the files inside an upload.
func newNested(lim doc.Limits, reader *ocr.Reader, langs []string) *nested {
	lim.Pages = 0 // of the upload, and of nothing in it
	return &nested{lim: lim, reader: reader, langs: langs, bytes: lim.MaxUnpacked, text: lim.MaxText}
}

// at gives the reader for files at a depth below the upload.
func (n *nested) at(depth int) func(string, []byte) string {
	return func(name string, data []byte) string {
		if n.until.IsZero() { // the first of them may be asked for long after the file was opened
			n.until = time.Now().Add(nestedTime)
		}
		n.files++
		n.bytes -= int64(len(data))
		if len(data) < 4 {
			return ""
		}
		if why := n.over(depth); why != "" {
			n.unread.add(name, why)
			return ""
		}
		lim := n.lim
		lim.MaxUnpacked = n.bytes
		lim.Embedded = n.at(depth + 1)
		s, err := n.read(name, data, lim)
		if err != nil {
			n.unread.add(name, reason(err))
		}
		if len(s) > n.text {
			s = strings.ToValidUTF8(s[:n.text], "")
			if err == nil {
				n.unread.add(name, reason(errPart))
			}
		}
		n.text -= len(s)
		return s
	}
}

// skip notes a file that a reader could not unpack.
func (n *nested) skip(name string, err error) { n.unread.add(name, reason(err)) }

// over says which bound leaves no room for one more file at a depth, "" when there is room.
func (n *nested) over(depth int) string {
	switch {
	case depth > maxNestedDepth:
		return "nested too deeply"
	case n.files > maxNestedFiles:
		return "too many files"
	case n.bytes < 0 || n.text <= 0:
		return "too large"
	case time.Now().After(n.until):
		return "no time was left"
	}
	return ""
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
func (n *nested) read(name string, data []byte, lim doc.Limits) (text string, err error) {
	// A nested file that breaks its reader must not take the outer document's text with it.
	defer func() {
		if p := recover(); p != nil {
			text, err = "", doc.Corrupt("nested", fmt.Errorf("panic: %v", p))
		}
	}()
	path, err := scratch(data)
	if err != nil {
		return "", err
	}
	defer doc.Drop(path)
	kind, err := detect.File(path, filepath.Base(name))
	if err != nil {
		return "", err
	}
	if kind.Format == detect.Archive {
		texts, err := archive.Texts(kind.MIME, path, name, lim)
		return strings.Join(texts, "\n\n"), err
	}
	src, err := open(kind, path, name, lim, n.reader, n.langs)
	if err != nil {
		return "", err
	}
	defer src.Close()
	return n.pages(src)
}

var errPart = errors.New("only a part of it was read")

// pages reads a nested file page by page; what is left out is an errPart.
func (n *nested) pages(src doc.Source) (string, error) {
	var parts []string
	var missing error
	size, count := 0, src.Info().Pages
	for i := range count {
		if i >= maxNestedPages || time.Now().After(n.until) || size > n.text {
			missing = errPart
			break
		}
		p, err := src.Page(i)
		if err != nil {
			missing = errPart
			continue
		}
		if s := strings.TrimSpace(p.Rows()); s != "" {
			parts = append(parts, s)
			size += len(s)
		}
	}
	return strings.Join(parts, "\n\n"), missing
}

// zipMIME is the type of a container that is no document itself.
const zipMIME = "application/zip"

// openArchive reads an uploaded archive; one in which nothing can be read is refused by name.
func openArchive(kind detect.Kind, path, name string, lim doc.Limits) (doc.Source, error) {
	texts, err := archive.Texts(kind.MIME, path, name, lim)
	f := (*doc.Fail)(nil)
	switch {
	case errors.As(err, &f) && f.Code != doc.CodeCorrupt && len(texts) == 0:
		return nil, f
	case len(texts) > 0:
	default:
		return nil, unsupported(kind)
	}
	format, _ := archive.Reads(kind.MIME)
	s := static(format, kind.MIME, flow.Paginate(strings.Join(texts, "\n\n")))
	switch {
	case f != nil && f.Code == doc.CodeUnsupportedType:
		s.Meta.Warn("This is one volume of an archive; what continues in the others is missing. Unpack all volumes and upload the documents in them.")
	case err != nil:
		s.Meta.Warn("The archive is damaged, cut off or unpacks to more than the limits allow; the text of the files behind that place is missing.")
	}
	return s, nil
}

// aloneSentence is the warning about a file of which only the outermost was read.
const aloneSentence = "The files inside were left out: reading them ended the reader or took too long; upload them by themselves if their text is needed."
