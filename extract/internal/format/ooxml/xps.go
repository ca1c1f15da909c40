package ooxml

import (
	"encoding/xml"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// OpenXPS reads printed pages in XML: the runs of letters in the order in which they are drawn.
func OpenXPS(f *zipx.File, lim doc.Limits) (doc.Source, error) {
	var texts []string
	for _, p := range fixedPages(f) {
		if len(texts) >= lim.MaxPages {
			break
		}
		t, err := fixedPage(f, p, lim.MaxText)
		if err != nil && zipx.IsBudget(err) && len(texts) == 0 {
			return nil, zipx.OpenFail("XPS", err)
		}
		texts = append(texts, t)
	}
	if len(texts) == 0 {
		return nil, doc.Failf(doc.CodeNoPages, nil, "The XPS file has no pages; open it in its program, save it again and upload the new copy.")
	}
	return flow.Static(f, "xps", "application/vnd.ms-xpsdocument", props.OfPackage(f), texts, nil), nil
}

// fixedPages lists the pages in the order of the documents that name them, else of the container.
func fixedPages(f *zipx.File) []string {
	var out []string
	seen := map[string]bool{}
	add := func(base, target string) {
		if !strings.HasPrefix(target, "/") {
			target = path.Join(path.Dir(base), target)
		}
		if target = strings.TrimPrefix(target, "/"); f.Has(target) && !seen[target] {
			seen[target] = true
			out = append(out, target)
		}
	}
	for _, n := range f.Names() {
		if strings.HasSuffix(n, ".fdoc") {
			_ = zipx.WalkPart(f, n, func(k *zipx.Node) {
				if k.Name == "PageContent" {
					add(n, k.Get("Source"))
				}
			})
		}
	}
	if len(out) == 0 {
		for _, n := range f.Names() {
			if strings.HasSuffix(n, ".fpage") {
				add("/", n)
			}
		}
	}
	return out
}

// fixedPage joins the runs of a page: those at the same height are one line.
func fixedPage(f *zipx.File, part string, limit int) (string, error) {
	var b strings.Builder
	x, y, em := 0.0, math.Inf(-1), 0.0
	err := f.XML(part, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Glyphs" {
			return nil
		}
		s := strings.TrimPrefix(zipx.Attr(e, "UnicodeString"), "{}")
		if s == "" || b.Len() > limit {
			return nil
		}
		num := func(name string) float64 { v, _ := strconv.ParseFloat(zipx.Attr(e, name), 64); return v }
		nx, ny, size := num("OriginX"), num("OriginY"), num("FontRenderingEmSize")
		switch dy := math.Abs(ny - y); {
		case b.Len() == 0:
		case dy > 2*max(size, em) && !math.IsInf(y, 0):
			b.WriteString("\n\n")
		case dy > 0.6*max(size, em):
			b.WriteByte('\n')
		case nx > x+0.15*size || nx < x-size:
			b.WriteByte(' ')
		}
		b.WriteString(s)
		// Half an em a letter is about right; a wrong space inside a word would hurt more than one too few.
		x, y, em = nx+0.5*size*float64(len([]rune(s))), ny, size
		return nil
	})
	return strings.TrimSpace(b.String()), err
}
