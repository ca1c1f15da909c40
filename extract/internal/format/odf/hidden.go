package odf

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// What nobody sees who opens or prints a document is not read (docs/adr/0048-what-is-hidden-or-deleted.md).

// shows are what styles say of whether their words, or a sheet, are shown, by family and name.
type shows map[string]show

type show struct{ display, parent string }

// maxShows bounds the styles that are kept.
const maxShows = 1 << 16

// load notes the styles of a part.
func (s shows) load(root *zipx.Node) {
	root.Walk(func(n *zipx.Node) bool {
		if n.Name != "style" {
			return n.Name != "body"
		}
		var one show
		for _, k := range n.Kids {
			if k.Name == "text-properties" || k.Name == "table-properties" {
				one.display = k.Get("display")
			}
		}
		family := n.Get("family")
		if p := n.Get("parent-style-name"); p != "" {
			one.parent = family + "/" + p
		}
		if one != (show{}) && len(s) < maxShows {
			s[family+"/"+n.Get("name")] = one
		}
		return false
	})
}

// hides says whether a style hides what has it, where it or one that it is based on says so; before is what holds where none does.
func (s shows) hides(family, name string, before bool) bool {
	key := family + "/" + name
	for range 12 {
		one, ok := s[key]
		if !ok {
			break
		}
		if one.display != "" {
			return one.display == "none" || one.display == "false"
		}
		key = one.parent
	}
	return before
}

// unseen says that a section, a shape or a field is hidden by itself.
func unseen(n *zipx.Node) bool {
	switch n.Get("display") {
	case "none":
		return true
	case "condition":
		return n.Get("is-hidden") == "true"
	}
	return false
}

// hiddenParagraph says that a paragraph holds a field that hides all of it.
func hiddenParagraph(n *zipx.Node) bool {
	for _, k := range n.Kids {
		if k.Name == "hidden-paragraph" && k.Get("is-hidden") == "true" {
			return true
		}
	}
	return false
}

// hiddenColumns are the columns of a sheet that are not shown, as ranges from the first to behind the last. Those that are folded up or filtered
// count as shown: a reader sees that there are some, and one click opens them.
func hiddenColumns(table *zipx.Node) (out flow.Ranges) {
	at := 0
	var walk func(n *zipx.Node, depth int)
	walk = func(n *zipx.Node, depth int) {
		for _, k := range n.Kids {
			switch k.Name {
			case "table-column":
				n := repeated(k, "number-columns-repeated")
				if k.Get("visibility") == "collapse" {
					out.Add(at, at+n)
				}
				at = min(at+n, maxPlace)
			case "table-header-columns", "table-columns":
				if depth < 20 {
					walk(k, depth+1)
				}
			case "table-column-group":
				k.Walk(func(c *zipx.Node) bool {
					if c.Name == "table-column" {
						at = min(at+repeated(c, "number-columns-repeated"), maxPlace)
					}
					return true
				})
			}
		}
	}
	walk(table, 0)
	return out
}
