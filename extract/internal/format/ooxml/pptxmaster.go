package ooxml

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// printed is the text on the printed notes and handouts: it stands in their masters
// and on no slide. Placeholders for bodies only say where text goes; headers, footers, dates and
// numbers count when they hold typed text and not just a field.
func (p *pptx) printed(rels zipx.Rels, shown []string) []string {
	parts := rels.Targets("notesMaster", "handoutMaster")
	slices.Sort(parts)
	all := props.Fold(strings.Join(shown, "\n"))
	var out []string
	for _, part := range parts {
		root, _ := p.f.Tree(part)
		if root == nil {
			continue
		}
		root.Walk(func(n *zipx.Node) bool {
			if n.Name != "sp" {
				return n.Name != "Fallback"
			}
			s := strings.TrimSpace(shapeText(n))
			if ph := n.Child("nvSpPr", "nvPr", "ph"); ph != nil && !typed(n, ph.Get("type")) {
				return false
			}
			if s != "" && !strings.Contains(all, props.Fold(s)) {
				all += props.Fold(s)
				out = append(out, s)
			}
			return false
		})
	}
	return out
}

// typed says whether a placeholder of a master holds text of its own.
func typed(n *zipx.Node, kind string) bool {
	switch kind {
	case "hdr", "ftr", "dt", "sldNum":
	default:
		return false
	}
	found := false
	n.Walk(func(k *zipx.Node) bool {
		if k.Name == "r" {
			if t := k.Child("t"); t != nil {
				s := strings.TrimSpace(t.Content())
				found = found || s != "" && !(s[0] == '<' && s[len(s)-1] == '>') // <header> and the like of LibreOffice stand for what there is not
			}
		}
		return k.Name != "fld" && !found
	})
	return found
}
