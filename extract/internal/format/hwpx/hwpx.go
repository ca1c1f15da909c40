// Package hwpx reads documents of Hancom's word processor in the format OWPML (KS X 6101).
package hwpx

import (
	"path"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// MIME is the type that a document's mimetype part states.
const MIME = "application/hwp+zip"

// maxDepth bounds tables in cells of tables.
const maxDepth = 20

type reader struct {
	out   flow.Pager
	depth int
}

// Open reads a document section by section. It refuses one by a *doc.Fail: damaged, encrypted, without text, or unpacking to more
// than the limits.
func Open(f *zipx.File) (doc.Source, error) {
	if encrypted(f) {
		return nil, doc.Encrypted("Hancom (HWPX)")
	}
	var r reader
	var cause error
	lost := false
	for _, name := range sections(f) {
		some, err := r.section(f, name)
		if zipx.IsBudget(err) {
			return nil, zipx.OpenFail("Hancom (HWPX)", err)
		}
		if !some {
			cause, lost = err, true
		}
	}
	texts := r.out.Done()
	if len(texts) == 0 && lost {
		return nil, zipx.OpenFail("Hancom (HWPX)", cause)
	}
	return flow.Static(f, "hwpx", MIME, properties(f), texts, &flow.Pictures{}), nil
}

// section writes a part block by block, and says whether there is anything in it.
func (r *reader) section(f *zipx.File, name string) (some bool, err error) {
	part, err := f.Reader(name)
	if err != nil {
		return false, err
	}
	defer part.Close()
	root, err := zipx.EachOf(part, func(stack []*zipx.Node) bool { return len(stack) == 2 }, func(n *zipx.Node) error {
		r.blocks(&zipx.Node{Kids: []*zipx.Node{{Kids: []*zipx.Node{n}, Name: "sec"}}})
		return nil
	})
	return len(root.Kids) > 0, err
}

// sections are the parts with text, in the order of their numbers.
func sections(f *zipx.File) []string {
	var out []string
	for _, n := range f.Names() {
		if base := path.Base(strings.ToLower(n)); strings.HasPrefix(base, "section") && strings.HasSuffix(base, ".xml") {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, flow.Natural)
	return out
}

func encrypted(f *zipx.File) bool {
	found := false
	_ = zipx.WalkPart(f, "META-INF/manifest.xml", func(n *zipx.Node) { found = found || n.Name == "encryption-data" })
	return found
}

func properties(f *zipx.File) props.Props {
	var p props.Props
	root, _ := f.Tree("Contents/content.hpf")
	if root == nil {
		return p
	}
	root.Walk(func(n *zipx.Node) bool {
		v := strings.TrimSpace(n.Content())
		switch {
		case n.Name == "title":
			p.Title = v
		case n.Name == "meta" && n.Get("name") == "creator":
			p.Author = v
		case n.Name == "meta" && n.Get("name") == "subject":
			p.Subject = v
		case n.Name == "meta" && n.Get("name") == "keyword":
			p.Keywords = v
		}
		return true
	})
	return p
}

// blocks writes paragraphs and the tables, boxes and notes that hang on them.
func (r *reader) blocks(n *zipx.Node) {
	if r.depth++; r.depth < maxDepth*3 {
		for _, k := range n.Kids {
			switch k.Name {
			case "p":
				r.paragraph(k)
			case "tbl":
				r.table(k)
			case "":
			default:
				r.blocks(k)
			}
		}
	}
	r.depth--
}

func (r *reader) paragraph(p *zipx.Node) {
	var b strings.Builder
	var after []*zipx.Node
	p.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "t":
			text(&b, n)
			return false
		case "tbl", "subList", "drawText":
			after = append(after, n)
			return false
		case "linesegarray", "secPr", "shapeComment":
			return false
		case "script": // of an equation
			b.WriteString(" " + strings.TrimSpace(n.Content()) + " ")
			return false
		}
		return true
	})
	if p.Get("pageBreak") == "1" {
		r.out.Cut()
	}
	r.out.Add(flow.Collapse(b.String()), "\n\n")
	for _, n := range after {
		if n.Name == "tbl" {
			r.table(n)
		} else {
			r.blocks(n)
		}
	}
}

// text is a run: words with tabs and line ends as elements between them.
func text(b *strings.Builder, t *zipx.Node) {
	for _, k := range t.Kids {
		switch k.Name {
		case "":
			b.WriteString(k.Text)
		case "tab":
			b.WriteByte('\t')
		case "lineBreak":
			b.WriteByte('\n')
		case "nbSpace", "fwSpace":
			b.WriteByte(' ')
		case "hyphen":
			b.WriteByte('-')
		default: // text that was inserted or marked
			if k.Name != "deleteBegin" {
				text(b, k)
			}
		}
	}
}

func (r *reader) table(n *zipx.Node) {
	var t flow.Table
	size := 0
	for _, tr := range n.Kids {
		if tr.Name != "tr" || r.depth > maxDepth {
			continue
		}
		var row []string
		for _, tc := range tr.Kids {
			if tc.Name != "tc" {
				continue
			}
			cell := reader{depth: r.depth + 1}
			cell.out.Hard = true
			cell.blocks(tc)
			row = append(row, strings.Join(cell.out.Done(), "\n"))
		}
		if size += len(row); size > flow.MaxCells {
			break
		}
		t = append(t, row)
	}
	r.out.Table(t)
}
