package ooxml

import (
	"path"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/html"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

type style struct {
	name, based string
	outline     int // 1..9, 0 none
	numID       string
	ilvl        int
	hidden      said
}

type styles map[string]style

// maxStyles is how many styles of a document are kept; Word itself stops at some four thousand.
const maxStyles = 1 << 16

func loadStyles(f *zipx.File, part string) styles {
	m := styles{}
	var before *zipx.Node
	_ = f.Each(part, func(n *zipx.Node) error {
		if n == before {
			return nil // the rest of a very large one, whose beginning says all
		}
		before = n
		n.Walk(func(n *zipx.Node) bool {
			if n.Name != "style" {
				return true
			}
			if id := n.Get("styleId"); len(m) < maxStyles {
				m[id] = styleOf(n)
				if flag(n, "default") && n.Get("type") == "paragraph" {
					m[defaultStyle] = style{based: id}
				}
			}
			return false
		})
		return nil
	})
	return m
}

func styleOf(n *zipx.Node) style {
	s := style{hidden: toggle(n.Child("rPr", "vanish")), name: strings.ToLower(n.Val("name")), based: n.Val("basedOn"), numID: n.Val("pPr", "numPr", "numId"), ilvl: zipx.Atoi(n.Val("pPr", "numPr", "ilvl"), 0)}
	if v := n.Val("pPr", "outlineLvl"); v != "" {
		s.outline = zipx.Atoi(v, 8) + 1
	}
	if s.outline > 9 {
		s.outline = 0
	}
	if rest, ok := strings.CutPrefix(s.name, "heading "); ok && s.outline == 0 {
		s.outline = min(max(zipx.Atoi(rest, 0), 0), 9)
	}
	if s.name == "title" {
		s.outline = 1
	}
	return s
}

// resolve follows basedOn for what the style itself does not say.
func (m styles) resolve(id string) style {
	s := m[id]
	up := s.based
	for range 12 {
		p, ok := m[up]
		if !ok {
			break
		}
		if s.outline == 0 {
			s.outline = p.outline
		}
		if s.numID == "" {
			s.numID, s.ilvl = p.numID, p.ilvl
		}
		up = p.based
	}
	return s
}

// story is the text of blocks that stand apart from the body, as a note or a header. part is where they come from, links where their words lead.
func (d *docx) story(part string, rels zipx.Rels, links *links, blocks []*zipx.Node) string {
	sub := &docx{f: d.f, main: part, rels: rels, styles: d.styles, nums: d.nums, links: links}
	sub.out.Hard = true
	for _, b := range blocks {
		sub.block(b)
	}
	return strings.TrimSpace(strings.Join(sub.out.Done(), "\n"))
}

// fieldError is what Word shows for a reference without a target.
var fieldError = pattern.Lazily(`Error! [^.\n]{5,80}\.(?:, \p{L}+ \d+)?`)

// headers writes each distinct header or footer once, not once a page.
func (d *docx) headers(kind string) {
	names := d.rels.Targets(kind)
	slices.Sort(names)
	var seen []string
	for _, name := range names {
		root, _ := d.f.Tree(name)
		if root == nil {
			continue
		}
		var blocks []*zipx.Node
		for _, hdr := range root.Kids {
			blocks = append(blocks, hdr.Kids...)
		}
		rels, by := d.f.RelsAndLinks(name)
		text := d.story(name, rels, d.links.of(by), blocks)
		text = fieldError.ReplaceAllString(text, "")
		if text = strings.TrimSpace(text); text == "" || slices.Contains(seen, text) || !encodings.HasLetters(text) {
			continue
		}
		seen = append(seen, text)
		d.out.Add(text, "\n\n")
	}
}

// altChunk writes a part of another format that the document includes.
func (d *docx) altChunk(id string) {
	r, ok := d.rels[id]
	if !ok {
		return
	}
	data, err := d.f.Bytes(r.Target)
	if err != nil {
		return
	}
	switch strings.ToLower(path.Ext(r.Target)) {
	case ".html", ".htm", ".xhtml", ".mht", ".mhtml":
		page := html.HTML(data, "text/html")
		d.out.Add(page.Text, "\n\n")
		if d.links != nil {
			d.links.found.AddAll(page.Links)
		}
	case ".txt":
		d.out.Add(encodings.Decode(data), "\n\n")
	}
}

// picture notes a picture by its relationship.
func (d *docx) picture(id string) {
	if r, ok := d.rels[id]; ok && d.pics != nil {
		d.pics.Add(len(d.top.Pages), r.Target)
	}
}
