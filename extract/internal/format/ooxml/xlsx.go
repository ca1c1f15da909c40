package ooxml

import (
	"errors"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

const mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// xlsx holds what the sheets of a workbook share.
type xlsx struct {
	f        *zipx.File
	shared   []string
	formats  []string // by cell style
	date1904 bool
	text     int64 // bytes of text still allowed
	page     int   // sheets written so far
	pics     flow.Pictures
	links    links
}

func newXLSX(f *zipx.File, lim doc.Limits) *xlsx {
	return &xlsx{f: f, text: int64(lim.MaxText), links: links{found: &doc.Links{}}}
}

// OpenXLSX reads a workbook: one page a sheet.
func OpenXLSX(f *zipx.File, main string, lim doc.Limits) (doc.Source, error) {
	x := newXLSX(f, lim)
	rels := f.Rels(main)
	root, err := f.Tree(main)
	if root == nil || len(root.Kids) == 0 {
		return nil, zipx.OpenFail("Excel", err)
	}
	if err := x.load(rels); err != nil {
		return nil, zipx.OpenFail("Excel", err)
	}
	if pr := root.Child("workbook", "workbookPr"); pr != nil {
		x.date1904 = pr.Get("date1904") == "1" || pr.Get("date1904") == "true"
	}
	var sheets []*zipx.Node
	root.Walk(func(n *zipx.Node) bool {
		if n.Name == "sheet" {
			sheets = append(sheets, n)
		}
		return true
	})
	var texts []string
	var fail error
	for _, n := range shown(sheets, func(n *zipx.Node) bool { return strings.HasSuffix(strings.ToLower(n.Get("state")), "hidden") }) {
		r, ok := rels[relID(n)]
		if !ok || len(texts) >= lim.MaxPages {
			continue
		}
		rels, by := f.RelsAndLinks(r.Target)
		x.links.by = by
		t, err := x.sheet(n.Get("name"), r, rels)
		if err != nil && t == "" {
			fail = err
			break
		}
		texts = append(texts, withEmbedded(f, rels, t, lim))
		x.page = len(texts)
	}
	if fail != nil && len(texts) == 0 {
		return nil, zipx.OpenFail("Excel", fail)
	}
	return x.workbook("xlsx", mimeXLSX, texts)
}

// workbook is the source of a workbook of either kind, with the text of each sheet.
func (x *xlsx) workbook(format, mime string, texts []string) (doc.Source, error) {
	if len(texts) == 0 {
		return nil, doc.Failf(doc.CodeNoPages, nil, "The workbook has no sheets; open it in its program, save it again and upload the new copy.")
	}
	s := flow.Static(x.f, format, mime, props.OfPackage(x.f), texts, &x.pics)
	s.Meta.Links = *x.links.found
	return s, nil
}

// withEmbedded adds to the text of a page what the files embedded in its part say, whose relationships rels are.
func withEmbedded(f *zipx.File, rels zipx.Rels, text string, lim doc.Limits) string {
	for _, s := range flow.Embedded(f, rels, lim) {
		text += "\n\n" + s
	}
	return text
}

// sharedParts are the parts with the strings and the styles of all sheets; ext is that of the usual names.
func sharedParts(rels zipx.Rels, ext string) (shared, styles string) {
	return rels.Part("sharedStrings", "xl/sharedStrings"+ext), rels.Part("styles", "xl/styles"+ext)
}

// load reads shared strings and cell styles.
func (x *xlsx) load(rels zipx.Rels) error {
	shared, styles := sharedParts(rels, ".xml")
	if x.f.Has(shared) {
		r, err := x.f.Reader(shared)
		if err != nil {
			return err
		}
		defer r.Close()
		err = zipx.Each(r, "sst", func(n *zipx.Node) error {
			if n.Name == "si" {
				s := richText(n)
				if x.text -= int64(len(s)) / 8; x.text < 0 {
					return zipx.ErrBudget
				}
				x.shared = append(x.shared, s)
			}
			return nil
		})
		if errors.Is(err, zipx.ErrBudget) {
			return err
		}
	}
	x.loadStyles(styles)
	return nil
}

// sheet writes one sheet with what hangs on it.
func (x *xlsx) sheet(name string, r zipx.Rel, rels zipx.Rels) (string, error) {
	var out []string
	if name != "" {
		out = append(out, "# "+name)
	}
	if r.Type != "chartsheet" {
		t, extra, err := x.cells(r.Target, hiddenCells{filtered: x.filteredTable(rels)})
		if err != nil && !errors.Is(err, errFull) && len(t) == 0 {
			return "", err
		}
		if md := t.Text(); md != "" {
			out = append(out, md)
		}
		out = append(out, extra...)
	}
	out = append(out, x.attached(rels)...)
	return strings.Join(out, "\n\n"), nil
}

// cells streams the rows that are shown; empty columns and rows between are not kept.
func (x *xlsx) cells(part string, hidden hiddenCells) (t flow.Table, extra []string, err error) {
	r, err := x.f.Reader(part)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	var g grid
	links := x.links.cells(x.f, part)
	begun := false
	_, err = zipx.EachOf(struct{ io.Reader }{r}, func(stack []*zipx.Node) bool {
		in := len(stack) > 1 && stack[len(stack)-1].Name == "sheetData" && stack[len(stack)-2].Name != "sheetData"
		if in && !begun {
			begun = true
			hidden.of(stack[len(stack)-2])
		}
		return in
	}, func(n *zipx.Node) error {
		if n.Name != "row" || hidden.row(flag(n, "hidden"), zipx.Atoi(n.Get("outlineLevel"), 0)) {
			return nil
		}
		next := 0
		for _, c := range n.Kids {
			if c.Name != "c" {
				continue
			}
			col := column(c.Get("r"))
			if col < 0 {
				col = next
			}
			if next = col + 1; hidden.columns.Has(col) {
				continue
			}
			text := x.value(c)
			links.cell(c.Get("r"), text, c)
			if err := g.put(col, text, &x.text); err != nil {
				return err
			}
		}
		g.endRow()
		return nil
	})
	links.note()
	if f, err2 := x.headerFooter(part); err2 == nil {
		extra = f
	}
	return g.table(), extra, err
}
