package worker

import (
	"errors"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/excel97"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/html"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/hwp"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/outlook"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/ppt97"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/rtf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/word97"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// readOLE tells the legacy formats apart by their streams.
func readOLE(f *cfb.File, lim doc.Limits) (doc.Source, error) {
	switch {
	case f.Has("EncryptedPackage") || f.Has("EncryptionInfo"):
		if data, ok := cfb.Unlock(f); ok {
			return openBytes(data, "unlocked", lim)
		}
		return nil, doc.Encrypted("Office")
	case outlook.IsMessage(f):
		return openMessage(outlook.ReadMessage(f), "msg", "application/vnd.ms-outlook", lim), nil
	case hwp.IsDocument(f):
		return hwp.Open(f, lim)
	case f.Has("WordDocument"):
		var links doc.Links
		text, err := word97.Word(f, flow.MostRunning(lim.MaxPages), &links)
		return oleResult("Word", "doc", "application/msword", flow.PaginatePieces(text), links, err, f, lim)
	case f.Has("Workbook") || f.Has("Book"):
		sheets, err := excel97.Excel(f)
		links := sheetLinks(sheets)
		return oleResult("Excel", "xls", "application/vnd.ms-excel", sheetTexts(sheets), links, err, f, lim)
	case f.Has("PowerPoint Document"):
		slides, err := ppt97.PowerPoint(f)
		return oleResult("PowerPoint", "ppt", "application/vnd.ms-powerpoint", slides, nil, err, f, lim)
	}
	if s := embeddedTexts(f, lim); len(s) > 0 {
		return static("ole", "application/x-ole-storage", s), nil
	}
	return nil, unsupported(program(f))
}

// program names what wrote a compound file that is not read, by a stream that it alone has, and what to do about it.
func program(f *cfb.File) detect.Kind {
	const save = "save it as DOCX or PDF and upload that"
	kind := detect.Kind{MIME: "application/x-ole-storage", Label: "an OLE container of an unknown program"}
	for _, p := range []struct{ stream, label, advice string }{
		{"VisioDocument", "a drawing of an old Visio (vsd)", "save it as VSDX or PDF and upload that"},
		{"Quill/QuillSub/CONTENTS", "a Publisher document", "save it as PDF and upload that"},
		{"MatOST", "a document of Works", save},
		{"SPELLING", "a document of Works", save},
		{"HwpSummaryInformation", "a Hangul document", save},
		{"\x05HwpSummaryInformation", "a Hangul document", save},
		{"PP40", "a presentation of PowerPoint 4", "save it as PPTX or PDF and upload that"},
		{"Props", "a Microsoft Project file", "save it as PDF and upload that"},
		{"Props9", "a Microsoft Project file", "save it as PDF and upload that"},
		{"Props12", "a Microsoft Project file", "save it as PDF and upload that"},
		{"Props14", "a Microsoft Project file", "save it as PDF and upload that"},
	} {
		if f.Has(p.stream) {
			kind.Label, kind.Advice = p.label, p.advice
			break
		}
	}
	return kind
}

// embeddedTexts reads the files embedded in a compound file.
func embeddedTexts(f *cfb.File, lim doc.Limits) []string {
	if lim.Embedded == nil {
		return nil
	}
	return objectTexts(cfb.Objects(f, ppt97.Objects(f)...), lim)
}

// objectTexts reads objects that programs put into each other's documents.
func objectTexts(objects []cfb.Object, lim doc.Limits) []string {
	if lim.Embedded == nil {
		return nil
	}
	var out []string
	for _, o := range objects {
		var text string
		if o.Storage != nil {
			text = storageText(o.Name, o.Storage, lim)
		} else {
			text = lim.Embedded(o.Name, o.Data)
		}
		text = strings.TrimSpace(text)
		if o.Label != "" {
			text = strings.TrimSpace("[Attachment: " + o.Label + "]\n\n" + text)
		}
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

// storageText reads a document that is a storage of another. What is embedded in it again is left out; one that cannot be read is named.
func storageText(name string, f *cfb.File, lim doc.Limits) string {
	src, err := readOLE(f, doc.Limits{})
	if err != nil {
		if lim.Unread != nil {
			lim.Unread(name, err)
		}
		return ""
	}
	if s, ok := src.(*doc.Static); ok {
		return strings.Join(s.Texts, "\n\n")
	}
	return ""
}

func oleResult(label, format, mime string, texts []string, links doc.Links, err error, f *cfb.File, lim doc.Limits) (doc.Source, error) {
	switch {
	case errors.Is(err, cfb.ErrEncrypted):
		return nil, doc.Encrypted(label)
	case errors.Is(err, cfb.ErrBudget):
		return nil, doc.Failf(doc.CodeTooLarge, err, "The %s file unpacks to more than the limits allow; split it into smaller files and upload those.", label)
	case err != nil:
		return nil, doc.Corrupt(label, err)
	}
	for _, t := range embeddedTexts(f, lim) {
		texts = append(texts, flow.Paginate(t)...)
	}
	p := cfb.Properties(f)
	s := static(format, mime, p.Append(texts))
	s.Meta.Title, s.Meta.Author, s.Meta.Links = p.Title, p.Author, links
	return s, nil
}

func sheetLinks(sheets []excel97.Sheet) (out doc.Links) {
	for _, s := range sheets {
		out.AddAll(s.Links)
	}
	return out
}

func sheetTexts(sheets []excel97.Sheet) []string {
	var out []string
	for i, s := range sheets {
		sheets[i].Rows = nil // gone when its text is there
		var parts []string
		if s.Name != "" {
			parts = append(parts, "# "+s.Name)
		}
		if g := flow.Grid(s.Rows); g != "" {
			parts = append(parts, g)
		}
		parts = append(parts, s.Extra...)
		out = append(out, strings.Join(parts, "\n\n"))
	}
	return out
}

// openMessage shows an Outlook message of either container.
func openMessage(m outlook.Message, format, mime string, lim doc.Limits) doc.Source {
	var parts []string
	var head []string
	var links doc.Links
	for _, h := range [][2]string{{"Subject", m.Subject}, {"From", m.From}, {"To", m.To}, {"Cc", m.Cc}, {"Date", m.Date}} {
		if h[1] != "" {
			head = append(head, h[0]+": "+h[1])
		}
	}
	parts = append(parts, strings.Join(head, "\n"))
	switch {
	case strings.TrimSpace(m.Body) != "":
		parts = append(parts, strings.TrimSpace(encodings.Decode([]byte(m.Body))))
		links = html.HTML(m.HTML, "").Links // the same words, with where they lead
	case len(m.HTML) > 0:
		page := html.HTML(m.HTML, "")
		parts, links = append(parts, page.Text), page.Links
	case len(m.RTF) > 0:
		if d, err := rtf.Parse(m.RTF); err == nil {
			parts, links = append(parts, d.Text), d.Links
		}
	}
	for _, a := range m.Attachments {
		if a.Name != "" {
			parts = append(parts, "[Attachment: "+a.Name+"]")
		}
		switch {
		case a.Message != nil:
			parts = append(parts, storageText(a.Name, a.Message, lim))
		case lim.Embedded != nil && len(a.Data) > 0:
			parts = append(parts, strings.TrimSpace(lim.Embedded(a.Name, a.Data)))
		}
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	s := static(format, mime, flow.Paginate(strings.Join(parts, "\n\n")))
	s.Meta.Title, s.Meta.Author, s.Meta.Links = m.Subject, m.From, links
	return s
}
