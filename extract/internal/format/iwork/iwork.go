// Package iwork reads Pages, Numbers and Keynote, the XML of 2009 and the archives after it.
package iwork

import (
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// OpenIWork reads Pages, Numbers and Keynote files: the XML of iWork '09 and before, or the archives
// of iWork 2013 and later. format is pages, numbers or key. It refuses a file by a *doc.Fail: damaged, encrypted, or unpacking to
// more than the limits.
func OpenIWork(f *zipx.File, format, mime string, lim doc.Limits) (doc.Source, error) {
	var texts []string
	title := ""
	switch {
	case f.Has("index.xml") || f.Has("index.apxl"):
		name := "index.xml"
		if !f.Has(name) {
			name = "index.apxl"
		}
		root, err := f.Tree(name)
		if root == nil || len(root.Kids) == 0 || err != nil && zipx.IsBudget(err) {
			if zipx.IsBudget(err) {
				return nil, zipx.OpenFail("iWork", err)
			}
			return nil, doc.Encrypted("iWork") // what is no XML is encrypted
		}
		w := &iwork{}
		w.out.Hard = format != "pages"
		w.kids(root)
		texts, title = w.out.Done(), w.title
	default:
		if protected(f) {
			return nil, doc.Encrypted("iWork")
		}
		var err error
		if texts, err = iwaTexts(f, format, lim); err != nil {
			return nil, zipx.OpenFail("iWork", err)
		}
	}
	if len(texts) == 0 {
		texts = []string{""}
	}
	return &doc.Static{Meta: doc.Info{Format: format, MIME: mime, Title: title}, Texts: texts}, nil
}

// protected looks for the parts that check a password.
func protected(f *zipx.File) bool {
	for _, n := range f.Names() {
		if strings.HasPrefix(path.Base(n), ".iwp") {
			return true
		}
	}
	return false
}

// iwork walks the XML of iWork '09.
type iwork struct {
	out   flow.Pager
	title string
	depth int
}

func (w *iwork) kids(n *zipx.Node) {
	if w.depth++; w.depth < 200 {
		for _, k := range n.Kids {
			w.block(k)
		}
	}
	w.depth--
}

func (w *iwork) block(n *zipx.Node) {
	switch n.Name {
	case "":
	case "theme", "theme-list", "section-prototypes", "prototypes", "stylesheet", "styles", "anon-styles", "thumbnails", "master-slides", "prototype-slides", "version-history":
		// Templates and looks; the text in them only says where text goes.
	case "metadata":
		if t := n.Child("title", "string"); t != nil {
			w.title = t.Get("string")
		}
	case "p":
		w.out.Add(strings.TrimSpace(iworkLine(n)), "\n\n")
	case "tabular-model":
		if n.Get("name-is-visible") == "true" {
			w.out.Add(n.Get("name"), "\n\n")
		}
		w.table(n)
	case "workspace":
		w.out.Cut()
		w.out.Add("# "+n.Get("workspace-name"), "\n\n")
		w.kids(n)
	case "slide":
		w.out.Cut()
		w.kids(n)
	default:
		w.kids(n)
	}
}

// iworkLine is the text of a paragraph; what a template proposes (ghost-text) is left out.
func iworkLine(n *zipx.Node) string {
	var b strings.Builder
	n.Walk(func(k *zipx.Node) bool {
		switch k.Name {
		case "tab":
			b.WriteByte('\t')
		case "lnbr", "crbr", "br", "pgbr", "contbr":
			b.WriteByte('\n')
		case "ghost-text":
			return false
		}
		b.WriteString(k.Text)
		return true
	})
	return flow.Collapse(strings.ReplaceAll(b.String(), "\u2028", "\n"))
}

// table reads the cells of a grid. Each says how far it is from the one before: 256 for a row, plus
// columns to the right or, above 127, to the left.
func (w *iwork) table(n *zipx.Node) {
	data := n.Child("grid", "datasource")
	if data == nil {
		return
	}
	rows := flow.Cells{}
	row, col, first := 0, 0, true
	for _, c := range data.Kids {
		if c.Name == "" {
			continue
		}
		step := zipx.Atoi(c.Get("ct"), 1)
		if first {
			step = zipx.Atoi(c.Get("ct"), 0)
			first = false
		}
		right := int(int8(step & 0xff))
		row, col = row+(step-right)/256, col+right
		rows.Put(row, col, w.cell(c))
	}
	w.out.Add(flow.Grid(rows), "\n\n")
}

// cell shows one cell; of a formula, its result.
func (w *iwork) cell(c *zipx.Node) string {
	switch c.Name {
	case "t", "rt":
		ct := c.Child("ct")
		if ct == nil {
			return ""
		}
		if s := ct.Get("s"); s != "" {
			return s
		}
		var lines []string
		for _, p := range zipx.Paragraphs(ct) {
			lines = append(lines, strings.TrimSpace(iworkLine(p)))
		}
		return strings.Join(lines, "\n")
	case "n", "rn", "du", "rdu":
		if v, err := strconv.ParseFloat(c.Get("v"), 64); err == nil {
			return numfmt.General(v)
		}
	case "d", "rd":
		return appleDate(c.Get("cell-date"))
	case "f":
		if r := c.Child("r"); r != nil {
			for _, k := range r.Kids {
				if s := w.cell(k); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// appleDate shows seconds since the first day of 2001.
func appleDate(s string) string {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return ""
	}
	return appleSeconds(v)
}

func appleSeconds(v float64) string {
	if math.IsNaN(v) || v < -9e9 || v > 9e9 {
		return ""
	}
	t := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(v) * time.Second)
	if t.Hour() == 0 && t.Minute() == 0 {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04")
}
