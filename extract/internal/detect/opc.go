package detect

import (
	"encoding/xml"
	"io"
	"path"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

// openPackage recognises Open Packaging files (docx, xlsx, pptx) by the type of their main part.
func openPackage(f *zipx.File) (Kind, bool) {
	main := mainPart(f)
	if main == "" || !f.Has(main) {
		for _, p := range []string{"word/document.xml", "xl/workbook.xml", "xl/workbook.bin", "ppt/presentation.xml", "content.xml"} {
			if f.Has(p) {
				main = p
				break
			}
		}
	}
	kinds := []struct{ root, format, mime string }{
		{"document", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"workbook", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"presentation", "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
		{"document-content", "odt", "application/vnd.oasis.opendocument.text"},
	}
	root := rootName(f, main)
	for _, k := range kinds {
		if root == k.root {
			return Kind{Format: k.format, MIME: k.mime, Main: main}, true
		}
	}
	if strings.HasSuffix(main, ".bin") {
		return Kind{Format: "xlsb", MIME: "application/vnd.ms-excel.sheet.binary.macroenabled.12", Label: "an Excel binary workbook (xlsb)", Advice: "save it as xlsx and upload that"}, true
	}
	return Kind{}, false
}

func mainPart(f *zipx.File) string {
	found := ""
	each(f, "_rels/.rels", func(e xml.StartElement) bool {
		if e.Name.Local != "Relationship" {
			return true
		}
		kind, target := "", ""
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "Type":
				kind = a.Value
			case "Target":
				target = a.Value
			}
		}
		if strings.HasSuffix(kind, "/officeDocument") {
			found = strings.TrimPrefix(path.Clean("/"+target), "/")
			return false
		}
		return true
	})
	return found
}

func rootName(f *zipx.File, part string) string {
	name := ""
	each(f, part, func(e xml.StartElement) bool { name = e.Name.Local; return false })
	return name
}

// each shows start elements until visit says no.
func each(f *zipx.File, part string, visit func(xml.StartElement) bool) {
	r, err := f.Reader(part)
	if err != nil {
		return
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, 4<<20))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		t, err := d.RawToken()
		if err != nil {
			return
		}
		if e, ok := t.(xml.StartElement); ok && !visit(e) {
			return
		}
	}
}
