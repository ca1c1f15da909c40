package office

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/zipx"
)

type level struct {
	format, text string
	start        int
}

// numbering gives each numbered paragraph the mark Word would show.
type numbering struct {
	abstract map[string]map[int]level
	nums     map[string]string
	override map[string]map[int]level
	links    map[string]string // numStyleLink
	count    map[string]map[int]int
}

func loadNumbering(f *zipx.File, part string) *numbering {
	m := &numbering{abstract: map[string]map[int]level{}, nums: map[string]string{}, override: map[string]map[int]level{}, count: map[string]map[int]int{}}
	root, _ := f.Tree(part)
	if root == nil {
		return m
	}
	root.Walk(func(n *zipx.Node) bool {
		switch n.Name {
		case "abstractNum":
			m.abstract[n.Get("abstractNumId")] = levels(n)
			return false
		case "num":
			id := n.Get("numId")
			m.nums[id] = n.Val("abstractNumId")
			for _, o := range n.Kids {
				if o.Name != "lvlOverride" {
					continue
				}
				if m.override[id] == nil {
					m.override[id] = map[int]level{}
				}
				i := atoi(o.Get("ilvl"), 0)
				l, own := levels(o)[i]
				if !own {
					l = m.abstract[m.nums[id]][i]
				}
				if v := o.Val("startOverride"); v != "" {
					l.start = atoi(v, 1)
				}
				m.override[id][i] = l
			}
			return false
		}
		return true
	})
	return m
}

func levels(n *zipx.Node) map[int]level {
	out := map[int]level{}
	for _, k := range n.Kids {
		if k.Name == "lvl" {
			out[atoi(k.Get("ilvl"), 0)] = level{format: k.Val("numFmt"), text: k.Val("lvlText"), start: atoi(k.Val("start"), 1)}
		}
	}
	return out
}

func (m *numbering) level(num string, i int) (level, bool) {
	if l, ok := m.override[num][i]; ok {
		return l, true
	}
	l, ok := m.abstract[m.nums[num]][i]
	return l, ok
}

// next counts a paragraph and returns its mark; "-" for bullets, "" when it is not in a list.
func (m *numbering) next(num string, i int) string {
	if m == nil || num == "" || num == "0" || i < 0 || i > 8 {
		return ""
	}
	l, ok := m.level(num, i)
	if !ok {
		if _, known := m.nums[num]; known {
			return "-"
		}
		return ""
	}
	// Lists that share an abstract definition go on counting unless one restarts it.
	key := m.nums[num]
	if len(m.override[num]) > 0 {
		key = "num" + num
	}
	c := m.count[key]
	if c == nil {
		c = map[int]int{}
		m.count[key] = c
	}
	if _, ok := c[i]; !ok {
		c[i] = l.start
	} else {
		c[i]++
	}
	for j := range c {
		if j > i {
			delete(c, j)
		}
	}
	if l.format == "bullet" {
		return "-"
	}
	if l.format == "none" && l.text == "" {
		return ""
	}
	text := l.text
	for j := range 9 {
		p := "%" + strconv.Itoa(j+1)
		if !strings.Contains(text, p) {
			continue
		}
		lj, _ := m.level(num, j)
		v, ok := c[j]
		if !ok {
			v = lj.start
		}
		text = strings.ReplaceAll(text, p, ordinal(v, lj.format))
	}
	return strings.TrimSpace(text)
}

// ordinal writes n in a list format of Office.
func ordinal(n int, format string) string {
	switch format {
	case "lowerLetter":
		return letters(n, 'a')
	case "upperLetter":
		return letters(n, 'A')
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperRoman":
		return roman(n)
	case "decimalZero":
		return fmt.Sprintf("%02d", n)
	case "none":
		return ""
	}
	return strconv.Itoa(n)
}

func letters(n int, base rune) string {
	if n < 1 || n > 26*50 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(base+rune((n-1)%26)), (n-1)/26+1)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, p := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= p.v {
			b.WriteString(p.s)
			n -= p.v
		}
	}
	return b.String()
}
