package worker

import (
	"errors"
	"os"
	"runtime/debug"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/excel97"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/mail"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/odf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/ooxml"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/outlook"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/rtf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

func readAll(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be read.")
	}
	if len(data) > largeText {
		debug.SetGCPercent(50)
	}
	return data, nil
}

// pages never returns none: a file without text is one empty page.
func static(format, mime string, texts []string) *doc.Static {
	if len(texts) == 0 {
		texts = []string{""}
	}
	return &doc.Static{Meta: doc.Info{Format: format, MIME: mime}, Texts: texts}
}

func openRTF(path string, lim doc.Limits) (doc.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	d := rtf.Fragment(data)
	texts := flow.Paginate(d.Text)
	for _, t := range objectTexts(d.Objects, lim) {
		texts = append(texts, flow.Paginate(t)...)
	}
	s := static("rtf", "application/rtf", texts)
	s.Meta.Title, s.Meta.Author, s.Meta.Links = d.Title, d.Author, d.Links
	return s, nil
}

func openMail(path string, lim doc.Limits) (doc.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	m, err := mail.Parse(data, lim.Embedded)
	if f := (*doc.Fail)(nil); errors.As(err, &f) {
		return nil, f
	}
	if err != nil {
		return static("txt", "text/plain", flow.Paginate(encodings.Decode(data))), nil
	}
	s := static("eml", "message/rfc822", flow.PaginateParts(m.Parts))
	s.Meta.Title, s.Meta.Author, s.Meta.Links = m.Subject, m.From, m.Links
	return s, nil
}

// openTNEF opens the winmail.dat in which Outlook packs messages for others.
func openTNEF(path string, lim doc.Limits) (doc.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	m, ok := outlook.ReadTNEF(data)
	if !ok {
		return nil, doc.Corrupt("winmail.dat", nil)
	}
	return openMessage(m, "tnef", "application/vnd.ms-tnef", lim), nil
}

// openOLE opens a compound file of any program.
func openOLE(path string, lim doc.Limits) (doc.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	f, err := cfb.Open(data, lim.MaxUnpacked)
	if err != nil {
		return nil, doc.Corrupt("Office", err)
	}
	return readOLE(f, lim)
}

// openBiff reads the bare workbook stream that Excel 4 and some programs write as a file.
func openBiff(kind detect.Kind, path string, lim doc.Limits) (doc.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	sheets, err := excel97.Biff(data)
	links := sheetLinks(sheets)
	return oleResult("Excel", "xls", kind.MIME, sheetTexts(sheets), links, err, nil, lim)
}

// openFlat reads office files that are one XML file.
func openFlat(kind detect.Kind, path string, lim doc.Limits) (doc.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	switch kind.Format {
	case "wordml":
		return ooxml.OpenWordML(data)
	case "flatopc":
		return ooxml.OpenFlatOPC(data, lim)
	}
	return odf.OpenFlatODF(data, kind.Format[1:], kind.MIME, lim)
}
