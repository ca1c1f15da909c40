package ooxml

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// What nobody sees who opens or prints a document is not read (docs/adr/0048-what-is-hidden-or-deleted.md).

// said is a property that a style or a run may leave to another.
type said int8

const (
	unsaid said = iota
	saidOn
	saidOff
)

// toggle is a property that is on where its element has no value.
func toggle(n *zipx.Node) said {
	switch {
	case n == nil:
		return unsaid
	case on(n.Get("val")):
		return saidOn
	}
	return saidOff
}

// defaultStyle is the name under which the style is kept that paragraphs have which name none.
const defaultStyle = "\x00"

// hide says that a style hides its words, by itself or by those that it is based on.
func (m styles) hide(id string) bool {
	if id == "" {
		id = defaultStyle
	}
	for range 12 {
		s, ok := m[id]
		if !ok || s.hidden != unsaid {
			return s.hidden == saidOn
		}
		id = s.based
	}
	return false
}

// hides says that a run is not shown. A style of letters undoes what that of the paragraph hides, and is undone by the run itself.
func (w *runs) hides(run *zipx.Node) bool {
	rpr := run.Child("rPr")
	if v := toggle(rpr.Child("vanish")); v != unsaid {
		return v == saidOn
	}
	style := rpr.Val("rStyle")
	return w.hidden != (style != "" && w.d.styles.hide(style))
}

// endsUnseen says that the end of a paragraph is deleted or hidden.
func endsUnseen(ppr *zipx.Node) bool {
	mark := ppr.Child("rPr")
	return mark.Child("del") != nil || mark.Child("moveFrom") != nil || toggle(mark.Child("vanish")) == saidOn
}

// unseen reads of a hidden run what the text around it needs.
func (w *runs) unseen(run *zipx.Node) {
	for _, k := range run.Kids {
		switch k.Name {
		case "fldChar", "instrText", "lastRenderedPageBreak":
			w.node(k)
		}
	}
}

// isHidden says that a drawing or a shape was hidden by whoever laid the document out.
func isHidden(n *zipx.Node) bool {
	for _, k := range n.Kids {
		if k.Name == "docPr" || k.Name == "cNvPr" {
			return flag(k, "hidden")
		}
		if c := k.Child("cNvPr"); c != nil && strings.HasPrefix(k.Name, "nv") {
			return flag(c, "hidden")
		}
	}
	style := n.Get("style")
	return style != "" && strings.Contains(strings.ReplaceAll(style, " ", ""), "visibility:hidden")
}

// flag is an attribute that is off where it is not there.
func flag(n *zipx.Node, name string) bool {
	v := n.Get(name)
	return v != "" && on(v)
}

// dropHidden takes hidden shapes out of a tree of them.
func dropHidden(n *zipx.Node) *zipx.Node {
	n.Kids = slices.DeleteFunc(n.Kids, isHidden)
	for _, k := range n.Kids {
		switch k.Name {
		case "txBody", "p", "t": // there are no shapes in text
		default:
			dropHidden(k)
		}
	}
	return n
}

// hiddenCells are the rows and columns of a sheet that are not shown. Those that a filter hides or that are folded up count as shown: a
// reader sees that there are some, and one click opens them.
type hiddenCells struct {
	filtered bool
	columns  flow.Ranges // counted from 0
}

// of reads what stands before the cells of a sheet.
func (h *hiddenCells) of(sheet *zipx.Node) {
	h.filtered = h.filtered || sheet.Child("sheetPr") != nil && flag(sheet.Child("sheetPr"), "filterMode")
	cols := sheet.Child("cols")
	if cols == nil {
		return
	}
	for _, c := range cols.Kids {
		if c.Name == "col" && flag(c, "hidden") && zipx.Atoi(c.Get("outlineLevel"), 0) == 0 {
			h.columns.Add(zipx.Atoi(c.Get("min"), 0)-1, zipx.Atoi(c.Get("max"), 0))
		}
	}
}

// row says that a row is not shown.
func (h *hiddenCells) row(hidden bool, outline int) bool {
	return hidden && outline == 0 && !h.filtered
}

// filteredTable says that a table on a sheet is filtered, which the sheet itself does not say.
func (x *xlsx) filteredTable(rels zipx.Rels) bool {
	for _, part := range rels.Targets("table") {
		found := false
		_ = zipx.WalkPart(x.f, part, func(n *zipx.Node) { found = found || n.Name == "filterColumn" })
		if found {
			return true
		}
	}
	return false
}

// shown are the sheets that are not hidden; a workbook of which all are is shown as a whole.
func shown[S any](sheets []S, hidden func(S) bool) []S {
	if out := slices.DeleteFunc(slices.Clone(sheets), hidden); len(out) > 0 {
		return out
	}
	return sheets
}
