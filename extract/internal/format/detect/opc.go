package detect

import (
	"encoding/xml"
	"io"
	"path"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
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
		{"VisioDocument", "vsdx", "application/vnd.ms-visio.drawing"},
		{"document-content", "odt", "application/vnd.oasis.opendocument.text"},
	}
	root := rootName(f, main)
	for _, k := range kinds {
		if root == k.root {
			return Kind{Format: k.format, MIME: k.mime, Main: main}, true
		}
	}
	if fixedDocument(f) {
		return Kind{Format: "xps", MIME: "application/vnd.ms-xpsdocument"}, true
	}
	if strings.HasSuffix(main, ".bin") {
		return Kind{Format: "xlsb", MIME: "application/vnd.ms-excel.sheet.binary.macroEnabled.12", Main: main}, true
	}
	return Kind{}, false
}

// fixedDocument recognises XPS by its sequence of documents, pages included.
func fixedDocument(f *zipx.File) bool {
	sequence, page := false, false
	for _, n := range f.Names() {
		sequence = sequence || strings.HasSuffix(n, ".fdseq")
		page = page || strings.HasSuffix(n, ".fpage") || strings.HasSuffix(n, ".fdoc")
	}
	return sequence && page
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
		if strings.HasSuffix(kind, "/officeDocument") || strings.HasSuffix(kind, "visio/2010/relationships/document") {
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
