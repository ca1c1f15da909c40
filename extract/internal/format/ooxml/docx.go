// Package ooxml reads the formats of the Open Packaging family: Word, Excel (xlsx, xlsb), PowerPoint, Visio and XPS, and Word's
// single-file forms. Its Open functions refuse a file by a *doc.Fail: damaged, without pages, or unpacking to more than the limits.
package ooxml

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

const mimeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// docx holds what is needed while a document is walked.
type docx struct {
	f      *zipx.File
	main   string // the document part
	rels   zipx.Rels
	styles styles
	nums   *numbering.Lists
	notes  *notes
	out    flow.Pager
	top    *flow.Pager    // of the document: pictures in cells and boxes stand on its pages
	pics   *flow.Pictures // nil in headers and notes
	depth  int
	links  *links // nil where there are none
	cap    string // a drop capital that waits for its paragraph
}

// OpenDOCX reads a Word file; main is the name of its document part.
func OpenDOCX(f *zipx.File, main string, lim doc.Limits) (doc.Source, error) {
	d := &docx{f: f, main: main, notes: newNotes(), links: &links{found: &doc.Links{}}}
	d.rels, d.links.by = f.RelsAndLinks(main)
	d.styles = loadStyles(f, d.part("styles"))
	d.nums = loadNumbering(f, d.part("numbering"))
	d.loadNotes("footnotes", "footnote")
	d.loadNotes("endnotes", "endnote")
	d.loadNotes("comments", "comment")
	d.out.Hard = d.hasPageMarks()
	d.top, d.pics = &d.out, &flow.Pictures{}
	d.headers("header")
	r, err := f.Reader(main)
	if err != nil {
		return nil, doc.Corrupt("Word", err)
	}
	defer r.Close()
	err = zipx.Each(r, "body", func(n *zipx.Node) error { d.block(n); return nil })
	if err != nil && (len(d.out.Pages) == 0 && d.out.Cur.Len() == 0 || errors.Is(err, zipx.ErrBudget)) {
		return nil, zipx.OpenFail("Word", err)
	}
	d.flushNotes()
	d.headers("footer")
	for _, s := range flow.Embedded(f, d.rels, lim) {
		d.out.Add(s, "\n\n")
	}
	s := flow.Static(f, "docx", mimeDOCX, props.OfPackage(f), d.out.Done(), d.pics)
	s.Meta.Links = *d.links.found
	return s, nil
}

// part finds a sibling part by relationship type, else by its usual name.
func (d *docx) part(kind string) string {
	return d.rels.Part(kind, path.Join(path.Dir(d.main), kind+".xml"))
}

// hasPageMarks looks for the page borders Word leaves when it saves.
func (d *docx) hasPageMarks() bool {
	r, err := d.f.Reader(d.main)
	if err != nil {
		return false
	}
	defer r.Close()
	return zipx.Find(r, "lastRenderedPageBreak", 1) != nil
}

// block writes one child of the body.
func (d *docx) block(n *zipx.Node) {
	if d.depth++; d.depth > 64 {
		d.depth--
		return
	}
	defer func() { d.depth-- }()
	switch n.Name {
	case "p":
		d.paragraph(n)
	case "tbl":
		d.out.Table(d.table(n))
	case "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice", "txbxContent":
		for _, k := range n.Kids {
			d.block(k)
		}
	case "altChunk":
		d.altChunk(n.Get("id"))
	}
}

func (d *docx) paragraph(n *zipx.Node) {
	ppr := n.Child("pPr")
	st := d.styles.resolve(ppr.Val("pStyle"))
	if ppr.Child("pageBreakBefore") != nil && ppr.Val("pageBreakBefore") != "0" {
		d.out.Cut()
	}
	var w runs
	w.d, w.hidden = d, d.styles.hide(ppr.Val("pStyle"))
	w.kids(n)
	pieces := w.pages()
	if says := func(s string) bool { return s != "" }; endsUnseen(ppr) && !slices.ContainsFunc(pieces, says) && len(w.boxes) == 0 {
		return // it does not count in its list either
	}
	if pieces[0] != "" {
		pieces[0], d.cap = d.cap+pieces[0], ""
		if isDropCap(ppr.Child("framePr")) {
			pieces[0], d.cap = "", pieces[0]
		}
	}
	prefix, list := d.prefix(ppr, st)
	d.out.Paragraph(prefix, pieces, list)
	for _, b := range w.boxes {
		d.block(b)
	}
}

func isDropCap(frame *zipx.Node) bool {
	return frame != nil && frame.Get("dropCap") != "" && frame.Get("dropCap") != "none"
}

// prefix gives the heading marks or the list number of a paragraph, and says whether it is an item of a list.
func (d *docx) prefix(ppr *zipx.Node, st style) (prefix string, list bool) {
	level := st.outline
	if v := ppr.Val("outlineLvl"); v != "" {
		level = zipx.Atoi(v, -1) + 1
	}
	numID, ilvl := st.numID, st.ilvl
	if np := ppr.Child("numPr"); np != nil {
		if v := np.Val("numId"); v != "" {
			numID = v
		}
		ilvl = zipx.Atoi(np.Val("ilvl"), ilvl)
	}
	mark := d.nums.Next(numID, ilvl)
	if level > 0 && level <= 9 {
		if mark != "" && mark != "-" {
			return strings.Repeat("#", min(level, 6)) + " " + mark + " ", false
		}
		return strings.Repeat("#", min(level, 6)) + " ", false
	}
	if mark != "" {
		return strings.Repeat("  ", ilvl) + mark + " ", true
	}
	return "", false
}

// table reads rows and cells; merged cells stay empty where Word continues them.
func (d *docx) table(n *zipx.Node) flow.Table {
	var t flow.Table
	if d.depth > 16 {
		return t
	}
	n.Walk(func(k *zipx.Node) bool {
		if k == n {
			return true
		}
		switch k.Name {
		case "tr":
			if pr := k.Child("trPr"); pr.Child("del") != nil || toggle(pr.Child("hidden")) == saidOn {
				return false
			}
			var row []string
			for _, c := range cells(k) {
				row = append(row, d.cell(c))
				for range min(zipx.Atoi(c.Val("tcPr", "gridSpan"), 1), 64) - 1 {
					row = append(row, "")
				}
			}
			t = append(t, row)
			return false
		case "tbl", "tblPr", "tblGrid":
			return false
		}
		return true
	})
	return t
}

func cells(tr *zipx.Node) []*zipx.Node {
	var out []*zipx.Node
	tr.Walk(func(k *zipx.Node) bool {
		if k.Name == "tc" {
			out = append(out, k)
			return false
		}
		return true
	})
	return out
}

// cell renders a cell's blocks with a writer of its own.
func (d *docx) cell(n *zipx.Node) string {
	sub := *d
	sub.out = flow.Pager{Hard: true}
	for _, k := range n.Kids {
		sub.block(k)
	}
	return strings.Join(sub.out.Done(), "\n")
}
