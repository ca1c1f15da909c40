package layout

import (
	"iter"
	"slices"
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// rightToLeft corrects right-to-left text. MuPDF turns round what was drawn from left to right, character
// by character: the letters of a ligature and the digits of a number come out swapped.
func rightToLeft(chars []mupdf.Char) []mupdf.Char {
	out := slices.Clone(chars)
	for i, j := range leftwardRuns(out) {
		ligatures(out[i:j])
		spacesOver(out[i:j])
		numbers(out[i:j])
	}
	out = slices.DeleteFunc(out, func(c mupdf.Char) bool { return c.R == 0 })
	if mixed, ok := readLeftward(out); ok {
		return mixed
	}
	return out
}

// leftwardRuns gives where each run of right-to-left characters begins and ends.
func leftwardRuns(chars []mupdf.Char) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for i := 0; i < len(chars); {
			if !chars[i].RTL {
				i++
				continue
			}
			j := i
			for j < len(chars) && chars[j].RTL {
				j++
			}
			if !yield(i, j) {
				return
			}
			i = j
		}
	}
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

// spacesOver drops spaces that were drawn over the letter in front of them (R becomes 0): they carry
// its marks and part no words.
func spacesOver(run []mupdf.Char) {
	letter, marks := -1, 0
	for i, c := range run {
		switch {
		case unicode.Is(unicode.Mn, c.R):
			marks++
		case letter >= 0 && marks > 0 && c.R == ' ' && inside(c, run[letter]):
			run[i].R = 0
		default:
			letter, marks = i, 0
		}
	}
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
