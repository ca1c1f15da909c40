package worker

import (
	"errors"
	"os"
	"slices"
	"strings"

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

func openMail(path string) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	m, err := mail.Parse(data)
	if err != nil {
		return static("txt", "text/plain", office.Paginate(plain.Decode(data))), nil
	}
	s := static("eml", "message/rfc822", office.Paginate(m.Text))
	s.Meta.Title, s.Meta.Author = m.Subject, m.From
	return s, nil
}

// openOLE tells the legacy formats apart by their streams.
func openOLE(path string, lim source.Limits) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	f, err := ole.Open(data, lim.MaxUnpacked)
	if err != nil {
		return nil, source.Corrupt("Office", err)
	}
	switch {
	case f.Has("EncryptedPackage") || f.Has("EncryptionInfo"):
		return nil, source.Encrypted("Office")
	case f.Has("WordDocument"):
		text, err := ole.Word(f)
		return oleResult("Word", "doc", "application/msword", office.Paginate(text), err)
	case f.Has("Workbook") || f.Has("Book"):
		sheets, err := ole.Excel(f)
		return oleResult("Excel", "xls", "application/vnd.ms-excel", sheetTexts(sheets), err)
	case f.Has("PowerPoint Document"):
		slides, err := ole.PowerPoint(f)
		return oleResult("PowerPoint", "ppt", "application/vnd.ms-powerpoint", slides, err)
	case ole.IsMessage(f):
		return openMessage(f), nil
	}
	return nil, source.Failf(source.CodeUnsupportedType, nil, "The file is an OLE container of an unknown program; %s.", reads)
}

func oleResult(label, format, mime string, texts []string, err error) (source.Source, error) {
	switch {
	case errors.Is(err, ole.ErrEncrypted):
		return nil, source.Encrypted(label)
	case errors.Is(err, ole.ErrBudget):
		return nil, source.Failf(source.CodeTooLarge, err, "The %s file unpacks to more than the limits allow.", label)
	case err != nil:
		return nil, source.Corrupt(label, err)
	}
	return static(format, mime, texts), nil
}

func sheetTexts(sheets []ole.Sheet) []string {
	var out []string
	for _, s := range sheets {
		var parts []string
		if s.Name != "" {
			parts = append(parts, "# "+s.Name)
		}
		if g := office.Grid(s.Rows); g != "" {
			parts = append(parts, g)
		}
		parts = append(parts, s.Extra...)
		out = append(out, strings.Join(parts, "\n\n"))
	}
	return out
}

func openMessage(f *ole.File) source.Source {
	m := ole.ReadMessage(f)
	var parts []string
	var head []string
	for _, h := range [][2]string{{"Subject", m.Subject}, {"From", m.From}, {"To", m.To}, {"Cc", m.Cc}} {
		if h[1] != "" {
			head = append(head, h[0]+": "+h[1])
		}
	}
	parts = append(parts, strings.Join(head, "\n"))
	switch {
	case strings.TrimSpace(m.Body) != "":
		parts = append(parts, strings.TrimSpace(plain.Decode([]byte(m.Body))))
	case len(m.HTML) > 0:
		parts = append(parts, plain.HTML(m.HTML, "").Text)
	case len(m.RTF) > 0:
		if d, err := rtf.Parse(m.RTF); err == nil {
			parts = append(parts, d.Text)
		}
	}
	for _, a := range m.Attachments {
		if a.Name != "" {
			parts = append(parts, "[Attachment: "+a.Name+"]")
		}
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	s := static("msg", "application/vnd.ms-outlook", office.Paginate(strings.Join(parts, "\n\n")))
	s.Meta.Title, s.Meta.Author = m.Subject, m.From
	return s
}

// openBiff reads the bare workbook stream that Excel 4 and some programs write as a file.
func openBiff(kind detect.Kind, path string) (source.Source, error) {
	data, err := readAll(path)
	if err != nil {
		return nil, err
	}
	sheets, err := ole.Biff(data)
	return oleResult("Excel", "xls", kind.MIME, sheetTexts(sheets), err)
}
