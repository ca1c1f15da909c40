package pdf

import (
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
)

// textQuality says whether the text layer of a page is good enough.
type textQuality int

const (
	textGood     textQuality = iota
	textNone                 // there is none
	textSparse               // a few words on a page that is mostly a picture
	textDoubtful             // an old recognition layer that reads badly
	textGarbled              // not language: wrong encoding
)

// assess tells the quality of a text layer from the text and from how much of the page pictures cover.
func assess(text string, p *mupdf.PageLines) textQuality {
	n := count(text)
	cover := coverage(p)
	switch {
	case n.visible == 0:
		return textNone
	case n.broken*8 > n.visible || (n.broken+n.alone)*2 > n.visible:
		return textGarbled
	case n.letters >= 150 && (cipher(text) || mojibake(text)):
		return textGarbled
	case cover > 0.5 && n.letters < 120:
		return textSparse
	case cover > 0.15 && n.letters < 25:
		return textSparse
	case cover > 0.75 && n.letters >= 120 && odd(text) > 0.3:
		return textDoubtful
	}
	return textGood
}

// better says whether the recognised text should replace the text layer.
func better(r ocr.Result, text string, q textQuality) bool {
	got, had := count(r.Text).letters, count(text).letters
	switch q {
	case textNone:
		return got > 0 || r.Scan.Missing != "" || r.Illegible
	case textGarbled:
		return r.Confidence > 0.5 && got > 0
	case textSparse:
		return r.Confidence > 0.5 && got > had+had/4
	case textDoubtful:
		return r.Confidence > 0.75 && got*10 > had*6 && odd(r.Text) < odd(text)
	}
	return false
}

// counts are of characters: broken ones stand for an unknown character, in a word or in a row;
// alone are those by themselves, which are bullets, boxes and parts of formulas.
type counts struct{ visible, letters, broken, alone int }

// firstPrivate is the first character for private use.
const firstPrivate = 0xe000

func count(s string) (c counts) {
	run := 0 // broken characters since the last space; -1 in a word that has others
	settle := func() {
		if run == 1 {
			c.alone++
			c.broken--
		}
		run = 0
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z': // most of all
			c.letters++
			run = -1
		case unicode.IsSpace(r):
			settle()
			continue
		case r == unicode.ReplacementChar || r >= firstPrivate && unicode.Is(unicode.Co, r) || unicode.IsControl(r) || r >= 0xfff0 && r <= 0xffff:
			c.broken++
			if run >= 0 {
				run++
			}
		default:
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				c.letters++
			}
			run = -1
		}
		c.visible++
	}
	settle()
	return c
}

// coverage is the share of the page under its largest pictures, strips of one scan added up.
func coverage(p *mupdf.PageLines) float64 {
	area := p.W * p.H
	if area <= 0 {
		return 0
	}
	sum := 0.0
	for _, m := range p.Images {
		w := min(m.X1, p.W) - max(m.X0, 0)
		h := min(m.Y1, p.H) - max(m.Y0, 0)
		if w > 0 && h > 0 {
			sum += w * h
		}
	}
	return min(1, sum/area)
}

// odd is the share of words no writer would write: letters and digits mixed, capitals inside, marks inside, no vowel.
func odd(s string) float64 {
	words, bad := 0, 0
	for _, w := range strings.Fields(s) {
		w = strings.TrimFunc(w, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) })
		if w == "" {
			continue
		}
		words++
		if oddWord(w) {
			bad++
		}
	}
	if words < 20 {
		return 0
	}
	return float64(bad) / float64(words)
}

func oddWord(w string) bool {
	var lower, upperInside, digits, marks, vowels, letters int
	for i, r := range w {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
			if unicode.IsLower(r) {
				lower++
			} else if i > 0 && unicode.IsUpper(r) {
				upperInside++
			}
			if r > 127 || strings.ContainsRune("aeiouyAEIOUY", r) {
				vowels++
			}
		case r == '\'' || r == '’' || r == '-' || r == '.' || r == ',' || r == '/' || r == '@' || r == ':':
		default:
			marks++
		}
	}
	switch {
	case letters == 0:
		return marks > 0
	case letters == 1 && digits == 0:
		return !strings.ContainsAny(w, "aAIioOeyuàÀ&")
	case lower > 0 && upperInside > 0 && lower < 2*upperInside:
		return true
	case letters > 0 && digits > 0 && lower > 0:
		return true
	case letters >= 4 && vowels == 0 && lower > 0:
		return true
	}
	return marks > 0
}
