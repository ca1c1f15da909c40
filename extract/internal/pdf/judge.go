package pdf

import (
	"math"
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/ocr"
)

// verdict on the text layer of a page.
type verdict int

const (
	keep    verdict = iota // use it
	nothing                // there is none
	sparse                 // a few words on a page that is mostly a picture
	doubt                  // an old recognition layer that reads badly
	garbled                // not language: wrong encoding
)

// judge decides from the text and from how much of the page pictures cover.
func judge(text string, p *mupdf.PageLines) verdict {
	n := count(text)
	cover := coverage(p)
	switch {
	case n.visible == 0:
		return nothing
	case n.broken*8 > n.visible:
		return garbled
	case n.letters >= 150 && cipher(text):
		return garbled
	case cover > 0.5 && n.letters < 120:
		return sparse
	case cover > 0.15 && n.letters < 25:
		return sparse
	case cover > 0.75 && n.letters >= 120 && odd(text) > 0.3:
		return doubt
	}
	return keep
}

// better says whether the recognised text should replace the text layer.
func better(r ocr.Result, text string, v verdict) bool {
	got, had := count(r.Text).letters, count(text).letters
	switch v {
	case nothing:
		return got > 0
	case garbled:
		return r.Confidence > 0.5 && got > 0
	case sparse:
		return r.Confidence > 0.5 && got > had+had/4
	case doubt:
		return r.Confidence > 0.75 && got*10 > had*6 && odd(r.Text) < odd(text)
	}
	return false
}

type counts struct{ visible, letters, broken int }

func count(s string) (c counts) {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			continue
		case r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) || unicode.IsControl(r) || r >= 0xfff0 && r <= 0xffff:
			c.broken++
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			c.letters++
		}
		c.visible++
	}
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
		w := math.Min(m.X1, p.W) - math.Max(m.X0, 0)
		h := math.Min(m.Y1, p.H) - math.Max(m.Y0, 0)
		if w > 0 && h > 0 {
			sum += w * h
		}
	}
	return math.Min(1, sum/area)
}

// latin holds how often each letter stands in European text, in per mille, over several languages.
var latin = [26]float64{82, 15, 32, 40, 130, 14, 18, 25, 72, 4, 6, 45, 27, 72, 65, 25, 5, 68, 66, 68, 36, 14, 12, 3, 10, 6}

// cipher says that Latin letters are spread as no language spreads them: a font whose codes are
// not characters. It compares frequencies by cosine; shifted alphabets fall far below text.
func cipher(s string) bool {
	var f [26]float64
	n, other := 0.0, 0
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		if r >= 'a' && r <= 'z' {
			f[r-'a']++
			n++
		} else if unicode.IsLetter(r) {
			other++
		}
	}
	if n < 150 || float64(other) > n {
		return false
	}
	var dot, a, b float64
	for i := range f {
		dot += f[i] * latin[i]
		a += f[i] * f[i]
		b += latin[i] * latin[i]
	}
	return dot/math.Sqrt(a*b) < 0.55
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
