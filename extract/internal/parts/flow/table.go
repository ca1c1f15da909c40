package flow

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// MaxCells bounds the grid that is kept of a table or a sheet.
const MaxCells = 4 << 20

// Table is a grid of cell texts.
type Table [][]string

// Text writes the grid as rows of a table; one row or one column is written as plain lines, since a
// table around a page is a layout and not a table.
func (t Table) Text() string {
	t = t.trim()
	if len(t) == 0 {
		return ""
	}
	width := t.Width()
	if width == 1 || len(t) == 1 && long(t[0]) {
		return t.Lines()
	}
	return doc.TableText(t, width)
}

// Width is the number of cells of the longest row.
func (t Table) Width() int {
	width := 0
	for _, r := range t {
		width = max(width, len(r))
	}
	return width
}

// Lines writes each filled cell on a line of its own, row by row.
func (t Table) Lines() string {
	var lines []string
	for _, r := range t {
		for _, c := range r {
			if c != "" {
				lines = append(lines, c)
			}
		}
	}
	return strings.Join(lines, "\n")
}

func long(r []string) bool {
	for _, c := range r {
		if len(c) > 200 || strings.Contains(c, "\n") {
			return true
		}
	}
	return false
}

// trim drops empty rows and trailing empty columns.
func (t Table) trim() Table {
	var out Table
	width := 0
	for _, r := range t {
		last := 0
		for i, c := range r {
			if strings.TrimSpace(c) != "" {
				last = i + 1
			}
		}
		if last == 0 {
			continue
		}
		width = max(width, last)
		out = append(out, r)
	}
	for i, r := range out {
		if len(r) > width {
			out[i] = r[:width]
		}
	}
	return out
}

// Compact drops columns that are empty in every row.
func (t Table) Compact() Table {
	used := make([]bool, t.Width())
	for _, r := range t {
		for i, c := range r {
			if c != "" {
				used[i] = true
			}
		}
	}
	for n, r := range t {
		out := r[:0]
		for i, c := range r {
			if used[i] {
				out = append(out, c)
			}
		}
		t[n] = out
	}
	return t
}
