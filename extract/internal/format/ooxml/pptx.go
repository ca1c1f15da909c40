package ooxml

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

const mimePPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

type pptx struct {
	f *zipx.File
	// slides in the order of the show
	slides []string
	seen   map[string]bool // layouts and masters whose fixed text was written
	pics   flow.Pictures
	links  links

	authors map[string]string // of comments, by id
}

// OpenPPTX reads a presentation: one page a slide, with its notes and comments.
func OpenPPTX(f *zipx.File, main string, lim doc.Limits) (doc.Source, error) {
	root, err := f.Tree(main)
	if err != nil && (root == nil || len(root.Kids) == 0) {
		return nil, zipx.OpenFail("PowerPoint", err)
	}
	rels := f.Rels(main)
	p := &pptx{f: f, links: links{found: &doc.Links{}}, seen: map[string]bool{}, authors: map[string]string{}}
	p.loadAuthors(rels)
	root.Walk(func(n *zipx.Node) bool {
		if n.Name == "sldId" {
			if r, ok := rels[relID(n)]; ok && f.Has(r.Target) && len(p.slides) < lim.MaxPages {
				p.slides = append(p.slides, r.Target)
			}
		}
		return true
	})
	if len(p.slides) == 0 {
		var names []string
		for _, n := range f.Names() {
			if strings.HasPrefix(n, "ppt/slides/slide") && strings.HasSuffix(n, ".xml") {
				names = append(names, n)
			}
		}
		sort.Slice(names, func(i, j int) bool {
			return len(names[i]) < len(names[j]) || len(names[i]) == len(names[j]) && names[i] < names[j]
		})
		p.slides = names[:min(len(names), lim.MaxPages)]
	}
	texts := make([]string, 0, len(p.slides))
	for i, s := range p.slides {
		inside, by := f.RelsAndLinks(s)
		p.links.by = by
		t, err := p.slide(s, i, inside)
		if err != nil {
			return nil, zipx.OpenFail("PowerPoint", err)
		}
		texts = append(texts, strings.TrimSpace(withEmbedded(f, inside, t, lim)))
	}
	if len(texts) == 0 {
		return nil, doc.Failf(doc.CodeNoPages, nil, "The presentation has no slides; open it in its program, save it again and upload the new copy.")
	}
	for _, s := range p.printed(rels, texts) {
		texts[len(texts)-1] += "\n\n" + s
	}
	out := flow.Static(f, "pptx", mimePPTX, props.OfPackage(f), texts, &p.pics)
	out.Meta.Links = *p.links.found
	return out, nil
}

// relID returns r:id, which has the same local name as the slide's own id.
func relID(n *zipx.Node) string {
	for _, a := range n.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return n.Get("id")
}

// shape is a piece of a slide with its place.
type shape struct {
	title bool
	text  string
}

func (p *pptx) slide(part string, page int, rels zipx.Rels) (string, error) {
	r, err := p.f.Reader(part)
	if err != nil {
		return "", fmt.Errorf("slide: %w", err)
	}
	defer r.Close()
	var shapes []shape
	take := func(n *zipx.Node) error {
		if isHidden(n) {
			return nil
		}
		dropHidden(n)
		p.pictures(n, rels, page)
		p.links.shapes(n)
		shapes = append(shapes, p.shapes(n, rels)...)
		return nil
	}
	begun := false
	root, err := zipx.EachOf(r, func(stack []*zipx.Node) bool {
		in := inShapeTree(stack)
		if in && !begun {
			begun = true
			p.pictures(stack[0], rels, page) // that of the background
		}
		return in
	}, take)
	if err != nil && len(root.Kids) == 0 {
		return "", fmt.Errorf("slide: %w", err)
	}
	_ = take(root) // what stands beside the shapes
	titleFirst(shapes)
	var out []string
	for _, s := range shapes {
		if s.title {
			s.text = "# " + strings.ReplaceAll(s.text, "\n", " ")
		}
		out = append(out, s.text)
	}
	out = append(out, p.fixed(rels, 0)...)
	out = append(out, p.extras(rels)...)
	return strings.Join(out, "\n\n"), nil
}

// inShapeTree says that elements here are the shapes of a slide.
func inShapeTree(stack []*zipx.Node) bool {
	return len(stack) == 4 && stack[3].Name == "spTree"
}

// shapes lists what stands on a slide: the title first, the rest in the order of the file.
func (p *pptx) shapes(root *zipx.Node, rels zipx.Rels) []shape {
	var out []shape
	root.Walk(func(n *zipx.Node) bool {
		var s shape
		switch n.Name {
		case "sp", "cxnSp":
			if n.Child("txBody") == nil && n.Child("txXfrm") == nil {
				return true
			}
			s.text = shapeText(n)
			kind := ""
			if ph := n.Child("nvSpPr", "nvPr", "ph"); ph != nil {
				kind = ph.Get("type")
			}
			if kind == "sldNum" || kind == "sldImg" {
				return false
			}
			s.title = kind == "title" || kind == "ctrTitle"
		case "graphicFrame":
			s.text = p.frame(n, rels)
		case "pic":
			if d := n.Child("nvPicPr", "cNvPr"); d != nil {
				s.text = altText(d.Get("descr"))
			}
		case "Fallback":
			return false
		default:
			return true
		}
		if strings.TrimSpace(s.text) != "" {
			out = append(out, s)
		}
		return false
	})
	titleFirst(out)
	return out
}

func titleFirst(shapes []shape) {
	slices.SortStableFunc(shapes, func(a, b shape) int {
		switch {
		case a.title == b.title:
			return 0
		case a.title:
			return -1
		}
		return 1
	})
}

func shapeText(n *zipx.Node) string {
	var lines []string
	n.Walk(func(k *zipx.Node) bool {
		if k.Name != "p" {
			return true
		}
		s := strings.TrimSpace(shapeParagraph(k))
		if s == "" {
			return false
		}
		if lvl := zipx.Atoi(attrOf(k.Child("pPr"), "lvl"), 0); lvl > 0 && lvl < 9 {
			s = strings.Repeat("  ", lvl) + "- " + s
		}
		lines = append(lines, s)
		return false
	})
	return strings.Join(lines, "\n")
}

func attrOf(n *zipx.Node, name string) string {
	if n == nil {
		return ""
	}
	return n.Get(name)
}

// frame is a table, a chart or a diagram.
func (p *pptx) frame(n *zipx.Node, rels zipx.Rels) string {
	var out []string
	n.Walk(func(k *zipx.Node) bool {
		switch k.Name {
		case "tbl":
			var t flow.Table
			for _, tr := range k.Kids {
				if tr.Name != "tr" {
					continue
				}
				var row []string
				for _, tc := range tr.Kids {
					if tc.Name == "tc" {
						row = append(row, shapeText(tc))
					}
				}
				t = append(t, row)
			}
			out = append(out, t.Text())
			return false
		case "chart", "relIds":
			if s := graphicText(p.f, rels, k); s != "" {
				out = append(out, s)
			}
			return false
		}
		return true
	})
	return strings.Join(out, "\n\n")
}
