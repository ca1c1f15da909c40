package odf

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

type odfList struct {
	style string
	n     int
}

type odfLevel struct {
	bullet         bool
	start          int
	format         string
	prefix, suffix string
}

func (o *odf) loadLists(root *zipx.Node) {
	root.Walk(func(n *zipx.Node) bool {
		if n.Name != "list-style" {
			return true
		}
		m := map[int]odfLevel{}
		for _, l := range n.Kids {
			if !strings.HasPrefix(l.Name, "list-level-style-") {
				continue // white space between them, where the file is laid out for people
			}
			m[zipx.Atoi(l.Get("level"), 1)] = odfLevel{start: zipx.Atoi(l.Get("start-value"), 1), bullet: l.Name == "list-level-style-bullet", format: l.Get("num-format"), prefix: l.Get("num-prefix"), suffix: l.Get("num-suffix")}
		}
		o.fmts[n.Get("name")] = m
		return false
	})
}

func (o *odf) list(n *zipx.Node) {
	style := n.Get("style-name")
	if style == "" && len(o.lists) > 0 {
		style = o.lists[len(o.lists)-1].style
	}
	if len(o.lists) > 20 {
		return
	}
	o.lists = append(o.lists, odfList{style: style, n: o.begin(n, style, len(o.lists)+1)})
	defer func() { o.lists = o.lists[:len(o.lists)-1] }()
	level := len(o.lists)
	def := o.fmts[style][level]
	for _, item := range n.Kids {
		if item.Name != "list-item" && item.Name != "list-header" {
			continue
		}
		l := &o.lists[level-1]
		l.n++
		if v := item.Get("start-value"); v != "" {
			l.n = zipx.Atoi(v, l.n)
		}
		o.ends[listKey{style, level}] = l.n
		if id := n.Get("id"); id != "" && level == 1 {
			o.ids[id] = l.n
		}
		mark := "- "
		if !def.bullet && def.format != "" {
			mark = def.prefix + numbering.Text(l.n, odfFormat(def.format)) + def.suffix + " "
		}
		first := item.Name == "list-item"
		for _, k := range item.Kids {
			switch {
			case k.Name == "p" || k.Name == "h":
				pre := strings.Repeat("  ", level-1)
				if first {
					pre += mark
				}
				first = false
				o.para(pre, k, true)
			default:
				o.block(k)
			}
		}
	}
}

// listKey names where lists of one style go on counting.
type listKey struct {
	style string
	level int
}

// begin says after which number a list starts: a list that goes on takes up where another ended.
func (o *odf) begin(n *zipx.Node, style string, level int) int {
	if id := n.Get("continue-list"); id != "" {
		if v, ok := o.ids[id]; ok {
			return v
		}
	}
	if n.Get("continue-numbering") == "true" {
		return o.ends[listKey{style, level}]
	}
	return max(o.fmts[style][level].start, 1) - 1
}

func odfFormat(f string) string {
	switch f {
	case "a":
		return "lowerLetter"
	case "A":
		return "upperLetter"
	case "i":
		return "lowerRoman"
	case "I":
		return "upperRoman"
	}
	return "decimal"
}
