package ooxml

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/formula"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// graphicText gives the words of the chart or the diagram that n refers to.
func graphicText(f *zipx.File, rels zipx.Rels, n *zipx.Node) string {
	id := n.Get("id")
	if n.Name == "relIds" {
		id = n.Get("dm")
	}
	r, ok := rels[id]
	if !ok {
		return ""
	}
	return drawingText(f, r.Target)
}

// drawingText gives the words of a chart, a diagram or a drawing part.
func drawingText(f *zipx.File, part string) string {
	root, _ := f.Tree(part)
	if root == nil {
		return ""
	}
	var out []string
	seen := map[string]bool{}
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "p":
			if s := strings.TrimSpace(shapeParagraph(n)); s != "" {
				out = append(out, s)
			}
			return false
		case "strCache", "numCache", "strLit", "numLit":
			var vals []string
			n.Walk(func(k *zipx.Node) bool {
				if k.Name == "v" {
					vals = append(vals, strings.TrimSpace(k.Content()))
				}
				return true
			})
			if s := strings.Join(vals, "\t"); s != "" && !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
			return false
		}
		return true
	})
	return strings.Join(out, "\n")
}

// shapeParagraph is the text of one DrawingML paragraph.
func shapeParagraph(p *zipx.Node) string {
	var b strings.Builder
	p.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "t":
			b.WriteString(n.Content())
			return false
		case "br":
			b.WriteByte('\n')
		case "tab":
			b.WriteByte('\t')
		case "oMath":
			b.WriteString(formula.Text(n))
			return false
		case "pPr", "rPr", "endParaRPr", "Fallback":
			return false
		}
		return true
	})
	return b.String()
}
