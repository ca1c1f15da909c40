package ooxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// OpenWordML reads the single XML file of Word 2003.
func OpenWordML(data []byte) (doc.Source, error) {
	d := &docx{nums: numbering.NewLists(), styles: styles{}}
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
	texts := d.out.Done()
	if err != nil && len(texts) == 0 {
		return nil, zipx.OpenFail("Word", err)
	}
	if len(texts) == 0 {
		texts = []string{""}
	}
	return &doc.Static{Meta: doc.Info{Format: "doc", MIME: "application/msword"}, Texts: texts}, nil
}

// maxFlatParts bounds the parts of a package in one XML file.
const maxFlatParts = 5000

// OpenFlatOPC reads a Word file whose package is written as one XML file.
func OpenFlatOPC(data []byte, lim doc.Limits) (doc.Source, error) {
	parts, err := flatParts(data)
	if len(parts) == 0 {
		return nil, zipx.OpenFail("Word", err)
	}
	f := zipx.Parts(parts, lim.MaxUnpacked)
	const usual = "word/document.xml"
	main := f.Rels("").Part("officeDocument", usual)
	if !f.Has(main) {
		main = usual
	}
	return OpenDOCX(f, main, lim)
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
					body = encodings.Base64(body)
				}
				parts[name] = body
				from = 0
			}
			depth--
		}
	}
	return parts, nil
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
