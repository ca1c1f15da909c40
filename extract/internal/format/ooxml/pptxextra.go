package ooxml

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// fixed is the text that layout and master show on their slides, written once. Their placeholders
// only say where text goes and are left out.
func (p *pptx) fixed(rels zipx.Rels, depth int) []string {
	var out []string
	for _, r := range rels.Sorted() {
		if r.Type != "slideLayout" && r.Type != "slideMaster" || p.seen[r.Target] || depth > 1 {
			continue
		}
		p.seen[r.Target] = true
		root, _ := p.f.Tree(r.Target)
		if root == nil {
			continue
		}
		sub := p.f.Rels(r.Target)
		for _, s := range p.shapes(dropHidden(dropPlaceholders(root)), sub) {
			out = append(out, s.text)
		}
		if r.Type == "slideLayout" {
			out = append(out, p.fixed(sub, depth+1)...)
		}
	}
	return out
}

func dropPlaceholders(n *zipx.Node) *zipx.Node {
	keep := n.Kids[:0]
	for _, k := range n.Kids {
		if k.Name == "sp" && k.Child("nvSpPr", "nvPr", "ph") != nil {
			continue
		}
		keep = append(keep, dropPlaceholders(k))
	}
	n.Kids = keep
	return n
}

// pictures notes the pictures of a slide itself: those of layouts and masters are decoration.
func (p *pptx) pictures(root *zipx.Node, rels zipx.Rels, page int) {
	root.Walk(func(n *zipx.Node) bool {
		if n.Name == "blip" {
			if r, ok := rels[n.Get("embed")]; ok {
				p.pics.Add(page, r.Target)
			}
		}
		return n.Name != "Fallback"
	})
}

// extras are notes and comments of a slide.
func (p *pptx) extras(rels zipx.Rels) []string {
	var out []string
	for _, r := range rels.Sorted() {
		switch r.Type {
		case "notesSlide":
			root, _ := p.f.Tree(r.Target)
			if root == nil {
				continue
			}
			for _, s := range p.shapes(root, nil) {
				out = append(out, "> "+strings.ReplaceAll(s.text, "\n", "\n> "))
			}
		case "comments":
			out = append(out, p.comments(r.Target)...)
		}
	}
	return out
}

// comments gives the comments of a slide with who wrote them.
func (p *pptx) comments(part string) (out []string) {
	root, _ := p.f.Tree(part)
	if root == nil {
		return nil
	}
	author := ""
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "cm", "reply":
			author = p.authors[n.Get("authorId")]
		case "text", "t":
			if s := strings.TrimSpace(n.Content()); s != "" {
				if author != "" {
					s = author + ": " + s
				}
				out = append(out, "> "+s)
			}
			return false
		}
		return true
	})
	return out
}

// loadAuthors reads who comments: a list that the presentation refers to.
func (p *pptx) loadAuthors(rels zipx.Rels) {
	for _, part := range rels.Targets("commentAuthors", "authors") {
		_ = zipx.WalkPart(p.f, part, func(n *zipx.Node) {
			if (n.Name == "cmAuthor" || n.Name == "author") && n.Get("id") != "" {
				p.authors[n.Get("id")] = n.Get("name")
			}
		})
	}
}
