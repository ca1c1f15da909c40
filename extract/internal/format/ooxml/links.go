package ooxml

import (
	"maps"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// links collects where words of a document lead.
type links struct {
	by    map[string]string // targets by the ids of the part that is read
	found doc.Info
}

// add notes a link by its id. A nil value notes nothing.
func (l *links) add(text, id string) {
	if l == nil {
		return
	}
	if target, ok := l.by[id]; ok {
		l.found.Link(text, target)
	}
}

// hyperlinkField finds the target in the instruction of a field; one with a switch before it leads to a place in the document.
var hyperlinkField = pattern.Lazily(`^\s*HYPERLINK\s+"([^"]{1,600})"`)

// field notes the link of a field by its instruction.
func (l *links) field(text, instruction string) {
	if l == nil {
		return
	}
	if m := hyperlinkField.FindStringSubmatch(instruction); m != nil {
		l.found.Link(text, m[1])
	}
}

// sheet notes the links of a sheet, whose cells are not looked up.
func (l *links) sheet(f *zipx.File, part string) {
	l.by = f.Links(part)
	for _, id := range slices.Sorted(maps.Keys(l.by)) {
		l.add("", id)
	}
}

// shapes notes the links of the words of shapes.
func (l *links) shapes(root *zipx.Node) {
	root.Walk(func(n *zipx.Node) bool {
		if n.Name != "r" {
			return n.Name != "Fallback"
		}
		if click, t := n.Child("rPr", "hlinkClick"), n.Child("t"); click != nil && t != nil {
			l.add(t.Content(), click.Get("id"))
		}
		return false
	})
}
