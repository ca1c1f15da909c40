package worker

import (
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/mail"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/office"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/ole"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/plain"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/rtf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
)

func readAll(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, source.Failf(source.CodeInternal, err, "The file could not be read.")
	}
	return data, nil
}

// pages never returns none: a file without text is one empty page.
func static(format, mime string, texts []string) *source.Static {
	if len(texts) == 0 {
		texts = []string{""}
	}
	return &source.Static{Meta: source.Info{Format: format, MIME: mime}, Texts: texts}
}

func openRTF(path string) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	d, err := rtf.Parse(data)
	if err != nil {
		return nil, source.Corrupt("RTF", err)
	}
	s := static("rtf", "application/rtf", office.Paginate(d.Text))
	s.Meta.Title, s.Meta.Author = d.Title, d.Author
	return s, nil
}

func openMail(path string, lim source.Limits) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	m, err := mail.Parse(data, lim.Embedded)
	if err != nil {
		return static("txt", "text/plain", office.Paginate(plain.Decode(data))), nil
	}
	s := static("eml", "message/rfc822", office.Paginate(m.Text))
	s.Meta.Title, s.Meta.Author = m.Subject, m.From
	return s, nil
}

// openTNEF opens the winmail.dat in which Outlook packs messages for others.
func openTNEF(path string, lim source.Limits) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	m, ok := ole.ReadTNEF(data)
	if !ok {
		return nil, source.Corrupt("winmail.dat", nil)
	}
	return openMessage(m, "tnef", "application/vnd.ms-tnef", lim), nil
}

// openOLE opens a compound file of any program.
func openOLE(path string, lim source.Limits) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	f, err := ole.Open(data, lim.MaxUnpacked)
	if err != nil {
		return nil, source.Corrupt("Office", err)
	}
	return readOLE(f, lim)
}

// openBiff reads the bare workbook stream that Excel 4 and some programs write as a file.
func openBiff(kind detect.Kind, path string, lim source.Limits) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	sheets, err := ole.Biff(data)
	return oleResult("Excel", "xls", kind.MIME, sheetTexts(sheets), err, nil, lim)
}

// openFlat reads office files that are one XML file.
func openFlat(kind detect.Kind, path string, lim source.Limits) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	switch kind.Format {
	case "wordml":
		return office.OpenWordML(data)
	case "flatopc":
		return office.OpenFlatOPC(data, lim)
	}
	return office.OpenFlatODF(data, kind.Format[1:], kind.MIME, lim)
}
