package ooxml

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
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
	if space := root.Child("chartSpace"); space != nil {
		out := []string{chartText(space)}
		for _, drawn := range f.Rels(part).Targets("chartUserShapes") {
			if shapes, _ := f.Tree(drawn); shapes != nil {
				out = append(out, paragraphsOf(shapes))
			}
		}
		return strings.TrimSpace(strings.Join(out, "\n"))
	}
	if model := root.Child("dataModel"); model != nil {
		return diagramText(model)
	}
	return paragraphsOf(dropHidden(root))
}

// paragraphsOf gives the words of shapes, group by group, in the order of the file.
func paragraphsOf(root *zipx.Node) string {
	var out []string
	root.Walk(func(n *zipx.Node) bool {
		if n.Name == "p" {
			if s := strings.TrimSpace(shapeParagraph(n)); s != "" {
				out = append(out, s)
			}
		}
		return n.Name != "p" && n.Name != "Fallback"
	})
	return strings.Join(out, "\n")
}

// labelFields are the fields in labels of charts; their texts are names of themselves.
var labelFields = []string{"CELLRANGE", "VALUE", "XVALUE", "YVALUE", "CATEGORYNAME", "SERIESNAME", "PERCENTAGE", "BUBBLESIZE"}

// shapeParagraph is the text of one DrawingML paragraph.
func shapeParagraph(p *zipx.Node) string {
	var b strings.Builder
	p.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "t":
			b.WriteString(flow.Hyphens(n.Content()))
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
		case "fld": // what a label of a chart takes from its point is no word of it
			return !slices.Contains(labelFields, n.Get("type"))
		}
		return true
	})
	return b.String()
}
