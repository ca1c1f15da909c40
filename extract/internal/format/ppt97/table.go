package ppt97

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// Records of drawings ([MS-ODRAW] 2.2). A table is a group of shapes, of which each is a cell or a line between cells.
const (
	odGroup       = 0xf003
	odShape       = 0xf004
	odChildAnchor = 0xf00f
	odMore        = 0xf122 // further properties of a shape
	// odTable is the property that says, by its lowest bit, that a group is a table.
	odTable = 0x39f
)

// isTable says that a group of shapes is a table: its first shape is that of the group itself.
func isTable(group []byte) bool {
	found, first := false, true
	records(group, func(r record) {
		if !first || r.kind != odShape {
			return
		}
		first = false
		records(r.body, func(p record) {
			if p.kind != odMore {
				return
			}
			for i := 0; i < p.inst && 6*i+6 <= len(p.body); i++ {
				found = found || le.U16(p.body, 6*i)&0x3fff == odTable && p.body[6*i+2]&1 != 0
			}
		})
	})
	return found
}

// tableText writes the cells of a table as its rows, by where they stand, and behind it what else is in the group.
func tableText(group []byte, depth int, found func(string)) {
	type cell struct {
		left, top int
		text      string
	}
	var cells []cell
	var rest []string
	records(group, func(r record) {
		if !r.container {
			return
		}
		at := []byte(nil)
		if r.kind == odShape {
			records(r.body, func(a record) {
				if a.kind == odChildAnchor && len(a.body) >= 16 {
					at = a.body
				}
			})
		}
		var texts []string
		eachText(r.body, depth+1, func(s string) { texts = append(texts, s) })
		if at == nil {
			rest = append(rest, texts...)
		} else if s := strings.TrimSpace(strings.Join(texts, "\n")); s != "" {
			cells = append(cells, cell{int(int32(le.U32(at, 0))), int(int32(le.U32(at, 4))), s})
		}
	})
	var lefts, tops []int
	for _, c := range cells {
		lefts, tops = append(lefts, c.left), append(tops, c.top)
	}
	slices.Sort(lefts)
	slices.Sort(tops)
	lefts, tops = slices.Compact(lefts), slices.Compact(tops)
	grid := flow.Cells{}
	for _, c := range cells {
		row, _ := slices.BinarySearch(tops, c.top)
		col, _ := slices.BinarySearch(lefts, c.left)
		grid.Put(row, col, c.text)
	}
	if s := flow.Grid(grid); s != "" {
		found(s)
	}
	for _, s := range rest {
		found(s)
	}
}
