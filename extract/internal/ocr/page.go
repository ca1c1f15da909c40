package ocr

import (
	"image"
	"math"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/tess"
)

// page is the work on one page: what was found out about it and the best reading so far.
type page struct {
	r      *Reader
	forced []string
	drawn  bool
	deg    int     // quarter turns in degrees
	skew   float64 // degrees
	invert bool
	uneven bool
	noisy  bool
	raw    *image.Gray // the picture last cleaned, and the result
	clear  *image.Gray
	script string
	best   attempt
}

// look finds what makes the page hard to read and its small angle; the quarter turn is looked for
// only when reading goes badly.
func (p *page) look(img *image.Gray) {
	p.invert = raster.Negative(img)
	pic := img
	if p.invert {
		pic = inverted(img)
	}
	p.uneven, p.noisy = raster.Uneven(pic), raster.Noisy(pic)
	if s, ok := raster.Skew(p.cleaned(img)); ok && math.Abs(s) > 0.35 {
		p.skew = s
	}
}

func inverted(img *image.Gray) *image.Gray {
	c := image.NewGray(img.Rect)
	copy(c.Pix, img.Pix)
	raster.Invert(c)
	return c
}

// cleaned applies what is known of the page's light and grain.
func (p *page) cleaned(img *image.Gray) *image.Gray {
	if img == p.raw {
		return p.clear
	}
	out := img
	if p.invert {
		out = inverted(out)
	}
	if p.noisy {
		out = raster.Median3(out)
	}
	if p.uneven {
		out = raster.Flatten(out)
	}
	if p.noisy || p.uneven || p.invert {
		out = raster.Stretch(out)
	}
	p.raw, p.clear = img, out
	return out
}

// straight applies what is known of the page's pose.
func (p *page) straight(img *image.Gray) *image.Gray {
	img = raster.Turn(p.cleaned(img), p.deg)
	if p.skew != 0 {
		img = raster.Rotate(img, -p.skew)
	}
	return img
}

func (p *page) read(img *image.Gray, dpi int, langs string, psm int) (attempt, error) {
	words, err := p.r.Engine.Recognize(img, dpi, langs, psm)
	if err != nil {
		return attempt{}, err
	}
	return newAttempt(words, langs, dpi), nil
}

func (p *page) keep(a attempt) bool {
	if a.score() > p.best.score() {
		p.best = a
		return true
	}
	return false
}

// first reads the page as it lies; a page that reads badly is turned and its script asked for.
func (p *page) first(img *image.Gray, dpi int) error {
	langs := p.r.start(p.forced)
	pic, d := enlarge(p.straight(img), dpi)
	a, err := p.read(pic, d, langs, tess.PSMAuto)
	if err != nil {
		return err
	}
	p.keep(a)
	if !p.drawn && (p.best.conf < usable || p.best.weight < 12) {
		if err := p.orient(img, dpi); err != nil {
			return err
		}
	}
	return p.language(img, dpi)
}

// orient tries the quarter turn tesseract's detection names, or all of them when it is not sure and the page reads terribly.
func (p *page) orient(img *image.Gray, dpi int) error {
	o, ok := p.r.Engine.Orient(p.straight(img), dpi)
	var tries []int
	switch {
	case ok && o.Confidence > 1 && o.Degrees != 0:
		tries = []int{o.Degrees}
		if o.Confidence < 4 {
			tries = append(tries, o.Degrees+180)
		}
	case p.best.conf < 0.5 || p.best.weight < 12:
		tries = []int{90, 270, 180}
	}
	if ok && o.ScriptConf > 0.5 {
		p.script = o.Script
	}
	deg, skew := p.deg, p.skew
	for _, t := range tries {
		p.deg, p.skew = t%360, 0
		turned := p.straight(img)
		if s, ok := raster.Skew(turned); ok && math.Abs(s) > 0.35 {
			p.skew = s
			turned = p.straight(img)
		}
		pic, d := enlarge(turned, dpi)
		a, err := p.read(pic, d, p.r.start(p.forced), tess.PSMAuto)
		if err != nil {
			return err
		}
		if p.keep(a) {
			deg, skew = p.deg, p.skew
			if a.conf >= usable && a.weight >= 40 {
				break
			}
		}
	}
	p.deg, p.skew = deg, skew
	return nil
}

// language rereads with the language the first reading points to, when that one is installed.
func (p *page) language(img *image.Gray, dpi int) error {
	if len(p.forced) > 0 || p.best.weight == 0 {
		return nil
	}
	want := p.r.fitting(p.best, p.script)
	if want == "" || want == p.best.langs {
		if p.best.conf >= usable {
			p.r.hint = p.best.langs
		}
		return nil
	}
	pic, d := enlarge(p.straight(img), dpi)
	a, err := p.read(pic, d, want, tess.PSMAuto)
	if err != nil {
		return err
	}
	// A fitting model gains little confidence on letters both models know, so ties go to it.
	if a.score() >= p.best.score()*0.985 {
		p.best = a
		p.r.hint = want
	}
	return nil
}

// improve tries once more with a finer picture or a cleaned one, and keeps the better reading.
func (p *page) improve(render func(int) (*image.Gray, int, error), img *image.Gray, dpi int) error {
	if p.drawn && p.best.conf < usable {
		return nil
	}
	small := p.best.weight > 0 && p.best.height < minSmall
	if p.best.conf >= good && !small || p.best.weight == 0 && p.best.conf == 0 && raster.Ink(img) < 0.0005 {
		return nil
	}
	langs := p.best.langs
	if langs == "" {
		langs = p.r.start(p.forced)
	}
	fine, fdpi, err := render(fineDPI)
	if err != nil {
		fine, fdpi = img, dpi
	}
	if fdpi > dpi || fine.Rect.Dx() > img.Rect.Dx() {
		a, err := p.read(p.straight(fine), fdpi, langs, tess.PSMAuto)
		if err != nil {
			return err
		}
		p.keep(a)
		if p.best.conf >= good {
			return nil
		}
	}
	return p.clean(img, dpi, langs)
}

// clean evens the light and removes specks before another reading.
func (p *page) clean(img *image.Gray, dpi int, langs string) error {
	if p.best.conf >= good {
		return nil
	}
	pic, d := enlarge(raster.Median3(raster.Flatten(p.straight(img))), dpi)
	a, err := p.read(pic, d, langs, tess.PSMAuto)
	if err != nil {
		return err
	}
	p.keep(a)
	if p.best.weight < 20 && p.best.conf < usable {
		pic, d := enlarge(p.straight(img), dpi)
		a, err := p.read(pic, d, langs, tess.PSMSparse)
		if err != nil {
			return err
		}
		if a.conf > 0.5 {
			p.keep(a)
		}
	}
	return nil
}

// enlarge brings pictures of low resolution to a size tesseract's models were trained for.
func enlarge(img *image.Gray, dpi int) (*image.Gray, int) {
	if dpi >= 150 || dpi <= 0 {
		return img, dpi
	}
	f := math.Min(3, 220/float64(dpi))
	if w, h := float64(img.Rect.Dx())*f, float64(img.Rect.Dy())*f; w > 8000 || h > 8000 {
		return img, dpi
	}
	return raster.Scale(img, f), int(float64(dpi) * f)
}

// start is the language of a first reading.
func (r *Reader) start(forced []string) string {
	if len(forced) > 0 {
		return strings.Join(forced, "+")
	}
	if r.hint != "" {
		return r.hint
	}
	if slices.Contains(r.Installed, "eng") || len(r.Installed) == 0 {
		return "eng"
	}
	return r.Installed[0]
}
