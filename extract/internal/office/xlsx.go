package office

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/numfmt"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

const mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// xlsx holds what the sheets of a workbook share.
type xlsx struct {
	f        *zipx.File
	shared   []string
	formats  []string // by cell style
	date1904 bool
	text     int64 // bytes of text still allowed
}

// errFull ends a sheet whose text is over the limit.
var errFull = errors.New("too much text")

// OpenXLSX reads a workbook: one page a sheet.
func OpenXLSX(f *zipx.File, main string, lim source.Limits) (source.Source, error) {
	x := &xlsx{f: f, text: int64(lim.MaxText)}
	rels := f.Rels(main)
	root, err := f.Tree(main)
	if root == nil || len(root.Kids) == 0 {
		return nil, openFail("Excel", err)
	}
	if err := x.load(rels); err != nil {
		return nil, openFail("Excel", err)
	}
	if pr := root.Child("workbook", "workbookPr"); pr != nil {
		x.date1904 = pr.Get("date1904") == "1" || pr.Get("date1904") == "true"
	}
	var texts []string
	var fail error
	root.Walk(func(n *zipx.Node) bool {
		if n.Name != "sheet" || fail != nil {
			return fail == nil
		}
		r, ok := rels[relID(n)]
		if !ok || r.External || len(texts) >= lim.MaxPages {
			return true
		}
		t, err := x.sheet(n.Get("name"), r)
		if err != nil && t == "" {
			fail = err
			return false
		}
		for _, e := range embedded(f, f.Rels(r.Target), lim) {
			t += "\n\n" + e
		}
		texts = append(texts, t)
		return true
	})
	if fail != nil && len(texts) == 0 {
		return nil, openFail("Excel", fail)
	}
	if len(texts) == 0 {
		return nil, source.Failf(source.CodeNoPages, nil, "The workbook has no sheets.")
	}
	props := coreProps(f)
	return &source.Static{Meta: source.Info{Format: "xlsx", MIME: mimeXLSX, Title: props.Title, Author: props.Author}, Texts: props.Append(texts)}, nil
}

// load reads shared strings and cell styles.
func (x *xlsx) load(rels map[string]zipx.Rel) error {
	shared, styles := "xl/sharedStrings.xml", "xl/styles.xml"
	for _, r := range rels {
		switch r.Type {
		case "sharedStrings":
			shared = r.Target
		case "styles":
			styles = r.Target
		}
	}
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

// richText joins the runs of a string without its phonetic guide.
func richText(n *zipx.Node) string {
	var b strings.Builder
	n.Walk(func(k *zipx.Node) bool {
		switch k.Name {
		case "t":
			b.WriteString(unescape(k.Content()))
			return false
		case "rPh":
			return false
		}
		return true
	})
	return b.String()
}

// unescape turns _x000D_ and its like back into characters.
func unescape(s string) string {
	for i := 0; ; {
		j := strings.Index(s[i:], "_x")
		if j < 0 || i+j+7 > len(s) {
			return s
		}
		j += i
		if v, err := strconv.ParseUint(s[j+2:j+6], 16, 32); err == nil && s[j+6] == '_' {
			s = s[:j] + string(rune(v)) + s[j+7:]
		}
		i = j + 1
	}
}

func (x *xlsx) loadStyles(part string) {
	root, _ := x.f.Tree(part)
	if root == nil {
		return
	}
	custom := map[int]string{}
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "numFmt":
			custom[atoi(n.Get("numFmtId"), -1)] = n.Get("formatCode")
		case "cellXfs":
			for _, k := range n.Kids {
				if k.Name != "xf" {
					continue
				}
				id := atoi(k.Get("numFmtId"), 0)
				f, ok := custom[id]
				if !ok {
					f = numfmt.Builtin(id)
				}
				x.formats = append(x.formats, f)
			}
			return false
		case "dxfs", "cellStyleXfs", "fonts", "fills", "borders":
			return false
		}
		return true
	})
}

// sheet writes one sheet with what hangs on it.
func (x *xlsx) sheet(name string, r zipx.Rel) (string, error) {
	var out []string
	if name != "" {
		out = append(out, "# "+name)
	}
	rels := x.f.Rels(r.Target)
	if r.Type != "chartsheet" {
		t, extra, err := x.cells(r.Target)
		if err != nil && !errors.Is(err, errFull) && len(t) == 0 {
			return "", err
		}
		if md := t.markdown(); md != "" {
			out = append(out, md)
		}
		out = append(out, extra...)
	}
	out = append(out, x.attached(rels)...)
	return strings.Join(out, "\n\n"), nil
}

// maxColumns and maxCells bound the grid that is kept of a sheet.
const (
	maxColumns = 16384
	maxCells   = 4 << 20
)

// cells streams the rows; empty columns and rows between are not kept.
func (x *xlsx) cells(part string) (t table, extra []string, err error) {
	r, err := x.f.Reader(part)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	total := 0
	err = zipx.Each(struct{ io.Reader }{r}, "sheetData", func(n *zipx.Node) error {
		if n.Name != "row" {
			return nil
		}
		var row []string
		next := 0
		for _, c := range n.Kids {
			if c.Name != "c" {
				continue
			}
			col := column(c.Get("r"))
			if col < 0 {
				col = next
			}
			next = col + 1
			v := x.value(c)
			if v == "" || col >= maxColumns {
				continue
			}
			for len(row) < col {
				row = append(row, "")
			}
			row = append(row[:min(len(row), col)], v)
			total += col - len(row) + 2
			if x.text -= int64(len(v)); x.text < 0 || total > maxCells {
				return errFull
			}
		}
		if len(row) > 0 {
			t = append(t, row)
			total += len(row)
		}
		return nil
	})
	if f, err2 := x.furniture(part); err2 == nil {
		extra = f
	}
	return t.compact(), extra, err
}

// furniture reads header and footer texts of the printed sheet.
func (x *xlsx) furniture(part string) ([]string, error) {
	var out []string
	in := false
	err := x.f.XML(part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
				in = true
			}
		case xml.EndElement:
			in = false
		case xml.CharData:
			if in {
				if s := headerText(string(t)); s != "" && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
		return nil
	})
	return out, err
}

// headerText drops the codes of a printed header: &L &"font,bold" &12 &P.
func headerText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '&' || i+1 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; {
		case c == '&':
			b.WriteByte('&')
		case c == '"':
			if j := strings.IndexByte(s[i+1:], '"'); j >= 0 {
				i += j + 1
			}
		case c == 'K':
			i = min(i+6, len(s)-1)
		case c >= '0' && c <= '9':
			for i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
				i++
			}
		default:
			b.WriteByte(' ')
		}
	}
	s = strings.Join(strings.Fields(b.String()), " ")
	if strings.Trim(s, "0123456789 -/of") == "" || s == "Page" {
		return ""
	}
	return s
}

// column reads the letters of a cell reference: B7 → 1.
func column(ref string) int {
	c := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		l := ref[i] &^ 0x20
		if l < 'A' || l > 'Z' {
			break
		}
		c = c*26 + int(l-'A') + 1
	}
	return c - 1
}

// value shows one cell.
func (x *xlsx) value(c *zipx.Node) string {
	v := c.Child("v")
	raw := ""
	if v != nil {
		raw = strings.TrimSpace(v.Content())
	}
	switch c.Get("t") {
	case "s":
		if i := atoi(raw, -1); i >= 0 && i < len(x.shared) {
			return x.shared[i]
		}
		return ""
	case "inlineStr":
		if is := c.Child("is"); is != nil {
			return richText(is)
		}
		return raw
	case "str", "e", "d":
		return unescape(raw)
	case "b":
		if raw == "1" {
			return "TRUE"
		}
		return "FALSE"
	}
	if raw == "" {
		return ""
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	if s := atoi(c.Get("s"), 0); s > 0 && s < len(x.formats) {
		return numfmt.Format(f, x.formats[s], x.date1904)
	}
	return numfmt.General(f)
}

// attached gives text boxes, charts and comments of a sheet.
func (x *xlsx) attached(rels map[string]zipx.Rel) []string {
	var out []string
	ids := make([]string, 0, len(rels))
	for id := range rels {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		r := rels[id]
		if r.External {
			continue
		}
		switch r.Type {
		case "drawing":
			if s := drawingText(x.f, r.Target); s != "" {
				out = append(out, s)
			}
			sub := x.f.Rels(r.Target)
			keys := make([]string, 0, len(sub))
			for k := range sub {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				if d := sub[k]; !d.External && (d.Type == "chart" || d.Type == "diagramData") {
					if s := drawingText(x.f, d.Target); s != "" {
						out = append(out, s)
					}
				}
			}
		case "comments", "threadedComment":
			root, _ := x.f.Tree(r.Target)
			if root == nil {
				continue
			}
			root.Walk(func(n *zipx.Node) bool {
				if n.Name == "comment" || n.Name == "threadedComment" {
					if s := strings.TrimSpace(n.Content()); s != "" {
						out = append(out, "> "+s)
					}
					return false
				}
				return true
			})
		}
	}
	return out
}
