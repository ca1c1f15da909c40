package ooxml

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxLists is how many lists of a document and how many definitions of them are kept; Word stops at some two thousand definitions.
const maxLists = 1 << 16

// loadNumbering reads the definitions of lists of a Word file.
func loadNumbering(f *zipx.File, part string) *numbering.Lists {
	m := numbering.NewLists()
	links := map[string]string{}   // definitions that only name a style → the style
	byStyle := map[string]string{} // style → the definition that holds its levels
	_ = f.Each(part, func(n *zipx.Node) error {
		switch n.Name {
		case "abstractNum":
			if len(m.Abstract) >= maxLists {
				return nil
			}
			id := n.Get("abstractNumId")
			m.Abstract[id] = levels(n)
			if s := n.Val("numStyleLink"); s != "" {
				links[id] = s
			}
			if s := n.Val("styleLink"); s != "" {
				byStyle[s] = id
			}
		case "num":
			if len(m.Nums) < maxLists {
				loadNum(m, n)
			}
		}
		return nil
	})
	for num, id := range m.Nums {
		if s, ok := links[id]; ok && byStyle[s] != "" {
			m.Nums[num] = byStyle[s]
		}
	}
	return m
}

func loadNum(m *numbering.Lists, n *zipx.Node) {
	id := n.Get("numId")
	m.Nums[id] = n.Val("abstractNumId")
	for _, o := range n.Kids {
		if o.Name != "lvlOverride" {
			continue
		}
		i := zipx.Atoi(o.Get("ilvl"), 0)
		if i < 0 || i >= numbering.Levels {
			continue
		}
		if l, own := levels(o)[i]; own {
			m.Define(id, i, l)
		}
		if v := o.Val("startOverride"); v != "" {
			m.RestartAt(id, i, zipx.Atoi(v, 1))
		}
	}
}

func levels(n *zipx.Node) map[int]numbering.Level {
	out := map[int]numbering.Level{}
	for _, k := range n.Kids {
		if k.Name != "lvl" {
			continue
		}
		l := numbering.Level{Format: k.Val("numFmt"), Text: k.Val("lvlText"), Start: zipx.Atoi(k.Val("start"), 0), Restart: zipx.Atoi(k.Val("lvlRestart"), -1)}
		if lg := k.Child("isLgl"); lg != nil && lg.Get("val") != "0" && lg.Get("val") != "false" {
			l.Legal = true
		}
		if i := zipx.Atoi(k.Get("ilvl"), 0); i >= 0 && i < numbering.Levels {
			out[i] = l
		}
	}
	return out
}
