package ooxml

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxLevels bounds how deep the points of a diagram hang below each other.
const maxLevels = 40

// diagramText writes the points of a diagram (SmartArt) as they hang together: those below another one as a list under it. The file keeps them
// in the order in which somebody made them.
func diagramText(model *zipx.Node) string {
	list, links := model.Child("ptLst"), model.Child("cxnLst")
	if list == nil {
		return ""
	}
	texts := map[string]string{}
	var ids []string
	root := ""
	for _, pt := range list.Kids {
		id := pt.Get("modelId")
		if pt.Name != "pt" {
			continue
		}
		if pt.Get("type") == "doc" {
			root = id
			continue
		}
		if t := pt.Child("t"); t != nil {
			if s := shapeText(t); s != "" && texts[id] == "" {
				texts[id] = s
				ids = append(ids, id)
			}
		}
	}
	type child struct {
		order int
		id    string
	}
	below := map[string][]child{}
	if links != nil {
		for _, c := range links.Kids {
			if kind := c.Get("type"); c.Name == "cxn" && (kind == "" || kind == "parOf") {
				from := c.Get("srcId")
				below[from] = append(below[from], child{zipx.Atoi(c.Get("srcOrd"), 0), c.Get("destId")})
			}
		}
	}
	var out []string
	seen := map[string]bool{root: true}
	var walk func(id string, level int)
	walk = func(id string, level int) {
		kids := below[id]
		slices.SortStableFunc(kids, func(a, b child) int { return cmp.Compare(a.order, b.order) })
		for _, k := range kids {
			if seen[k.id] || level > maxLevels {
				continue
			}
			seen[k.id] = true
			if s := texts[k.id]; s != "" {
				out = append(out, listed(s, level))
			}
			walk(k.id, level+1)
		}
	}
	walk(root, 0)
	for _, id := range ids { // words on arrows, and points that hang nowhere
		if !seen[id] {
			out = append(out, texts[id])
		}
	}
	return strings.Join(out, "\n")
}

// listed indents text as the item of a list at a level; the highest stands without a mark.
func listed(s string, level int) string {
	if level <= 0 {
		return s
	}
	return strings.Repeat("  ", min(level, 8)) + "- " + s
}
