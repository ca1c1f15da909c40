package office

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/ordinal"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

// OpenWordML reads the single XML file of Word 2003.
func OpenWordML(data []byte) (source.Source, error) {
	d := &docx{notes: map[string]string{}, nums: ordinal.NewLists(), styles: styles{}}
	err := zipx.Each(bytes.NewReader(data), "body", func(n *zipx.Node) error {
		if n.Name == "sect" {
			for _, k := range n.Kids {
				d.section(k)
			}
			return nil
		}
		d.block(n)
		return nil
	})
	texts := d.out.done()
	if err != nil && len(texts) == 0 {
		return nil, openFail("Word", err)
	}
	if len(texts) == 0 {
		texts = []string{""}
	}
	return &source.Static{Meta: source.Info{Format: "doc", MIME: "application/msword"}, Texts: texts}, nil
}

// section unwraps the nested outline sections of Word 2003.
func (d *docx) section(n *zipx.Node) {
	if d.depth++; d.depth < 64 {
		switch n.Name {
		case "sub-section", "sect":
			for _, k := range n.Kids {
				d.section(k)
			}
		default:
			d.block(n)
		}
	}
	d.depth--
}

// maxFlatParts bounds the parts of a package in one XML file.
const maxFlatParts = 5000

// OpenFlatOPC reads a Word file whose package is written as one XML file.
func OpenFlatOPC(data []byte, lim source.Limits) (source.Source, error) {
	parts, err := flatParts(data)
	if len(parts) == 0 {
		return nil, openFail("Word", err)
	}
	f := zipx.Parts(parts, lim.MaxUnpacked)
	for _, r := range f.Rels("") {
		if r.Type == "officeDocument" && f.Has(r.Target) {
			return OpenDOCX(f, r.Target, lim)
		}
	}
	return OpenDOCX(f, "word/document.xml", lim)
}

// flatParts cuts the parts out of the XML by their offsets.
func flatParts(data []byte) (map[string][]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	parts := map[string][]byte{}
	name, depth, from, at := "", 0, int64(0), 0
	for len(parts) < maxFlatParts {
		before := d.InputOffset()
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return parts, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			switch {
			case t.Name.Space == "pkg" && t.Name.Local == "part":
				name = strings.TrimPrefix(zipx.Attr(t, "name"), "/")
			case t.Name.Space == "pkg" && (t.Name.Local == "xmlData" || t.Name.Local == "binaryData") && from == 0:
				from, at = d.InputOffset(), depth
			}
		case xml.EndElement:
			if from > 0 && depth == at {
				body := data[from:before]
				if t.Name.Local == "binaryData" {
					body = unbase64(body)
				}
				parts[name] = body
				from = 0
			}
			depth--
		}
	}
	return parts, nil
}

func unbase64(b []byte) []byte {
	clean := bytes.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, b)
	out := make([]byte, base64.StdEncoding.DecodedLen(len(clean)))
	n, _ := base64.StdEncoding.Decode(out, clean)
	return out[:n]
}

// OpenFlatODF reads an OpenDocument file written as one XML file.
func OpenFlatODF(data []byte, format, mime string, lim source.Limits) (source.Source, error) {
	content := bytes.Replace(bytes.Replace(data, []byte("<office:document "), []byte("<office:document-content "), 1), []byte("</office:document>"), []byte("</office:document-content>"), 1)
	f := zipx.Parts(map[string][]byte{"content.xml": content, "styles.xml": data, "meta.xml": data, "mimetype": []byte(mime)}, lim.MaxUnpacked)
	return OpenODF(f, format, mime, lim)
}

// XMLText is the text of an XML file of an unknown kind: one line for each element that has text.
func XMLText(data []byte) string {
	var lines []string
	var cur strings.Builder
	skip := 0
	flush := func() {
		if s := strings.Join(strings.Fields(cur.String()), " "); s != "" {
			lines = append(lines, s)
		}
		cur.Reset()
	}
	_ = zipx.Tokens(bytes.NewReader(data), func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			flush()
			if t.Name.Local == "binary" { // a picture of an e-book, in letters
				skip++
			}
		case xml.EndElement:
			flush()
			if t.Name.Local == "binary" {
				skip = max(0, skip-1)
			}
		case xml.CharData:
			if skip == 0 {
				cur.Write(t)
			}
		}
		return nil
	})
	flush()
	return strings.Join(lines, "\n")
}
