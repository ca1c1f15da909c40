package odf

import (
	"fmt"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// inline is the running text of a paragraph; notes are collected and marked.
func (o *odf) inline(n *zipx.Node) string {
	var b strings.Builder
	var walk func(n *zipx.Node, depth int, hidden bool)
	walk = func(n *zipx.Node, depth int, hidden bool) {
		if depth > 100 {
			return
		}
		for _, k := range n.Kids {
			if hidden && k.Name != "span" && k.Name != "soft-page-break" || unseen(k) {
				continue
			}
			switch k.Name {
			case "":
				b.WriteString(k.Text)
			case "span":
				walk(k, depth+1, o.shows.hides("text", k.Get("style-name"), hidden))
			case "hidden-text":
				if k.Get("is-hidden") != "true" {
					walk(k, depth+1, hidden)
				}
			case "s":
				b.WriteString(strings.Repeat(" ", min(max(1, zipx.Atoi(k.Get("c"), 1)), 200)))
			case "tab":
				b.WriteByte('\t')
			case "line-break":
				b.WriteByte('\n')
			case "soft-page-break":
				b.WriteString(flow.PageMark)
			case "note":
				o.note(&b, k)
			case "annotation":
				o.commented(k)
			case "frame", "text-box", "custom-shape", "rect", "ellipse", "polygon", "g":
				// Written after the paragraph.
			case "ruby":
				if base := k.Child("ruby-base"); base != nil {
					walk(base, depth+1, hidden)
				}
				if rt := k.Child("ruby-text"); rt != nil && strings.TrimSpace(rt.Content()) != "" {
					b.WriteString(" (")
					walk(rt, depth+1, hidden)
					b.WriteString(")")
				}
			case "a":
				from := b.Len()
				walk(k, depth+1, hidden)
				o.links.Add(b.String()[from:], k.Get("href"))
			case "tracked-changes", "deletion", "page-number", "desc", "title":
			default:
				walk(k, depth+1, hidden)
			}
		}
	}
	walk(n, 0, o.shows.hides("paragraph", n.Get("style-name"), false))
	return flow.Hyphens(flow.Collapse(b.String()))
}

func (o *odf) note(b *strings.Builder, n *zipx.Node) {
	mark := strings.TrimSpace(func() string {
		if c := n.Child("note-citation"); c != nil {
			return c.Content()
		}
		return ""
	}())
	var parts []string
	if body := n.Child("note-body"); body != nil {
		for _, p := range zipx.Paragraphs(body) {
			parts = append(parts, strings.TrimSpace(o.inline(p)))
		}
	}
	text := strings.TrimSpace(strings.Join(parts, "\n"))
	if text == "" {
		return
	}
	fmt.Fprintf(b, "[%s]", mark)
	o.notes = append(o.notes, fmt.Sprintf("[%s] %s", mark, text))
}

// commented notes a comment, which is written behind the text.
func (o *odf) commented(n *zipx.Node) {
	if s := comment(n); s != "" {
		o.notes = append(o.notes, s)
	}
}

// comment is what a comment says and who wrote it.
func comment(n *zipx.Node) string {
	var parts []string
	for _, p := range zipx.Paragraphs(n) {
		if s := strings.TrimSpace(flow.Hyphens(p.Content())); s != "" {
			parts = append(parts, s)
		}
	}
	text := strings.Join(parts, " ")
	if by := n.Child("creator"); by != nil && text != "" && strings.TrimSpace(by.Content()) != "" {
		text = strings.TrimSpace(by.Content()) + ": " + text
	}
	if text == "" {
		return ""
	}
	return "> " + text
}

// maxRepeat bounds how often a repeated row or cell is written: files repeat the empty rest of a sheet a million times.
const maxRepeat = 64

// table writes a table, or a sheet with its name as heading.
func (o *odf) table(n *zipx.Node) {
	if o.depth > 40 {
		return
	}
	sheet := o.isSheet(n)
	if sheet && o.shows.hides("table", n.Get("style-name"), false) {
		return
	}
	if sheet {
		o.out.Cut()
		o.out.Add("# "+n.Get("name"), "\n\n")
	}
	if shapes := n.Child("shapes"); shapes != nil {
		o.kids(shapes)
	}
	if sheet || o.level > 0 {
		cells := flow.Cells{}
		o.sparse(n, cells)
		o.out.Add(flow.Grid(cells), "\n\n")
	} else {
		o.out.Table(o.grid(n))
	}
	if sheet {
		for _, s := range o.notes {
			o.out.Add(s, "\n\n")
		}
		o.notes = nil
		o.out.Cut()
	}
}

// eachRow gives the rows of a table, and how often each stands there, until visit says no. folded is for rows of a group that may be folded up.
func eachRow(n *zipx.Node, depth int, folded bool, visit func(row *zipx.Node, times int, folded bool) bool) bool {
	for _, k := range n.Kids {
		switch k.Name {
		case "table-row":
			if !visit(k, repeated(k, "number-rows-repeated"), folded) {
				return false
			}
		case "table-header-rows", "table-rows", "table-row-group":
			if depth < 20 && !eachRow(k, depth+1, folded || k.Name == "table-row-group", visit) {
				return false
			}
		}
	}
	return true
}

// repeated is how often a row or a cell stands in a table.
func repeated(n *zipx.Node, attr string) int {
	return min(max(1, zipx.Atoi(n.Get(attr), 1)), maxPlace)
}

// maxPlace bounds the rows and columns of a sheet that are counted; programs have a million rows.
const maxPlace = 1 << 24

// grid is a table of a text.
func (o *odf) grid(n *zipx.Node) flow.Table {
	var t flow.Table
	size := 0
	eachRow(n, 0, false, func(k *zipx.Node, times int, _ bool) bool {
		var row []string
		last := 0
		o.cells(k, func(text string, times int) {
			for range min(times, maxRepeat, flow.MaxCells-len(row)) {
				row = append(row, text)
			}
			if text != "" {
				last = len(row)
			}
		})
		row = row[:last]
		for range min(times, maxRepeat) {
			if size += len(row); size > flow.MaxCells {
				return false
			}
			if len(row) > 0 {
				t = append(t, row)
			}
		}
		return true
	})
	return t
}

// sparse fills in the cells of a sheet, each in its place: a gap of a hundred columns is no cell, and moves none.
func (o *odf) sparse(n *zipx.Node, cells flow.Cells) {
	at, size := 0, 0
	if o.wide != n {
		o.wide, o.unseen = n, hiddenColumns(n)
	}
	eachRow(n, 0, false, func(k *zipx.Node, times int, folded bool) bool {
		if k.Get("visibility") == "collapse" && !folded {
			at += times
			return true
		}
		var row []flow.Cell
		col := 0
		o.cells(k, func(text string, times int) {
			for i := range min(times, maxRepeat, flow.MaxCells-len(row)) {
				if text != "" && !o.unseen.Has(col+i) {
					row = append(row, flow.Cell{Col: col + i, Text: text})
				}
			}
			col = min(col+times, maxPlace)
		})
		for i := range min(times, maxRepeat) {
			if size += len(row); size > flow.MaxCells {
				return false
			}
			for _, c := range row {
				cells.Put(at+i, c.Col, c.Text)
			}
		}
		at += times
		return true
	})
}

// isSheet tells a spreadsheet's table from one in a text by its cells' value types and place.
func (o *odf) isSheet(n *zipx.Node) bool { return o.level == 0 && o.out.Hard && o.book }

func isSpreadsheet(f *zipx.File) bool {
	b, _ := f.Bytes("mimetype")
	return strings.Contains(string(b), "spreadsheet") || strings.Contains(string(b), "calc")
}

// cells gives the texts of a row's cells, and how often each stands there.
func (o *odf) cells(n *zipx.Node, visit func(text string, times int)) {
	for _, c := range n.Kids {
		if c.Name != "table-cell" && c.Name != "covered-table-cell" {
			continue
		}
		var parts []string
		if c.Name == "table-cell" && len(c.Kids) > 0 {
			sub := &odf{f: o.f, fmts: o.fmts, ends: o.ends, ids: o.ids, shows: o.shows, depth: o.depth + 1, text: o.text, top: o.top, pics: o.pics, in: o.in, level: o.level, book: o.book, links: o.links, cell: o.book && o.level == 0}
			sub.out.Hard = true
			for _, k := range c.Kids {
				if k.Name == "annotation" {
					o.commented(k)
					continue
				}
				sub.block(k)
			}
			parts = sub.out.Done()
			o.notes = append(o.notes, sub.notes...)
		}
		visit(strings.Join(parts, "\n"), repeated(c, "number-columns-repeated"))
	}
}
