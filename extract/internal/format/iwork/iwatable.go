package iwork

import (
	"maps"
	"math"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
)

// maxIWACells bounds the cells of one table and the strings of one list.
const maxIWACells = 1 << 20

// table shows a table by its model, whose store names the tiles with the rows and the lists with the strings.
func (f *iwaFile) table(model []byte) string {
	name := ""
	var store []byte
	fields(model, func(num protowire.Number, _ uint64, data []byte) {
		switch num {
		case 4:
			store = data
		case 8:
			name = string(data)
		}
	})
	var tiles []uint64
	strs, rich := map[uint64]string{}, map[uint64]string{}
	fields(store, func(num protowire.Number, _ uint64, data []byte) {
		switch num {
		case 3:
			fields(data, func(num protowire.Number, _ uint64, tile []byte) {
				if num == 1 && tile != nil {
					fields(tile, func(num protowire.Number, _ uint64, ref []byte) {
						if num == 2 {
							tiles = append(tiles, reference(ref))
						}
					})
				}
			})
		case 4:
			strs = f.list(reference(data))
		case 17:
			rich = f.list(reference(data))
		}
	})
	g := iwaGrid{rows: flow.Cells{}, strs: strs, rich: rich}
	for i, t := range tiles {
		g.tile(f.object(t, iwaTile), 256*i)
	}
	text := flow.Grid(g.rows)
	if text == "" { // the cells are stored in the way of 2013
		text = inOrder(strs)
	}
	if text != "" && name != "" && !strings.HasPrefix(name, "Table ") {
		text = name + "\n\n" + text
	}
	return text
}

// inOrder gives the strings of a list, a line each, in the order in which they were typed.
func inOrder(strs map[uint64]string) string {
	keys := slices.Sorted(maps.Keys(strs))
	lines := make([]string, len(keys))
	for i, k := range keys {
		lines[i] = strings.TrimSpace(strs[k])
	}
	return strings.Join(lines, "\n")
}

func reference(b []byte) uint64 {
	id := uint64(0)
	fields(b, func(num protowire.Number, v uint64, _ []byte) {
		if num == 1 {
			id = v
		}
	})
	return id
}

// list gives the strings of a data list by their keys; formatted ones are texts of their own.
func (f *iwaFile) list(id uint64) map[uint64]string {
	out := map[uint64]string{}
	fields(f.object(id, iwaDataList), func(num protowire.Number, _ uint64, entry []byte) {
		if num != 3 || entry == nil || len(out) > maxIWACells {
			return
		}
		key, s := uint64(0), ""
		fields(entry, func(num protowire.Number, v uint64, data []byte) {
			switch num {
			case 1:
				key = v
			case 3:
				s = string(data)
			case 9:
				s = f.payload(reference(data))
			}
		})
		out[key] = s
	})
	return out
}

// payload is the text that a formatted cell refers to.
func (f *iwaFile) payload(id uint64) string {
	text := ""
	fields(f.objects[id].data, func(num protowire.Number, _ uint64, data []byte) {
		if num == 1 && data != nil && text == "" {
			text = iwaText(f.object(reference(data), iwaStorage))
		}
	})
	return text
}

// iwaGrid collects the cells of a table.
type iwaGrid struct {
	rows       flow.Cells
	cells      int
	strs, rich map[uint64]string
}

// tile reads up to 256 rows.
func (g *iwaGrid) tile(b []byte, first int) {
	fields(b, func(num protowire.Number, _ uint64, row []byte) {
		if num != 5 || row == nil {
			return
		}
		index, wide := 0, false
		var cells, offsets []byte
		fields(row, func(num protowire.Number, v uint64, data []byte) {
			switch num {
			case 1:
				index = int(v & 0xffff)
			case 6:
				cells = data
			case 7:
				offsets = data
			case 8:
				wide = v != 0
			}
		})
		for col := 0; 2*col+2 <= len(offsets); col++ {
			at := int(int16(le.U16(offsets, 2*col)))
			if wide {
				at *= 4
			}
			if at < 0 || at >= len(cells) || g.cells > maxIWACells {
				continue
			}
			if g.rows.Put(first+index, col, g.cell(cells[at:])) {
				g.cells++
			}
		}
	})
}

// cell shows a cell of storage version 5: kind in byte 1, flags in bytes 8 to 11, then the values
// that the flags name, in the order of their bits.
func (g *iwaGrid) cell(b []byte) string {
	if len(b) < 12 || b[0] != 5 {
		return ""
	}
	flags, at := le.U32(b, 8), 12
	take := func(bit, size int) []byte {
		if flags&bit == 0 || at+size > len(b) {
			return nil
		}
		at += size
		return b[at-size : at]
	}
	dec, dbl, sec, str, rich := take(1, 16), take(2, 8), take(4, 8), take(8, 4), take(16, 4)
	switch kind := b[1]; {
	case str != nil && kind == 3:
		return g.strs[uint64(le.U32(str, 0))]
	case rich != nil && kind == 9:
		return g.rich[uint64(le.U32(rich, 0))]
	case sec != nil && kind == 5:
		return appleSeconds(le.Float64(sec, 0))
	case dbl != nil && kind == 6:
		return numfmt.Bool(le.Float64(dbl, 0) != 0)
	case dec != nil && (kind == 2 || kind == 10):
		return numfmt.General(decimal128(dec))
	case dbl != nil && (kind == 2 || kind == 10):
		return numfmt.General(le.Float64(dbl, 0))
	}
	return ""
}

// decimal128 reads a decimal number: a sign, an exponent with an offset, an integer.
func decimal128(b []byte) float64 {
	exp := (int(b[15])&0x7f)<<7 | int(b[14])>>1
	mantissa := float64(b[14] & 1)
	for i := 13; i >= 0; i-- {
		mantissa = mantissa*256 + float64(b[i])
	}
	exp -= 0x1820
	v := mantissa
	if exp < 0 {
		v /= math.Pow10(-exp)
	} else {
		v *= math.Pow10(exp)
	}
	if b[15]&0x80 != 0 {
		v = -v
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}
