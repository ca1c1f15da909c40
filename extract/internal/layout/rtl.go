package layout

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/mupdf"
)

// rightToLeft mends the order of right-to-left text. MuPDF turns round what was drawn from left to
// right, character by character: of a ligature the letters come out swapped, and a word drawn in
// pieces has its pieces in the order of drawing.
func rightToLeft(chars []mupdf.Char) []mupdf.Char {
	first := slices.IndexFunc(chars, func(c mupdf.Char) bool { return c.RTL })
	if first < 0 {
		return chars
	}
	out := slices.Clone(chars)
	for i := first; i < len(out); {
		if !out[i].RTL {
			i++
			continue
		}
		j := i
		for j < len(out) && out[j].RTL {
			j++
		}
		ligatures(out[i:j])
		sortRun(out[i:j])
		numbers(out[i:j])
		i = j
	}
	return slices.DeleteFunc(out, func(c mupdf.Char) bool { return c.R == 0 })
}

func unadvanced(c mupdf.Char) bool { return abs(c.B-c.A) < 0.01*c.Size }

// ligatures puts the first letter of a ligature, which alone has a width, in front of the others,
// which stand at its right end.
func ligatures(run []mupdf.Char) {
	for i := 0; i < len(run); i++ {
		if !unicode.IsLetter(run[i].R) || !unadvanced(run[i]) {
			continue
		}
		j := i
		for j < len(run) && unadvanced(run[j]) && run[j].A == run[i].A {
			j++
		}
		if j < len(run) && unicode.IsLetter(run[j].R) && abs(max(run[j].A, run[j].B)-run[i].A) < 0.01*run[i].Size {
			slices.Reverse(run[i : j+1])
			for k := i + 1; k <= j; k++ {
				run[k].A, run[k].B = min(run[i].A, run[i].B), min(run[i].A, run[i].B)
			}
		}
		i = j
	}
}

// cluster is a character with a width and the marks that follow it.
type cluster struct {
	chars []mupdf.Char
	mid   float64
}

// sortRun orders a run by place, from right to left, if a piece of it stands right of one before it.
// A space that was drawn over a letter carries marks and parts no words; it goes (R becomes 0).
func sortRun(run []mupdf.Char) {
	clusters, sorted := clustersOf(run)
	if sorted {
		return
	}
	slices.SortStableFunc(clusters, func(a, b cluster) int { return -cmp.Compare(a.mid, b.mid) })
	out := make([]mupdf.Char, 0, len(run))
	for _, c := range clusters {
		if !isSynthetic(c.chars[0]) { // what MuPDF guessed here was a step back
			out = append(out, c.chars...)
		}
	}
	clear(run[copy(run, out):])
}

// clustersOf cuts a run and says whether it goes from right to left without a step back.
func clustersOf(run []mupdf.Char) (list []cluster, sorted bool) {
	sorted = true
	last := math.Inf(1)
	for i, c := range run {
		n := len(list) - 1
		if n >= 0 && (unadvanced(c) || unicode.Is(unicode.Mn, c.R)) {
			list[n].chars = run[i-len(list[n].chars) : i+1]
			continue
		}
		if n >= 0 && c.R == ' ' && len(list[n].chars) > 1 && inside(c, list[n].chars[0]) {
			run[i].R = 0
			list[n].chars = run[i-len(list[n].chars) : i+1]
			continue
		}
		k := cluster{chars: run[i : i+1], mid: (c.A + c.B) / 2}
		if !isSynthetic(c) {
			sorted = sorted && k.mid <= last
			last = k.mid
		}
		list = append(list, k)
	}
	return list, sorted
}

// numbers turns the digits of numbers back: they are written from left to right within the run.
func numbers(run []mupdf.Char) {
	for i := 0; i < len(run); i++ {
		if !unicode.IsDigit(run[i].R) {
			continue
		}
		j := i + 1
		for j < len(run) && (unicode.IsDigit(run[j].R) || j+1 < len(run) && strings.ContainsRune(".,/:٫٬", run[j].R) && unicode.IsDigit(run[j+1].R)) {
			j++
		}
		if run[i].A > run[j-1].A {
			slices.Reverse(run[i:j])
		}
		i = j
	}
}

// inside says that the middle of a lies within b.
func inside(a, b mupdf.Char) bool {
	mid := (a.A + a.B) / 2
	return mid > min(b.A, b.B) && mid < max(b.A, b.B)
}
