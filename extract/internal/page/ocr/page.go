package ocr

import (
	"errors"
	"image"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// page is the work on one page: what was found out about it and the best reading so far.
type page struct {
	r     *Reader
	job   Job
	img   *image.Gray // as drawn
	dpi   int
	pose  pose
	clear *image.Gray // what cleaned keeps
	// undotted is the page without printed dots, as it was looked at, until cleaned takes it; nil where there are none, or it has to be made anew.
	undotted *image.Gray
	script   string // what orientation detection said, "" when it was not asked or not sure
	sure     bool   // enough of the script to name a language that is missing
	// scriptConf is how sure detection is of the script.
	scriptConf float64
	best       attempt
	// texture says that the picture is full of shapes of the size of letters that read as nothing: a photograph.
	texture bool
	// missing is the language that would fit the page and is not installed.
	missing string
}

// open draws the page and looks at it; small type is drawn finer before anything is read. It says
// whether there is anything on the page.
func (p *page) open() (ink bool, err error) {
	img, dpi, err := p.job.Render(workDPI)
	if err != nil {
		return false, err
	}
	small := reduced(img)
	if raster.Blank(small) {
		return false, nil
	}
	p.take(img, small, dpi)
	if p.pose.letters > 0 && p.pose.letters < tooSmall {
		if fine, d, err := p.job.Render(fineDPI); err == nil && d > dpi {
			p.take(fine, reduced(fine), d)
		}
	}
	return true, nil
}

// take makes a drawing the one that is read.
func (p *page) take(img, small *image.Gray, dpi int) {
	p.img, p.dpi, p.clear = img, dpi, nil
	p.pose, p.undotted = look(img, small)
	if dpi == 0 {
		p.dpi = p.pose.resolution(img)
	}
	if p.job.Drawn {
		p.pose, p.undotted = pose{letters: p.pose.letters}, nil
	}
}

// keptPixels is up to how many a cleaned picture is kept beside the page.
const keptPixels = 16_000_000

// cleaned is the page cleaned. A large one is made anew for each reading, so that while the engine reads there is the page, what is read of it, and
// nothing else of that size.
func (p *page) cleaned() *image.Gray {
	if p.clear != nil {
		return p.clear
	}
	c := p.pose.cleanFrom(p.img, p.undotted)
	p.undotted = nil
	if c == p.img || len(c.Pix) <= keptPixels {
		p.clear = c
	}
	return c
}

func (p *page) read(img *image.Gray, dpi int, langs string, psm int) (attempt, error) {
	words, err := p.r.Engine.Recognize(img, dpi, langs, psm)
	if errors.Is(err, tesseract.ErrMissing) {
		return attempt{}, doc.Failf(doc.CodeLanguageMissing, err, "The page has to be recognised, and Tesseract cannot be used on the agent's machine; install the package tesseract-ocr.")
	}
	if err != nil {
		return attempt{}, err
	}
	a := newAttempt(words, langs, p.pose)
	a.height = img.Rect.Dy()
	if p.tied(a) { // else it is not taken, and nobody asks for its rules
		a.rules = rulesOf(img)
	}
	return a, nil
}

// readUpright reads the cleaned page as it is now taken to lie.
func (p *page) readUpright(langs string) (attempt, error) {
	how := p.pose
	if dense(langs) {
		how.letters /= 2
	}
	pic, dpi := how.upright(p.cleaned(), p.dpi)
	a, err := p.read(pic, dpi, langs, tesseract.PSMAuto)
	if err == nil && how.dark && p.tied(a) { // the rules of a table end at its dark fields, whose edges are rules too
		how.dark = false
		as, _ := how.upright(how.clean(p.img), p.dpi)
		a.rules = a.rules.and(rulesOf(as).clear(pic))
	}
	return a, err
}

// tied says that a reading is as good as the best one so far, or better. A better model gains little confidence on letters both know.
func (p *page) tied(a attempt) bool { return a.score() >= p.best.score()*0.985 }

func (p *page) keep(a attempt) bool {
	if a.score() > p.best.score() {
		p.best = a
		return true
	}
	return false
}

// first reads the page as it lies; a page that reads badly is turned and its script asked for.
func (p *page) first() error {
	a, err := p.readUpright(p.r.start(p.job.Languages))
	if err != nil {
		return err
	}
	p.keep(a)
	if err := p.slip(); err != nil { // before the few letters of a pale page are taken for those of a photograph
		return err
	}
	if !p.job.Drawn && (p.best.conf < usable || p.best.weight < fewLetters) {
		if err := p.orient(); err != nil || p.texture {
			return err
		}
	}
	if err := p.language(); err != nil {
		return err
	}
	return p.sameScript()
}

// orient tries the quarter turn tesseract's detection names, or all of them when it is not sure and the page reads terribly.
func (p *page) orient() error {
	pic, dpi := p.pose.upright(p.cleaned(), p.dpi)
	o, ok := p.r.Engine.Orient(pic, dpi)
	if !ok {
		o = tesseract.Orientation{}
	}
	if p.texture = ok && textured(o, p.best); p.texture {
		return nil
	}
	p.takeScript(o)
	langs := p.r.start(p.job.Languages)
	list := turns(o, p.best)
	if m := p.r.model(p.script); m != "" && m != langs && len(p.job.Languages) == 0 && p.best.conf < usable {
		// How well the page was read in the wrong letters says nothing about how it lies.
		langs, list = m, foreignTurns(o)
	}
	before := p.pose
	best := before
	for _, t := range list {
		if t%360 == before.turn && langs == p.r.start(p.job.Languages) {
			continue // that was the first reading
		}
		p.pose = before
		p.pose.turn = t % 360
		p.pose.skew, p.pose.bend = skewOf(reduced(raster.Turn(p.cleaned(), t)))
		a, err := p.readUpright(langs)
		if err != nil {
			return err
		}
		if a.conf < plausible && (o.Confidence < certain || t%360 != o.Degrees) {
			continue // rubbish either way: it lies as it was scanned, or as detection surely knows
		}
		if p.keep(a) {
			best = p.pose
			if a.conf >= usable && a.weight >= 40 {
				break
			}
		}
	}
	p.pose = best
	p.texture = ok && p.best.weight < fewLetters
	return nil
}

const (
	// fewLetters are what a picture without text is taken for when it is read.
	fewLetters = 12
	// few and scattered are how many letters of doubtful and of little confidence leaves, feathers or bricks are taken
	// for; a page of text that reads badly has more.
	few       = 40
	scattered = 200
)

// textured says that detection, which had shapes enough to look at, knows no way up for them and that reading them
// made as good as nothing: each further try would cost seconds and read leaves as letters.
func textured(o tesseract.Orientation, read attempt) bool {
	return o.Confidence < 1 && (read.weight < fewLetters || read.conf < 0.5 && read.weight < few || read.conf < 0.4 && read.weight < scattered)
}

// certain is the confidence from which orientation detection is accepted; lettered pages mostly reach twice that.
const certain = 4

const (
	// sureScript is the confidence in a script from which people are told of it.
	sureScript = 1.5
	// printed is the confidence with which the way up of print is known: where nothing can be read in print, the script that detection
	// takes it for counts, however much others resemble it. Of Korean and Chinese it is hardly ever surer than .2 and 1.
	printed = 3 * certain
	// likelyScript is enough confidence in the script of such a page where its print is less.
	likelyScript = 0.7
)

// takeScript takes the script that detection names; of a page that lies as it surely knows and that reads
// terribly, a guess at the script is worth a reading too.
func (p *page) takeScript(o tesseract.Orientation) {
	terrible := p.best.conf < 0.5 && p.best.weight >= 40 && o.Confidence >= certain
	is := terrible && (o.Confidence >= printed || o.ScriptConf > likelyScript)
	if is || o.ScriptConf > 0.5 || o.ScriptConf > 0.3 && terrible {
		p.script, p.scriptConf = o.Script, o.ScriptConf
		p.sure = is || o.ScriptConf > sureScript // a guess is worth a reading, not a word to people
	}
}

// turns are the quarter turns worth a reading.
func turns(o tesseract.Orientation, read attempt) []int {
	switch {
	case o.Confidence > 1 && o.Degrees != 0:
		if o.Confidence < certain {
			return []int{o.Degrees, o.Degrees + 180}
		}
		return []int{o.Degrees}
	case o.Confidence >= certain && byScript[o.Script] != nil:
		return nil
	case read.conf < 0.5 || read.weight < fewLetters:
		return []int{90, 270, 180}
	}
	return nil
}

// foreignTurns are the turns in which a page is read for the first time in letters that fit it.
func foreignTurns(o tesseract.Orientation) []int {
	switch {
	case o.Confidence >= certain:
		return []int{o.Degrees}
	case o.Confidence > 1:
		return []int{o.Degrees, o.Degrees + 180}
	}
	return []int{0, 90, 270, 180}
}

// language rereads with the language the first reading points to, when that one is installed.
func (p *page) language() error {
	if len(p.job.Languages) > 0 || p.best.weight == 0 {
		return nil
	}
	want, missing := p.r.betterModel(p.best, p.script)
	if p.sure || p.best.conf >= usable {
		p.missing = missing
	}
	if want == "" || want == p.best.langs {
		if p.best.conf >= usable {
			p.r.hint = p.best.langs
		}
		return nil
	}
	a, err := p.readUpright(want)
	if err != nil {
		return err
	}
	if p.tied(a) { // ties go to the better model
		p.best = a
		p.r.hint = want
	}
	return nil
}

// maxSameScript bounds the readings in other languages of one script.
const maxSameScript = 2

// sameScript reads a page that reads badly in the models that share its script: the Russian one reads most
// of Ukrainian, and stumbles over the rest.
func (p *page) sameScript() error {
	if len(p.job.Languages) > 0 || p.best.conf >= good || p.best.conf < 0.5 {
		return nil
	}
	used := p.best.langs
	n := 0
	for _, l := range byScript[scriptOf(wordsText(p.best.words))] {
		if n == maxSameScript {
			break
		}
		if l == used || !slices.Contains(p.r.Installed, l) {
			continue
		}
		n++
		a, err := p.readUpright(l)
		if err != nil {
			return err
		}
		if p.keep(a) && a.conf >= usable {
			p.r.hint = l
		}
	}
	return nil
}
