package ooxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxFurniture bounds the headers and footers of a sheet, which Excel keeps below 256 letters each.
const maxFurniture = 64 << 10

// furniture reads header and footer texts of the printed sheet.
func (x *xlsx) furniture(part string) ([]string, error) {
	r, err := x.f.Reader(part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out []string
	in := false
	b := zipx.Find(r, "headerFooter", maxFurniture)
	err = zipx.Tokens(io.MultiReader(strings.NewReader("<"), bytes.NewReader(b)), func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
				in = true
			}
		case xml.EndElement:
			in = false
			if t.Name.Local == "headerFooter" {
				return io.EOF
			}
		case xml.CharData:
			if in {
				if s := numfmt.HeaderText(string(t)); s != "" && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
		return nil
	})
	if len(out) > 0 || errors.Is(err, io.EOF) {
		err = nil // what follows is cut off somewhere
	}
	return out, err
}

// attached gives text boxes, charts and comments of a sheet.
func (x *xlsx) attached(rels map[string]zipx.Rel) []string {
	var out []string
	ids := make([]string, 0, len(rels))
	for id := range rels {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		r := rels[id]
		if r.External {
			continue
		}
		switch r.Type {
		case "drawing":
			if s := drawingText(x.f, r.Target); s != "" {
				out = append(out, s)
			}
			sub := x.f.Rels(r.Target)
			keys := make([]string, 0, len(sub))
			for k := range sub {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				if d := sub[k]; !d.External && d.Type == "image" {
					x.pics.Add(x.page, d.Target)
				} else if !d.External && (d.Type == "chart" || d.Type == "diagramData") {
					if s := drawingText(x.f, d.Target); s != "" {
						out = append(out, s)
					}
				}
			}
		case "comments", "threadedComment":
			if !isBinary(r.Target) {
				out = append(out, quoted(x.f, r.Target, "comment", "threadedComment")...)
			}
		}
	}
	return out
}
