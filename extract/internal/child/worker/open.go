package worker

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/text/encoding"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/epub"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/html"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/hwpx"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/iwork"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/odf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/ooxml"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/pdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/text"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// reads is named in refusals.
const reads = "aidoc reads PDF, pictures, Office and OpenDocument files, RTF, EPUB, HTML, e-mail, text, and archives of them"

// openUpload recognises the file at path and opens it with the reader of its format.
func openUpload(path, name string, lim doc.Limits, reader *ocr.Reader, langs []string) (doc.Source, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be opened.")
	}
	switch {
	case st.Size() == 0:
		return nil, doc.Failf(doc.CodeEmptyFile, nil, "The file is empty (0 bytes); upload it again.")
	case st.Size() > lim.MaxBytes:
		return nil, doc.Failf(doc.CodeTooLarge, nil, "The file has %d MB, more than the limit of %d MB; split it or raise the limit (extract.max_bytes).", st.Size()>>20, lim.MaxBytes>>20)
	}
	kind, err := detect.File(path, name)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be opened.")
	}
	if lim.Alone {
		src, err := open(kind, path, name, lim, reader, langs)
		if err != nil {
			return nil, err
		}
		return warned{src, aloneSentence}, nil
	}
	inside := newNested(lim, reader, langs)
	lim.Embedded, lim.Unread = inside.at(1), inside.skip
	src, err := open(kind, path, name, lim, reader, langs)
	if err != nil && kind.Format == detect.Archive {
		return nil, inside.unread.refusal(kind, err)
	}
	if err != nil {
		return nil, err
	}
	return inside.unread.warn(src), nil
}

func open(kind detect.Kind, path, name string, lim doc.Limits, reader *ocr.Reader, langs []string) (doc.Source, error) {
	switch kind.Format {
	case "pdf":
		return pdf.Open(path, lim, reader, langs)
	case "png", "jpeg", "gif", "webp", "bmp", "tiff", "heic":
		return openPicture(kind, path, lim, reader, langs)
	case "jp2":
		return openJPEG2000(kind, path, lim, reader, langs)
	case "docx", "pptx", "xlsx", "xlsb", "vsdx", "xps", "pages", "numbers", "key", "odt", "ods", "odp", "epub", "hwpx":
		src, err := openZip(kind, path, lim)
		return illustrate(src, lim, reader, langs), err
	case "wordml", "flatopc", "fodt", "fods", "fodp":
		return openFlat(kind, path, lim)
	case "txt", "md", "csv", "html", "xml":
		return openText(kind, path)
	case "rtf":
		return openRTF(path, lim)
	case "eml":
		return openMail(path, lim)
	case "tnef":
		return openTNEF(path, lim)
	case "ole":
		src, err := openOLE(path, lim)
		return illustrate(src, lim, reader, langs), err
	case "biff":
		return openBiff(kind, path, lim)
	case detect.Archive:
		return openArchive(kind, path, name, lim)
	case "badzip":
		return nil, doc.Corrupt("ZIP-based", nil)
	}
	return nil, unsupported(kind)
}

// unsupported refuses a file by the name of what it is, with what to do.
func unsupported(kind detect.Kind) *doc.Fail {
	label := kind.Label
	if label == "" {
		label = "of type " + kind.MIME
	}
	return doc.Failf(doc.CodeUnsupportedType, nil, "The file is %s; %s.", label, or(kind.Advice, reads))
}

func openZip(kind detect.Kind, path string, lim doc.Limits) (doc.Source, error) {
	f, err := zipx.Open(path, lim.MaxUnpacked)
	if err != nil {
		return nil, doc.Corrupt("Office", err)
	}
	defer f.Close()
	switch kind.Format {
	case "docx":
		return ooxml.OpenDOCX(f, kind.Main, lim)
	case "pptx":
		return ooxml.OpenPPTX(f, kind.Main, lim)
	case "odt", "ods", "odp":
		return odf.OpenODF(f, kind.Format, kind.MIME, lim)
	case "epub":
		return epub.OpenEPUB(f, lim)
	case "pages", "numbers", "key":
		return iwork.OpenIWork(f, kind.Format, kind.MIME, lim)
	case "vsdx":
		return ooxml.OpenVSDX(f, kind.Main, lim)
	case "hwpx":
		return hwpx.Open(f)
	case "xps":
		return ooxml.OpenXPS(f, lim)
	case "xlsb":
		return ooxml.OpenXLSB(f, kind.Main, lim)
	}
	return ooxml.OpenXLSX(f, kind.Main, lim)
}

// largeText is from what size on garbage is collected sooner than a child does otherwise: it is no longer small beside the memory's limit.
const largeText = 8 << 20

func openText(kind detect.Kind, path string) (doc.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	s := &doc.Static{Meta: doc.Info{Format: kind.Format, MIME: kind.MIME}}
	if kind.Format == "html" {
		d := html.Page(data, "")
		s.Meta.Title, s.Meta.Links, s.Article = d.Title, d.Links, d.Article
		s.Texts = withTitle(flow.Paginate(d.Text), d)
	} else if kind.Format == "xml" {
		s.Texts = flow.Paginate(xmlText(data))
	} else if kind.Format == "csv" {
		s.Texts = flow.Paginate(text.CSV(encodings.Decode(data)))
	} else if e, ok := streams(data); ok {
		data = nil // pages take its place
		if s.Texts, err = largePages(path, e); err != nil {
			return nil, err
		}
	} else {
		decoded := encodings.Decode(data)
		if said, ok := text.Subtitles(decoded); ok {
			decoded = said
		}
		s.Texts = flow.Paginate(decoded)
	}
	if len(s.Texts) == 0 {
		s.Texts = []string{""}
	}
	return s, nil
}

// streams says that a large text is cut into pages as it is: of one encoding, without borders of pages, no subtitles.
func streams(data []byte) (encoding.Encoding, bool) {
	if len(data) <= largeText || bytes.IndexByte(data, '\f') >= 0 || text.MayBeSubtitles(data) {
		return nil, false
	}
	return encodings.Stream(data)
}

// largePages cuts such a text into pages while it is read once more: text and pages are not in memory together.
func largePages(path string, e encoding.Encoding) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be read.")
	}
	defer f.Close()
	var r io.Reader = f
	if e != nil {
		r = e.NewDecoder().Reader(f)
	}
	texts, err := flow.PaginateFrom(r, encodings.LineEnds)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be read.")
	}
	return texts, nil
}

// withTitle adds the title of a page that does not show it; it is none of an article's text.
func withTitle(texts []string, d html.Doc) []string {
	n := len(texts)
	out := props.Props{Title: d.Title}.Append(slices.Clone(texts))
	if d.Article && len(out) == n && n > 0 && len(out[n-1]) > len(texts[n-1]) {
		out[n-1] = texts[n-1] + "\n\n" + doc.Aside(strings.TrimLeft(out[n-1][len(texts[n-1]):], "\n"))
	}
	return out
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}
