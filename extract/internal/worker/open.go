package worker

import (
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/office"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/plain"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

// reads is named in refusals.
const reads = "aidoc reads PDF, pictures, Office and OpenDocument files, RTF, EPUB, HTML, e-mail and text"

// Open recognises the file at path and opens it with the reader of its format.
func Open(path, name string, lim source.Limits, reader *ocr.Reader, langs []string) (source.Source, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, source.Failf(source.CodeInternal, err, "The file could not be opened.")
	}
	switch {
	case st.Size() == 0:
		return nil, source.Failf(source.CodeEmptyFile, nil, "The file is empty (0 bytes); upload it again.")
	case st.Size() > lim.MaxBytes:
		return nil, source.Failf(source.CodeTooLarge, nil, "The file has %d MB, more than the limit of %d MB; split it or raise the limit (extract.max_bytes).", st.Size()>>20, lim.MaxBytes>>20)
	}
	kind, err := detect.File(path, name)
	if err != nil {
		return nil, source.Failf(source.CodeInternal, err, "The file could not be opened.")
	}
	return open(kind, path, withNested(lim, reader, langs), reader, langs)
}

func open(kind detect.Kind, path string, lim source.Limits, reader *ocr.Reader, langs []string) (source.Source, error) {
	switch kind.Format {
	case "pdf":
		return pdf.Open(path, lim, reader, langs)
	case "png", "jpeg", "gif", "webp", "bmp", "tiff", "heic":
		return openPicture(kind, path, lim, reader, langs)
	case "jp2":
		return openJPEG2000(kind, path, lim, reader, langs)
	case "docx", "pptx", "xlsx", "xlsb", "vsdx", "xps", "pages", "numbers", "key", "odt", "ods", "odp", "epub":
		src, err := openZip(kind, path, lim)
		return illustrate(src, lim, reader, langs), err
	case "wordml", "flatopc", "fodt", "fods", "fodp":
		return openFlat(kind, path, lim)
	case "txt", "md", "csv", "html", "xml":
		return openText(kind, path)
	case "rtf":
		return openRTF(path)
	case "eml":
		return openMail(path, lim)
	case "tnef":
		return openTNEF(path, lim)
	case "ole":
		return openOLE(path, lim)
	case "biff":
		return openBiff(kind, path, lim)
	case "badzip":
		return nil, source.Corrupt("ZIP-based", nil)
	}
	label := kind.Label
	if label == "" {
		label = "of type " + kind.MIME
	}
	return nil, source.Failf(source.CodeUnsupportedType, nil, "The file is %s; %s.", label, or(kind.Advice, reads))
}

func openZip(kind detect.Kind, path string, lim source.Limits) (source.Source, error) {
	f, err := zipx.Open(path, lim.MaxUnpacked)
	if err != nil {
		return nil, source.Corrupt("Office", err)
	}
	defer f.Close()
	switch kind.Format {
	case "docx":
		return office.OpenDOCX(f, kind.Main, lim)
	case "pptx":
		return office.OpenPPTX(f, kind.Main, lim)
	case "odt", "ods", "odp":
		return office.OpenODF(f, kind.Format, kind.MIME, lim)
	case "epub":
		return office.OpenEPUB(f, lim)
	case "pages", "numbers", "key":
		return office.OpenIWork(f, kind.Format, kind.MIME, lim)
	case "vsdx":
		return office.OpenVSDX(f, kind.Main, lim)
	case "xps":
		return office.OpenXPS(f, lim)
	case "xlsb":
		return office.OpenXLSB(f, kind.Main, lim)
	}
	return office.OpenXLSX(f, kind.Main, lim)
}

func openText(kind detect.Kind, path string) (source.Source, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, source.Failf(source.CodeInternal, err, "The file could not be read.")
	}
	s := &source.Static{Meta: source.Info{Format: kind.Format, MIME: kind.MIME}}
	if kind.Format == "html" {
		d := plain.HTML(data, "")
		s.Meta.Title = d.Title
		s.Texts = props.Props{Title: d.Title}.Append(office.Paginate(d.Text))
	} else if kind.Format == "xml" {
		s.Texts = office.Paginate(office.XMLText(data))
	} else if kind.Format == "csv" {
		s.Texts = office.Paginate(plain.CSV(plain.Decode(data)))
	} else {
		text := plain.Decode(data)
		if said, ok := plain.Subtitles(text); ok {
			text = said
		}
		s.Texts = office.Paginate(text)
	}
	if len(s.Texts) == 0 {
		s.Texts = []string{""}
	}
	return s, nil
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}
