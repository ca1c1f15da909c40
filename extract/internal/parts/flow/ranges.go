package flow

// Ranges are columns of a sheet, as spans from the first to behind the last.
type Ranges [][2]int

// maxRanges bounds the spans that are kept: each cell is looked up in all of them.
const maxRanges = 1000

// Add notes a span, as long as there is room.
func (r *Ranges) Add(from, to int) {
	if len(*r) < maxRanges {
		*r = append(*r, [2]int{from, to})
	}
}

// Has says that a column is in one of the spans.
func (r Ranges) Has(col int) bool {
	for _, s := range r {
		if col >= s[0] && col < s[1] {
			return true
		}
	}
	return false
}
