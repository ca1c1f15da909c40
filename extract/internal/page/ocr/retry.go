package ocr

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// improve tries once more with a finer picture or a cleaned one, and keeps the better reading.
func (p *page) improve() error {
	if p.pose.pale && p.pose.turn != 0 { // one that lay upright was read so at first
		if err := p.slip(); err != nil {
			return err
		}
	}
	if err := p.overprinted(); err != nil {
		return err
	}
	if p.best.conf >= good || p.job.Drawn && p.best.conf < usable || p.best.weight == 0 && raster.Ink(p.img) < 0.0005 {
		return nil
	}
	langs := p.best.langs
	if langs == "" {
		langs = p.r.start(p.job.Languages)
	}
	if err := p.finer(langs); err != nil || p.best.conf >= good {
		return err
	}
	if err := p.smoother(langs); err != nil || p.best.conf >= good {
		return err
	}
	if err := p.cleaner(langs); err != nil || p.best.conf >= readable || p.job.Drawn || p.missing != "" {
		return err // letters that no installed model knows stay rubbish
	}
	return p.anew(langs)
}

const (
	// moreLetters is how many times as many letters another reading has that found text where the engine's layout saw none, though it is less sure;
	// someLetters where it is as sure.
	moreLetters, someLetters = 1.15, 1.05
	// allLetters is the least part of the letters that another reading has which lost none to speak of.
	allLetters = 0.97
	// leastSevered is how many lines are pieces of figures, and severedPart their least part of the lines, where layout cut a column of figures in two.
	leastSevered, severedPart = 6, 0.25
)

// slip reads a pale page as one block: of a receipt whose prices stand far to the right, and faint, the engine's layout leaves them out.
// It does so too where layout cut figures at their points, which stand below each other and far from the digits in type of one width.
func (p *page) slip() error {
	cut := severed(p.best.words)
	if !p.pose.pale && !cut {
		return nil
	}
	langs := p.best.langs
	if langs == "" {
		langs = p.r.start(p.job.Languages)
	}
	pic, dpi := p.pose.upright(p.cleaned(), p.dpi)
	a, err := p.read(pic, dpi, langs, tesseract.PSMBlock)
	if err != nil {
		return err
	}
	whole := cut && !severed(a.words) && a.conf >= p.best.conf && float64(a.weight) >= allLetters*float64(p.best.weight)
	if p.fuller(a) || whole {
		p.best = a
	}
	return nil
}

// fuller says that a reading has text that the best one so far lacks. The letters of that are the hard ones, so it may be a little less sure.
func (p *page) fuller(a attempt) bool {
	more := moreLetters
	if a.conf >= p.best.conf {
		more = someLetters
	}
	return float64(a.weight) > more*float64(p.best.weight) && a.conf >= usable
}

// severed says that many lines are one half of a figure: "12." or "43", "-43". Numbers of two digits alone may be whole.
func severed(words []tesseract.Word) bool {
	n, marked, lines := 0, 0, linesOf(words)
	for _, l := range lines {
		is, sure := half(l.text)
		if is {
			n++
		}
		if sure {
			marked++
		}
	}
	return n >= leastSevered && 3*marked >= n && float64(n) >= severedPart*float64(len(lines))
}

// half says whether a line is one half of a figure, and whether it surely is.
func half(s string) (is, sure bool) {
	digits := strings.Trim(s, ".,-+")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return false, false
	}
	before := strings.TrimRight(s, ".,") != s
	return before || len(digits) == 2, before || len(digits) == 2 && digits != s // cents
}

// overprinted reads a page without the lighter ink that its letters stand on, where there is some: the engine's layout takes a watermark with all
// lines across it for a picture. What stands in that ink alone is lost in such a reading, so that it counts only where it has all letters there were.
func (p *page) overprinted() error {
	if p.job.Drawn || p.best.weight < fewLetters || len(p.img.Pix) > keptPixels {
		return nil
	}
	img := p.cleaned()
	if how := p.pose; how.shaded { // a watermark is no even ground, and is taken for one here and there
		how.shaded = false
		img = how.clean(p.img)
	}
	white, ok := raster.Overprinted(img)
	if !ok {
		return nil
	}
	pic, dpi := p.pose.upright(raster.Whitened(img, white), p.dpi)
	a, err := p.read(pic, dpi, p.best.langs, tesseract.PSMAuto)
	if err == nil && float64(a.weight) >= allLetters*float64(p.best.weight) {
		p.keep(a)
	}
	return err
}

// smoother reads large type that reads badly as that of a printer of pins, whose dots have to flow together.
func (p *page) smoother(langs string) error {
	if p.pose.pale || p.pose.letters <= tooLarge || p.job.Drawn {
		return nil
	}
	how := p.pose
	how.pale = true
	pic, dpi := how.upright(how.clean(p.img), p.dpi)
	for _, psm := range []int{tesseract.PSMAuto, tesseract.PSMBlock} {
		a, err := p.read(pic, dpi, langs, psm)
		if err != nil {
			return err
		}
		a.pose = how
		if p.fuller(a) {
			p.best = a
		}
		p.keep(a)
	}
	return nil
}

// anew looks at a page once more of which nothing or only rubbish was read: without the dark edges of the scan, which hide how light
// its paper is and how large its letters are, with all the contrast there is, and without asking the engine for the page's layout.
func (p *page) anew(langs string) error {
	img := raster.Stretch(raster.WithoutBorder(p.img))
	how, undotted := look(img, reduced(img))
	how.turn = p.pose.turn
	img = how.cleanFrom(img, undotted)
	if crowded(img) < 1 {
		return nil // as a single block it would be lines of thousands of letters each, and none of them would be read
	}
	pic, dpi := how.upright(img, p.dpi)
	for _, psm := range []int{tesseract.PSMColumn, tesseract.PSMBlock} {
		a, err := p.read(pic, dpi, langs, psm)
		if err != nil {
			return err
		}
		a.pose = how
		if a.conf >= plausible {
			p.keep(a)
		}
		if p.best.conf >= readable {
			return nil
		}
	}
	return nil
}

// finer reads a drawing of higher resolution, where there is one.
func (p *page) finer(langs string) error {
	if p.dpi >= fineDPI {
		return nil
	}
	img, dpi, err := p.job.Render(fineDPI)
	if err != nil || dpi <= p.dpi {
		return nil // the page was read already; that it cannot be drawn finer is no failure
	}
	pose := p.pose
	pose.letters = 0 // read as drawn
	pic, dpi := pose.upright(pose.clean(img), dpi)
	a, err := p.read(pic, dpi, langs, tesseract.PSMAuto)
	if err != nil {
		return err
	}
	p.keep(a)
	return nil
}

// cleaner evens the light and removes specks before another reading.
func (p *page) cleaner(langs string) error {
	even := raster.Flatten(p.cleaned())
	if p.pose.letters == 0 || p.pose.letters >= tooSmall {
		even = raster.Median3(even)
	}
	pic, dpi := p.pose.upright(even, p.dpi)
	a, err := p.read(pic, dpi, langs, tesseract.PSMAuto)
	if err != nil {
		return err
	}
	p.keep(a)
	if p.best.weight >= 20 || p.best.conf >= usable {
		return nil
	}
	pic, dpi = p.pose.upright(p.cleaned(), p.dpi)
	if a, err = p.read(pic, dpi, langs, tesseract.PSMSparse); err != nil {
		return err
	}
	if a.conf > 0.5 {
		p.keep(a)
	}
	return nil
}
