package ooxml

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxSeries bounds the series of a chart, of which Office shows 255.
const maxSeries = 1000

// points are the values that a chart keeps of a range of cells, as they are shown, by their place in it.
type points map[int]string

// series is a row of values of a chart, under its name; what it is shown over are several columns where categories have groups.
type series struct {
	name   string
	over   []points
	values []points
}

// chartText is what a chart says: its titles, its values as a table as its workbook would show it, and the labels that somebody wrote.
func chartText(space *zipx.Node) string {
	var all []series
	if data := space.Child("chartData"); data != nil {
		all = extendedSeries(space, data)
	} else if plot := space.Child("chart", "plotArea"); plot != nil {
		for _, kind := range plot.Kids {
			for _, ser := range kind.Kids {
				if ser.Name == "ser" && len(all) < maxSeries {
					all = append(all, seriesOf(ser))
				}
			}
		}
	}
	out := chartWords(space, false)
	out = append(out, chartTables(all)...)
	return strings.Join(append(out, chartWords(space, true)...), "\n")
}

// chartWords are the titles of a chart and its axes, or the labels at its points.
func chartWords(space *zipx.Node, labels bool) []string {
	var out []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	var walk func(n *zipx.Node, in bool, depth int)
	walk = func(n *zipx.Node, in bool, depth int) {
		for _, k := range n.Kids {
			switch {
			case k.Name == "chartData" || k.Name == "extLst" || depth > 40:
			case k.Name == "p" && in == labels:
				add(shapeParagraph(k))
			case k.Name == "txData" && !labels && n.Name == "tx" && !in: // of an extended chart's title, without letters of their own
				if v := k.Child("v"); v != nil {
					add(v.Content())
				}
			default:
				walk(k, in || k.Name == "ser" || k.Name == "series", depth+1)
			}
		}
	}
	walk(space, false, 0)
	return slices.Compact(out)
}

// chartTables writes series that are shown over the same categories as one table, and each other one as a table of its own.
func chartTables(all []series) []string {
	var out []string
	for len(all) > 0 {
		n := 1
		for n < len(all) && sameOver(all[0].over, all[n].over) {
			n++
		}
		cells := flow.Cells{}
		col := 0
		put := func(name string, columns []points) {
			for i, p := range columns {
				if i == 0 {
					cells.Put(-1, col, name)
				}
				for at, v := range p {
					cells.Put(at, col, v)
				}
				col++
			}
		}
		put("", all[0].over)
		for _, s := range all[:n] {
			put(s.name, s.values)
		}
		if s := flow.Grid(cells); s != "" {
			out = append(out, s)
		}
		all = all[n:]
	}
	return out
}

// sameOver is whether b has the categories of a; a series without any has those of the one before.
func sameOver(a, b []points) bool { return len(b) == 0 || slices.EqualFunc(a, b, maps.Equal) }

// seriesOf reads a series of a chart of Office 2007.
func seriesOf(ser *zipx.Node) series {
	var s series
	if tx := ser.Child("tx"); tx != nil {
		for _, p := range cached(tx) {
			s.name = joined(p)
		}
		if v := tx.Child("v"); v != nil {
			s.name = strings.TrimSpace(v.Content())
		}
	}
	for _, name := range []string{"cat", "xVal"} {
		if k := ser.Child(name); k != nil {
			s.over = append(s.over, cached(k)...)
		}
	}
	for _, name := range []string{"yVal", "val", "bubbleSize"} {
		if k := ser.Child(name); k != nil {
			s.values = append(s.values, cached(k)...)
		}
	}
	if ext := ser.Child("extLst"); ext != nil { // cells from which the labels of the points are taken
		ext.Walk(func(n *zipx.Node) bool {
			if n.Name == "dlblRangeCache" {
				s.values = append(s.values, cachedPoints(n, ""))
			}
			return n.Name != "dlblRangeCache"
		})
	}
	return s
}

// joined is the name of a series, which may come from several cells.
func joined(p points) string {
	var parts []string
	for _, at := range slices.Sorted(maps.Keys(p)) {
		parts = append(parts, p[at])
	}
	return strings.Join(parts, " ")
}

// cached gives the values below n, one column for each level of grouped categories, the widest group first.
func cached(n *zipx.Node) []points {
	var out []points
	n.Walk(func(k *zipx.Node) bool {
		switch k.Name {
		case "strCache", "numCache", "strLit", "numLit":
			code := ""
			if c := k.Child("formatCode"); c != nil {
				code = c.Content()
			}
			out = append(out, cachedPoints(k, code))
			return false
		case "lvl":
			out = slices.Insert(out, 0, cachedPoints(k, ""))
			return false
		}
		return k.Name != "extLst"
	})
	return out
}

// cachedPoints reads the points that are kids of n; code is the format of their numbers, "" for words.
func cachedPoints(n *zipx.Node, code string) points {
	out := points{}
	for _, k := range n.Kids {
		if k.Name != "pt" {
			continue
		}
		v := k
		if in := k.Child("v"); in != nil { // a chart of Office 2016 has them without
			v = in
		}
		text := strings.TrimSpace(v.Content())
		if f := cmp.Or(k.Get("formatCode"), code); f != "" {
			if x, err := strconv.ParseFloat(text, 64); err == nil {
				text = numfmt.Format(x, f, false)
			}
		}
		if text != "" {
			out[zipx.Atoi(k.Get("idx"), len(out))] = text
		}
	}
	return out
}

// extendedSeries reads the series of a chart of Office 2016, whose values stand apart from it.
func extendedSeries(space, data *zipx.Node) []series {
	kept := map[string]series{}
	for _, d := range data.Kids {
		if d.Name != "data" || len(kept) >= maxSeries {
			continue
		}
		var s series
		for _, dim := range d.Kids {
			var columns []points
			for _, lvl := range dim.Kids {
				if lvl.Name == "lvl" {
					columns = slices.Insert(columns, 0, cachedPoints(lvl, lvl.Get("formatCode")))
				}
			}
			switch dim.Name {
			case "strDim":
				s.over = append(s.over, columns...)
			case "numDim":
				s.values = append(s.values, columns...)
			}
		}
		kept[d.Get("id")] = s
	}
	var out []series
	space.Walk(func(n *zipx.Node) bool {
		if n.Name != "series" {
			return n.Name != "chartData"
		}
		if s, ok := kept[n.Val("dataId")]; ok && len(out) < maxSeries {
			if v := n.Child("tx", "txData", "v"); v != nil {
				s.name = strings.TrimSpace(v.Content())
			}
			out = append(out, s)
		}
		return false
	})
	return out
}
