package office

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/ordinal"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

// loadNumbering reads the definitions of lists of a Word file.
func loadNumbering(f *zipx.File, part string) *ordinal.Lists {
	m := ordinal.NewLists()
	root, _ := f.Tree(part)
	if root == nil {
		return m
	}
	links := map[string]string{}   // definitions that only name a style → the style
	byStyle := map[string]string{} // style → the definition that holds its levels
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "abstractNum":
			id := n.Get("abstractNumId")
			m.Abstract[id] = levels(n)
			if s := n.Val("numStyleLink"); s != "" {
				links[id] = s
			}
			if s := n.Val("styleLink"); s != "" {
				byStyle[s] = id
			}
			return false
		case "num":
			loadNum(m, n)
			return false
		}
		return true
	})
	for num, id := range m.Nums {
		if s, ok := links[id]; ok && byStyle[s] != "" {
			m.Nums[num] = byStyle[s]
		}
	}
	return m
}

func loadNum(m *ordinal.Lists, n *zipx.Node) {
	id := n.Get("numId")
	m.Nums[id] = n.Val("abstractNumId")
	for _, o := range n.Kids {
		if o.Name != "lvlOverride" {
			continue
		}
		i := atoi(o.Get("ilvl"), 0)
		if l, own := levels(o)[i]; own {
			m.Define(id, i, l)
		}
		if v := o.Val("startOverride"); v != "" {
			m.RestartAt(id, i, atoi(v, 1))
		}
	}
}

func levels(n *zipx.Node) map[int]ordinal.Level {
	out := map[int]ordinal.Level{}
	for _, k := range n.Kids {
		if k.Name != "lvl" {
			continue
		}
		l := ordinal.Level{Format: k.Val("numFmt"), Text: k.Val("lvlText"), Start: atoi(k.Val("start"), 0), Restart: atoi(k.Val("lvlRestart"), -1)}
		if lg := k.Child("isLgl"); lg != nil && lg.Get("val") != "0" && lg.Get("val") != "false" {
			l.Legal = true
		}
		out[atoi(k.Get("ilvl"), 0)] = l
	}
	return out
}
