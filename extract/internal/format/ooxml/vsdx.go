package ooxml

import (
	"path"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/props"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// OpenVSDX reads a Visio drawing: the texts of the shapes, one page a page.
func OpenVSDX(f *zipx.File, main string, lim doc.Limits) (doc.Source, error) {
	list := f.Rels(main).Part("pages", "")
	type page struct{ name, part string }
	var found []page
	rels := f.Rels(list)
	_ = zipx.WalkPart(f, list, func(n *zipx.Node) {
		if n.Name != "Page" {
			return
		}
		id := ""
		if r := n.Child("Rel"); r != nil {
			id = relID(r)
		}
		if r, ok := rels[id]; ok && len(found) < lim.MaxPages {
			found = append(found, page{n.Get("Name"), r.Target})
		}
	})
	if len(found) == 0 {
		for _, n := range f.Names() {
			if ok, _ := path.Match("visio/pages/page*.xml", n); ok && n != "visio/pages/pages.xml" && len(found) < lim.MaxPages {
				found = append(found, page{"", n})
			}
		}
	}
	var texts []string
	for _, p := range found {
		root, err := f.Tree(p.part)
		var out []string
		if p.name != "" && !strings.HasPrefix(p.name, "Page-") {
			out = append(out, "# "+p.name)
		}
		var shapes []string
		if root != nil {
			shapes = shapeTexts(root)
		}
		if zipx.IsBudget(err) && len(texts)+len(shapes) == 0 {
			return nil, zipx.OpenFail("Visio", err)
		}
		out = append(out, shapes...)
		texts = append(texts, strings.Join(out, "\n\n"))
	}
	if len(texts) == 0 {
		return nil, doc.Failf(doc.CodeNoPages, nil, "The drawing has no pages; open it in its program, save it again and upload the new copy.")
	}
	return flow.Static(f, "vsdx", "application/vnd.ms-visio.drawing", props.OfPackage(f), texts, nil), nil
}

// shapeTexts gives the text of each shape, once when neighbours repeat it.
func shapeTexts(root *zipx.Node) []string {
	var out []string
	root.Walk(func(n *zipx.Node) bool {
		if n.Name != "Text" {
			return true
		}
		if s := strings.TrimSpace(strings.ReplaceAll(n.Content(), "\u2028", "\n")); s != "" {
			out = append(out, s)
		}
		return false
	})
	return slices.Compact(out)
}
