// Package ocr decides how a gray page is read: straightened, in which language, at which
// resolution, and whether a second try is better.
package ocr

import (
	"image"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/tess"
)

// Result of one page.
type Result struct {
	Text       string
	Confidence float64 // mean over words, weighted by their length; 0 without words
	Language   string
}

// Recognizer is the engine; tests replace it.
type Recognizer interface {
	Recognize(img *image.Gray, dpi int, langs string, psm int) ([]tess.Word, error)
	Orient(img *image.Gray, dpi int) (tess.Orientation, bool)
}

// Reader reads pages with one engine and remembers the language from page to page.
type Reader struct {
	Engine    Recognizer
	Installed []string // languages that may be used, without osd
	hint      string   // what fitted the previous page
}

const (
	good     = 0.88 // a page read this well is not tried again
	usable   = 0.75 // below this the orientation is doubted
	workDPI  = 200
	fineDPI  = 300
	minSmall = 17 // letter height in pixels under which a finer picture helps
)

// Job is one page to read.
type Job struct {
	// Render gives the page at a resolution; for a picture file it ignores the wish.
	Render func(dpi int) (*image.Gray, int, error)
	// Languages to use instead of detecting.
	Languages []string
	// Drawn says that the page was drawn by a program: it stands upright and is clean, so what
	// reads badly will not read better turned or cleaned.
	Drawn bool
}

// Page reads a page.
func (r *Reader) Page(j Job) (Result, error) {
	render := j.Render
	img, dpi, err := render(workDPI)
	if err != nil {
		return Result{}, err
	}
	if blank(img) {
		return Result{}, nil
	}
	p := &page{r: r, forced: j.Languages, drawn: j.Drawn}
	if !j.Drawn {
		p.look(img)
	}
	if err := p.first(img, dpi); err != nil {
		return Result{}, err
	}
	if err := p.improve(render, img, dpi); err != nil {
		return Result{}, err
	}
	return p.best.result(), nil
}

// attempt is one recognition of a page.
type attempt struct {
	words  []tess.Word
	langs  string
	conf   float64
	weight int
	height float64 // median height of a word in pixels
	dpi    int
}

// score compares attempts: confidence times how much was read, with diminishing returns.
func (a attempt) score() float64 { return a.conf * a.conf * math.Log2(2+float64(a.weight)) }

func (a attempt) result() Result {
	return Result{Text: Text(a.words), Confidence: a.conf, Language: a.langs}
}

func newAttempt(words []tess.Word, langs string, dpi int) attempt {
	a := attempt{langs: langs, dpi: dpi}
	words = dropNoise(words)
	a.words = words
	var sum float64
	hs := make([]int, 0, len(words))
	for _, w := range words {
		n := letters(w.Text)
		if n == 0 {
			continue
		}
		sum += w.Conf * float64(n)
		a.weight += n
		hs = append(hs, w.Y1-w.Y0)
	}
	if a.weight > 0 {
		a.conf = sum / float64(a.weight)
	}
	if len(hs) > 0 {
		slices.Sort(hs)
		a.height = float64(hs[len(hs)/2])
	}
	return a
}

func letters(s string) int {
	n := 0
	for _, c := range s {
		if isWordRune(c) {
			n++
		}
	}
	return n
}

// dropNoise removes what tesseract makes of dust and rules: lone marks read without confidence.
func dropNoise(words []tess.Word) []tess.Word {
	out := words[:0:0]
	for _, w := range words {
		if w.Conf < 0.30 && letters(w.Text) <= 1 && utf8.RuneCountInString(w.Text) <= 2 {
			continue
		}
		if w.Conf < 0.60 && letters(w.Text) == 0 && strings.Trim(w.Text, "|_~=—-–.,'`‘’:;\\/") == "" {
			continue
		}
		if w.Conf < 0.10 {
			continue
		}
		out = append(out, w)
	}
	return out
}

// blank says that a page has no ink worth an engine's time.
func blank(g *image.Gray) bool {
	s := raster.Shrink(g, 2)
	lo, hi := 255, 0
	var hist [256]int
	for _, p := range s.Pix {
		hist[p]++
	}
	skip := len(s.Pix) / 20000
	for v, n := 0, 0; v < 256; v++ {
		if n += hist[v]; n > skip {
			lo = v
			break
		}
	}
	for v, n := 255, 0; v >= 0; v-- {
		if n += hist[v]; n > skip {
			hi = v
			break
		}
	}
	return hi-lo < 24
}
