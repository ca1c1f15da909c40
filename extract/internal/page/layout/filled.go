package layout

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

const (
	// boxedLabel is how far above a field, in sizes of type, a label is at most that is printed over it.
	boxedLabel = 0.8
	// farLabel is how far left of a field, in sizes of type, a label is that yields to one right above.
	farLabel = 3
	// wordsAbove is how far above a field, in sizes of type, the words are at most that it is put behind where nothing stands beside it.
	wordsAbove = 3
	// longerThanField is the most lines of a value that are outside of its field.
	longerThanField = 2
	// besideBox is how far from a box, in sizes of type, its words are at most.
	besideBox = 4
)

// filled puts what is filled into the fields of a form where its labels are. Fields are drawn after the page, so their rows come last.
func filled(rows []row, fields []mupdf.Field) []row {
	if len(fields) == 0 {
		return rows
	}
	k := firstValue(rows, fields)
	labels, values := slices.Clone(rows[:k]), slices.Clone(rows[k:])
	var unsaid []row
	for i, f := range fields {
		switch {
		case f.Choice:
			choose(values, fields, i)
		case f.Ticked && tick(f.Place, labels): // the sign in it is a letter of a font of signs, or a drawing
			values = slices.DeleteFunc(values, func(v row) bool { return utf8.RuneCountInString(v.text) == 1 && fieldOf(v, fields) == i })
		case f.Ticked && f.Label != "" && k > 0: // else the page may be a picture with fields on it
			unsaid = append(unsaid, tickAlone(f))
		}
	}
	if k == 0 || len(rows) > columnMost {
		return slices.Concat(labels, values, unsaid)
	}
	values = combed(values, fields)
	behind := make([][]row, len(labels))
	var alone []row
	last := -1 // the label of the value before
	for _, v := range values {
		i, same := last, false
		if f := fieldOf(v, fields); f >= 0 {
			i, same = labelOf(v, fields[f].Place, labels)
		}
		if last = i; i < 0 {
			alone = append(alone, v)
			continue
		}
		v.block = labels[i].block
		if same {
			v.base = labels[i].base // a field's type stands a little higher or lower than the line it is on
		}
		behind[i] = append(behind[i], v)
	}
	var out []row
	for i, l := range labels {
		out = append(append(out, l), behind[i]...)
	}
	return slices.Concat(out, alone, unsaid)
}

// choose marks what is chosen in a list of which more is shown than that.
func choose(values []row, fields []mupdf.Field, i int) {
	chosen := strings.Split(fields[i].Value, "\n")
	var shown []int
	for k, v := range values {
		if fieldOf(v, fields) == i {
			shown = append(shown, k)
		}
	}
	if len(shown) <= len(chosen) {
		return
	}
	for _, k := range shown {
		if slices.Contains(chosen, values[k].text) {
			values[k].text = Ticked + " " + values[k].text
		}
	}
}

// combed puts the letters of a value together that stand in a box each, and gives one whose letters cannot be told as the file has it.
func combed(values []row, fields []mupdf.Field) []row {
	var out []row
	for i := 0; i < len(values); {
		f, j := fieldOf(values[i], fields), i+1
		for f >= 0 && j < len(values) && fieldOf(values[j], fields) == f && math.Abs(values[j].base-values[i].base) <= lineShift*values[i].size {
			j++
		}
		text := ""
		for _, v := range values[i:j] {
			text += v.text
		}
		if f >= 0 && (j-i > 1 || text != fields[f].Value) && (unspaced(text) == unspaced(fields[f].Value) || fields[f].Value != "" && strings.ContainsRune(text, utf8.RuneError)) && !strings.Contains(fields[f].Value, "\n") {
			v := values[i]
			for _, w := range values[i+1 : j] {
				v.x1, v.ink = max(v.x1, w.x1), max(v.ink, w.ink)
			}
			v.text = cleanLine(fields[f].Value)
			out = append(out, v)
		} else {
			out = append(out, values[i:j]...)
		}
		i = j
	}
	return out
}

func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }

// tickAlone is a ticked box beside which nothing is printed, by its writer's name for it.
func tickAlone(f mupdf.Field) row {
	return row{x0: f.X0, x1: f.X1, start: f.X0, ink: f.X1, y0: f.Y0, y1: f.Y1, base: f.Y1, size: f.Y1 - f.Y0, block: -1, text: Ticked + " " + cleanLine(f.Label)}
}

// Ticked stands for a box that is ticked, as in Word's documents.
const Ticked = "☒"

// tick marks the words beside a box that is ticked, where there are any: the nearest right of it, else the nearest left.
func tick(box mupdf.Place, labels []row) bool {
	right, left := -1, -1
	for i, l := range labels {
		if y := (l.y0 + l.y1) / 2; l.vertical || y < box.Y0 || y > box.Y1 {
			continue
		}
		if l.start >= box.X0 && l.start-box.X1 < besideBox*l.size && (right < 0 || l.start < labels[right].start) {
			right = i
		}
		if l.ink <= box.X1 && box.X0-l.ink < besideBox*l.size && (left < 0 || l.ink > labels[left].ink) {
			left = i
		}
	}
	switch {
	case right >= 0:
		labels[right].text = Ticked + " " + labels[right].text
	case left >= 0:
		labels[left].text += " " + Ticked
	}
	return right >= 0 || left >= 0
}

// firstValue is the first of the last rows that are in fields, all but lines here and there that are too long for theirs.
func firstValue(rows []row, fields []mupdf.Field) int {
	first, strange := len(rows), 0
	for k := len(rows) - 1; k >= 0 && strange <= longerThanField; k-- {
		if rows[k].vertical || fieldOf(rows[k], fields) < 0 {
			strange++
			continue
		}
		first, strange = k, 0
	}
	return first
}

// fieldOf is the field in whose box the middle of a row is, -1: none.
func fieldOf(r row, fields []mupdf.Field) int {
	x, y := (r.x0+r.x1)/2, (r.y0+r.y1)/2
	return slices.IndexFunc(fields, func(f mupdf.Field) bool { return f.X0 <= x && x <= f.X1 && f.Y0 <= y && y <= f.Y1 })
}

// labelOf finds the row behind which a value belongs, -1 where there is none, and whether that is one on the same line: the nearest left of its
// field, one printed right above it, or the nearest above.
func labelOf(v row, f mupdf.Place, labels []row) (label int, same bool) {
	left, above := -1, -1
	gap, rise := math.Inf(1), math.Inf(1)
	for i, l := range labels {
		if l.vertical {
			continue
		}
		if l.base >= f.Y0 && (l.y0+l.y1)/2 <= f.Y1 {
			if d := v.start - l.ink; d > -0.3*v.size && d < gap && l.start < v.start {
				left, gap = i, d
			}
		}
		if d := f.Y0 - l.base; l.x0 < f.X1 && f.X0 < l.x1 && d > -v.size && l.base < v.base-0.5*v.size && d < rise {
			above, rise = i, d
		}
	}
	switch {
	case left >= 0 && !(gap > farLabel*v.size && above >= 0 && rise <= boxedLabel*v.size):
		return left, true
	case above >= 0 && rise <= wordsAbove*v.size:
		return above, false
	}
	return -1, false
}
