package ocr

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// line is one line of words as the engine grouped them, in pixels of the picture that was read.
type line struct {
	x0, y0, x1, y1 int
	base           int     // where most words end below
	size           float64 // of its type, 0 when too few letters tell
	letters        int
	conf           float64 // of its letters
	block, par     int
	words          []tesseract.Word
	text           string
}

// linesOf groups words into lines, in their order.
func linesOf(words []tesseract.Word) []line {
	var out []line
	for i := 0; i < len(words); {
		a, end := words[i], i+1
		for end < len(words) && sameLine(words[end], a) {
			end++
		}
		out = append(out, newLine(words[i:end]))
		i = end
	}
	return out
}

func newLine(words []tesseract.Word) line {
	a := words[0]
	l := line{x0: a.X0, y0: a.Y0, x1: a.X1, y1: a.Y1, block: a.Block, par: a.Par, words: words, text: wordsText(words)}
	ends := make([]int, 0, len(words))
	for _, w := range words {
		l.x0, l.y0, l.x1, l.y1 = min(l.x0, w.X0), min(l.y0, w.Y0), max(l.x1, w.X1), max(l.y1, w.Y1)
		ends = append(ends, w.Y1)
		n := letters(w.Text)
		l.letters += n
		l.conf += w.Conf * float64(n)
	}
	if l.letters > 0 {
		l.conf /= float64(l.letters)
	}
	slices.Sort(ends)
	l.base = ends[len(ends)/2]
	l.size = typeSize(words)
	return l
}

// wordsText puts words side by side: with spaces, but for signs that are written without.
func wordsText(words []tesseract.Word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && !(cjkEnd(words[i-1].Text) && cjkStart(w.Text)) {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

// weighted is a size and the letters that speak for it.
type weighted struct {
	size   float64
	weight int
}

// weightedMedian is the size that half of the letters reach, and how many there are.
func weightedMedian(list []weighted) (size float64, total int) {
	slices.SortFunc(list, func(a, b weighted) int { return cmp.Compare(a.size, b.size) })
	for _, v := range list {
		total += v.weight
	}
	n := 0
	for _, v := range list {
		if n += v.weight; 2*n >= total {
			return v.size, total
		}
	}
	return 0, total
}

// typeSize is the size of type in which words are set, told from the heights of their boxes.
func typeSize(words []tesseract.Word) float64 {
	var list []weighted
	for _, w := range words {
		if n := letters(w.Text); n >= 2 {
			list = append(list, weighted{float64(w.Y1-w.Y0) / heightShare(w.Text), n})
		}
	}
	size, _ := weightedMedian(list)
	return size
}

// heightShare is the part of the size of its type that a word takes from its lowest to its highest ink.
func heightShare(word string) float64 {
	tall, deep := false, false
	for _, r := range word {
		switch {
		case strings.ContainsRune("gjpqyQ,;()[]", r):
			deep = true
			tall = tall || r == 'j' || r == 'Q' || r > 'Z' && r < 'a' || r == '(' || r == ')'
		case strings.ContainsRune("acemnorsuvwxz.:-", r):
		case r < unicode.MaxLatin1:
			tall = true
		default:
			tall, deep = true, true
		}
	}
	switch {
	case tall && deep:
		return 0.91
	case tall || deep:
		return 0.7
	}
	return 0.48
}

// pointGap is the widest gap beside the point of a figure, in widths of a digit, which a space of other type is wider than; placePoint where letters
// have a place, in the middle of which a point stands: a space is a whole one and more.
const pointGap, placePoint = 0.6, 0.9

// wholeFigures puts figures together that the engine parted at their point, "650." and "26", or "650" and ".26", where both are said to stand on one line.
func wholeFigures(words []tesseract.Word, place float64, oneLine func(a, b tesseract.Word) bool) []tesseract.Word {
	out := words[:0:0]
	for _, w := range words {
		if n := len(out); n > 0 && oneLine(out[n-1], w) && continued(out[n-1], w, place) {
			a := &out[n-1]
			a.Text += w.Text
			a.Conf = min(a.Conf, w.Conf)
			a.X1, a.Y0, a.Y1 = w.X1, min(a.Y0, w.Y0), max(a.Y1, w.Y1)
			continue
		}
		out = append(out, w)
	}
	return out
}

func sameLine(a, b tesseract.Word) bool {
	return a.Block == b.Block && a.Par == b.Par && a.Line == b.Line
}

// continued says that b is what stands at or behind the point of a. Letters have the place given, or 0.
func continued(a, b tesseract.Word, place float64) bool {
	whole, part := strings.TrimRight(a.Text, ".,"), strings.TrimLeft(b.Text, ".,")
	points := len(a.Text) - len(whole) + len(b.Text) - len(part)
	if points != 1 || whole == "" || strings.Trim(whole, "0123456789.,") != "" || strings.Trim(part, "0123456789") != "" || len(part) < 2 || len(part) > 3 {
		return false
	}
	digit := float64(b.X1-b.X0) / (float64(len(b.Text)) - 0.15) // there is no gap beside the outer ones
	return b.X0 > a.X0 && float64(b.X0-a.X1) < max(pointGap*digit, placePoint*place)
}

const (
	// evenWords is how many words tell type of one width, and evenPart their least part whose letters are as wide as the middle one's, but for evenWidth of it.
	evenWords           = 12
	evenPart, evenWidth = 0.8, 0.06
)

// letterPlace is the width of the place of a letter in type in which all have one, as typewriters and printers of pins print; 0 in other type.
func letterPlace(lines []line) float64 {
	var all []float64
	for _, l := range lines {
		for _, w := range l.words {
			if n := utf8.RuneCountInString(w.Text); n >= 4 {
				all = append(all, float64(w.X1-w.X0)/(float64(n)-0.15))
			}
		}
	}
	if len(all) < evenWords {
		return 0
	}
	slices.Sort(all)
	middle, even := all[len(all)/2], 0
	for _, v := range all {
		if math.Abs(v-middle) <= evenWidth*middle {
			even++
		}
	}
	if float64(even) < evenPart*float64(len(all)) {
		return 0
	}
	return middle
}
