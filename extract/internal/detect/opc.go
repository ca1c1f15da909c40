package detect

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"strings"
)

// openPackage recognises Open Packaging files (docx, xlsx, pptx) by the type of their main part.
func openPackage(zr *zip.Reader) (Kind, bool) {
	parts := map[string]*zip.File{}
	for i, f := range zr.File {
		if i > 20000 {
			break
		}
		parts[strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/"))] = f
	}
	main := mainPart(parts["_rels/.rels"])
	if main == "" || parts[strings.ToLower(main)] == nil {
		for _, p := range []string{"word/document.xml", "xl/workbook.xml", "xl/workbook.bin", "ppt/presentation.xml", "content.xml"} {
			if parts[p] != nil {
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
	root := rootName(parts[strings.ToLower(main)])
	for _, k := range kinds {
		if root == k.root {
			return Kind{Format: k.format, MIME: k.mime, Main: main}, true
		}
	}
	if strings.HasSuffix(main, ".bin") {
		return Kind{Format: "xlsb", MIME: "application/vnd.ms-excel.sheet.binary.macroenabled.12", Label: "an Excel binary workbook (xlsb)"}, true
	}
	return Kind{}, false
}

func mainPart(rels *zip.File) string {
	found := ""
	each(rels, func(e xml.StartElement) bool {
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

func rootName(f *zip.File) string {
	name := ""
	each(f, func(e xml.StartElement) bool { name = e.Name.Local; return false })
	return name
}

// each shows start elements until visit says no.
func each(f *zip.File, visit func(xml.StartElement) bool) {
	if f == nil {
		return
	}
	r, err := f.Open()
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
