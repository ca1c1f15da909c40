package ooxml

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// links collects where words of a document lead.
type links struct {
	by    map[string]string // targets by the ids of the part that is read
	found *doc.Links        // of all parts
}

// of reads another part for the same document. A nil value gives one.
func (l *links) of(by map[string]string) *links {
	if l == nil {
		return nil
	}
	return &links{by, l.found}
}

// add notes a link by its id. A nil value notes nothing.
func (l *links) add(text, id string) {
	if l == nil {
		return
	}
	if target, ok := l.by[id]; ok {
		l.found.Add(text, target)
	}
}

// field notes the link of a field by its instruction.
func (l *links) field(text, instruction string) {
	if l != nil {
		l.found.Add(text, doc.FieldTarget(instruction))
	}
}

// shapes notes the links of shapes and of their words. Runs of one paragraph that follow each other and lead to the same place are one link.
func (l *links) shapes(root *zipx.Node) {
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "Fallback":
			return false
		case "sp", "pic":
			for _, k := range n.Kids {
				if c := k.Child("cNvPr"); c != nil && c.Child("hlinkClick") != nil {
					text := altText(c.Get("descr"))
					if n.Name == "sp" {
						text = shapeText(n)
					}
					l.add(text, c.Child("hlinkClick").Get("id"))
				}
			}
		case "p":
			l.paragraph(n)
			return false
		}
		return true
	})
}

func (l *links) paragraph(p *zipx.Node) {
	text, id := "", ""
	for _, r := range p.Kids {
		to, t := "", r.Child("t")
		if click := r.Child("rPr", "hlinkClick"); click != nil && t != nil {
			to = click.Get("id")
		}
		if to != id {
			l.add(text, id)
			text, id = "", to
		}
		if to != "" {
			text += t.Content()
		}
	}
	l.add(text, id)
}

// cellLinks are the targets of a sheet's cells, by the names of these.
type cellLinks struct {
	links *links
	refs  []string          // in the order of the file
	to    map[string]string // ids of the targets
	said  map[string]string // what the cells say
}

// maxCellLinks bounds the part of a sheet that lists its links.
const maxCellLinks = 256 << 10

// cells reads which cells of a sheet lead somewhere; the list stands behind the cells. A sheet without links is not looked through.
func (l *links) cells(f *zipx.File, part string) *cellLinks {
	c := &cellLinks{links: l, to: map[string]string{}, said: map[string]string{}}
	if len(l.by) == 0 || l.found.Full() {
		return c
	}
	r, err := f.Reader(part)
	if err != nil {
		return c
	}
	defer r.Close()
	b := zipx.Find(r, "hyperlinks", maxCellLinks)
	_ = zipx.Tokens(io.MultiReader(strings.NewReader("<"), bytes.NewReader(b)), func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "hyperlink" {
			return nil
		}
		ref, _, _ := strings.Cut(zipx.Attr(e, "ref"), ":")
		if id := zipx.Attr(e, "id"); l.by[id] != "" && c.to[ref] == "" && len(c.refs) < doc.MaxLinks {
			c.refs = append(c.refs, ref)
			c.to[ref], c.said[ref] = id, zipx.Attr(e, "display")
		}
		return nil
	})
	return c
}

// cell tells what a cell says, and the link of one that is made by a formula.
func (c *cellLinks) cell(ref, text string, n *zipx.Node) {
	if c.to[ref] != "" && text != "" {
		c.said[ref] = text
	}
	if f := n.Child("f"); f != nil && !c.links.found.Full() {
		if m := hyperlinkFormula.FindStringSubmatch(f.Content()); m != nil {
			c.links.found.Add(text, m[1])
		}
	}
}

// hyperlinkFormula finds the target where it stands in the formula itself.
var hyperlinkFormula = pattern.Lazily(`^\s*HYPERLINK\(\s*"([^"]{1,600})"`)

// note notes the links that the sheet lists.
func (c *cellLinks) note() {
	for _, ref := range c.refs {
		c.links.add(c.said[ref], c.to[ref])
	}
}
