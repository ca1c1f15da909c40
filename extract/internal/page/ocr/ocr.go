// Package ocr decides how a gray page is read: straightened, in which language, at which
// resolution, and whether a second try is better.
package ocr

import (
	"image"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// Result of one page.
type Result struct {
	Text       string
	Confidence float64 // mean over words, weighted by their length; 0 without words
	Language   string
	Marks      []doc.Mark
	Scan       doc.Scan
	// Sure are some of its words, each once, that are right rather than wrong: something to hold another reading against.
	Sure []string
	// Illegible says that the page has letters of which no installed model reads a word. What would be made up of them is left out.
	Illegible bool
}

// Page is the result as a page of a document.
func (r Result) Page() doc.Page {
	if r.Text == "" && r.Scan.Missing == "" && !r.Illegible {
		return doc.Page{Method: doc.MethodEmpty, Confidence: 1}
	}
	page := doc.Page{Text: r.Text, Method: doc.MethodOCR, Confidence: r.Confidence, Language: r.Language, Marks: r.Marks, Scan: r.Scan}
	if r.Illegible {
		page.Unread = append(page.Unread, doc.UnreadLetters)
	}
	return page
}

// Recognizer is the engine; tests replace it.
type Recognizer interface {
	Recognize(img *image.Gray, dpi int, langs string, psm int) ([]tesseract.Word, error)
	Orient(img *image.Gray, dpi int) (tesseract.Orientation, bool)
}

// Reader reads pages with one engine and remembers the language from page to page.
type Reader struct {
	Engine    Recognizer
	Installed []string // languages that may be used, without osd
	// Begin is called before a page is drawn and recognised, may be nil.
	Begin func()
	// Show, where not nil, is given a page that is nothing but a picture in place of its being read: somebody wants to see it. Nothing is
	// recognised then.
	Show func(Job)
	hint string // what fitted the previous page
}

// Rest has the engine give its memory back until a page is read again: some other work needs very much.
func (r *Reader) Rest() {
	if e, ok := r.Engine.(interface{ Close() }); ok {
		e.Close()
	}
}

const (
	good    = 0.88 // a page read this well is not tried again
	usable  = 0.75 // below this the orientation is doubted
	workDPI = 200
	fineDPI = 300
)

// Job is one page to read.
type Job struct {
	// Render gives the page at a resolution in dots per inch. A picture file ignores the wish and
	// answers with its own, 0 when that is not known.
	Render func(dpi int) (*image.Gray, int, error)
	// Languages to use instead of detecting.
	Languages []string
	// Drawn says that the page was drawn by a program: it stands upright and is clean, so what
	// reads badly will not read better turned or cleaned.
	Drawn bool
	// Anything says that the picture may show anything at all: one without rows of letters is not read.
	Anything bool
	// Whole says that the picture is all there is on the page: its text may take the place of the page's.
	Whole bool
}

// Page reads a page.
func (r *Reader) Page(j Job) (Result, error) {
	if r.Show != nil {
		if j.Whole {
			r.Show(j)
		}
		return Result{}, nil
	}
	if r.Begin != nil {
		r.Begin()
	}
	p := &page{r: r, job: j}
	if ink, err := p.open(); err != nil || !ink {
		return Result{}, err
	}
	if j.Anything && !lettered(p.img) {
		return Result{}, nil
	}
	if err := p.first(); err != nil {
		return Result{}, err
	}
	if p.texture {
		if raster.WithoutBorder(p.img) != p.img { // else the edges of a scan could be what looks like one
			if err := p.anew(r.start(j.Languages)); err != nil {
				return Result{}, err
			}
		}
		return p.photograph(), nil
	}
	if err := p.improve(); err != nil {
		return Result{}, err
	}
	missing, illegible := p.missingLanguage(), p.best.illegible()
	if missing != "" || illegible {
		p.best.words = legible(p.best.words)
	}
	out := p.best.result()
	out.Scan.Missing, out.Illegible = missing, illegible && missing == ""
	return out, nil
}

// photograph is what was read in a picture that is none of text: the words of a sign, or nothing.
func (p *page) photograph() Result {
	if p.best.conf < 0.5 {
		return Result{}
	}
	return p.best.result()
}

// readable is the confidence from which the letters of a page surely are of the script they were read in.
const readable = 0.6

// plausible is the confidence below which what was read on another try is rubbish like what was read before.
const plausible = 0.5

// missingLanguage is the language that is missing for the page: not one of a script that the page is not in after all.
func (p *page) missingLanguage() string {
	if slices.Contains(byScript[p.script], p.missing) && !p.foreign() && (p.best.conf >= readable || p.best.wellRead() >= latinShare) {
		return ""
	}
	return p.missing
}

const (
	// foreignScript is the confidence in a script from which some lines that read well in another do not speak against it: the head of a form.
	foreignScript = 5
	// foreignShare is the least share of its letters that stand in lines that read as rubbish. A pale page reads badly all over, and nowhere so badly.
	foreignShare = 0.4
)

// foreign says that a page is in the script that detection names although part of it is read well: figures, or a head.
func (p *page) foreign() bool {
	if p.best.unknown() {
		return true
	}
	n := 0
	for _, l := range linesOf(p.best.words) {
		if l.conf < plausible {
			n += l.letters
		}
	}
	return p.scriptConf >= foreignScript && float64(n) >= foreignShare*float64(p.best.weight)
}

// legible are the words of the lines that are read well on a page in letters that no installed model knows: the rest is made up.
func legible(words []tesseract.Word) (out []tesseract.Word) {
	for _, l := range linesOf(words) {
		if conf, _, n := spelled(l.words); l.conf >= readable && (n < 2 || conf >= readable) {
			out = append(out, l.words...)
		}
	}
	return out
}

// spelled is the confidence of what has more letters than figures, the part of its letters in words of some length that were read without doubt, and
// how many letters it has. Figures are read well on slips in any script.
func spelled(words []tesseract.Word) (conf, well float64, n int) {
	for _, w := range words {
		k := 0
		for _, c := range w.Text {
			if unicode.IsLetter(c) {
				k++
			}
		}
		if 2*k <= utf8.RuneCountInString(w.Text) {
			continue
		}
		n += k
		conf += w.Conf * float64(k)
		if k >= 4 && w.Conf >= 0.85 {
			well += float64(k)
		}
	}
	return conf / float64(max(1, n)), well / float64(max(1, n)), n
}

const (
	// unknownWell is the most of the letters that is read without doubt of a page in letters that the model does not know, and unknownLetters how many say so.
	unknownWell, unknownLetters = 0.06, 24
	// noneWell is that of a page of which no script is known either, and which reads as rubbish from end to end; noneLetters are more, to be sure.
	noneWell, noneLetters = 0.01, 40
	rubbish               = 0.45
)

// unknown says that next to no word of a page was read, whatever became of its figures.
func (a attempt) unknown() bool {
	conf, well, n := spelled(a.words)
	return n >= unknownLetters && conf < plausible && well < unknownWell
}

// illegible says that no word at all was read of a page with many letters: written by hand, or in letters that neither a model nor detection knows.
func (a attempt) illegible() bool {
	conf, well, n := spelled(a.words)
	return n >= noneLetters && conf < rubbish && well < noneWell
}

// latinShare is the share of letters that are read well of a page that is in the script it was read in, however bad the rest is: a pale
// receipt. Letters of another script hardly ever read as long words without doubt.
const latinShare = 0.25

// wellRead is the share of the letters that stand in words of some length and were read without doubt.
func (a attempt) wellRead() float64 {
	n := 0
	for _, w := range a.words {
		if k := letters(w.Text); k >= 4 && w.Conf >= 0.85 {
			n += k
		}
	}
	return float64(n) / float64(max(1, a.weight))
}

// attempt is one recognition of a page.
type attempt struct {
	words  []tesseract.Word
	langs  string
	conf   float64
	weight int
	height int // of the picture that was read, in pixels
	rules  rules
	pose   pose
}

// score compares attempts: confidence times how much was read, with diminishing returns.
func (a attempt) score() float64 { return a.conf * a.conf * math.Log2(2+float64(a.weight)) }

func (a attempt) result() Result {
	height, side := a.height, sideways(a.words)
	if side != 0 {
		height = 0 // lines that run down the page say nothing of rows and margins
	}
	text, marks := assemble(a.words, height, a.rules)
	return Result{Text: text, Confidence: a.conf, Language: a.langs, Marks: marks,
		Scan: doc.Scan{Script: scriptOf(text), Turned: (a.pose.turn + side) % 360, Skew: a.pose.skew}, Sure: a.sure()}
}

const (
	// Of a page that is read badly as a whole few words have more, and most that have so much are right; shorter words come up in dust too.
	sureConf  = 0.5
	leastSure = 5 // letters
	// MaxSure is how many words Result.Sure has, MaxSureBytes how long one of them is.
	MaxSure      = 200
	MaxSureBytes = 80
)

// sure are the words of some length that are right rather than wrong.
func (a attempt) sure() (out []string) {
	seen := map[string]bool{}
	for _, w := range a.words {
		t := strings.ToValidUTF8(strings.TrimFunc(w.Text, func(r rune) bool { return !isWordRune(r) }), "")
		if w.Conf < sureConf || letters(t) < leastSure || len(t) > MaxSureBytes || seen[t] {
			continue
		}
		seen[t] = true
		if out = append(out, t); len(out) == MaxSure {
			break
		}
	}
	return out
}

func newAttempt(words []tesseract.Word, langs string, how pose) attempt {
	a := attempt{langs: langs, pose: how}
	words = dropNoise(words)
	words = wholeFigures(words, letterPlace(linesOf(words)), sameLine)
	a.words = words
	var sum float64
	for _, w := range words {
		n := letters(w.Text)
		if n == 0 {
			continue
		}
		sum += w.Conf * float64(n)
		a.weight += n
	}
	if a.weight > 0 {
		a.conf = sum / float64(a.weight)
	}
	return a
}

// sideways is the quarter turn that tesseract undid by itself: it reads lines that run down or up
// the page, and only the places of the words tell.
func sideways(words []tesseract.Word) int {
	down, up, level := 0, 0, 0
	for i, w := range words {
		if letters(w.Text) < 4 {
			continue
		}
		if w.X1-w.X0 >= w.Y1-w.Y0 {
			level++
			continue
		}
		if i > 0 && words[i-1].Line == w.Line && words[i-1].Block == w.Block {
			if words[i-1].Y0 < w.Y0 {
				down++
			} else {
				up++
			}
		}
	}
	switch {
	case level >= down+up:
		return 0
	case down > up:
		return 270
	}
	return 90
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
func dropNoise(words []tesseract.Word) []tesseract.Word {
	out := words[:0:0]
	for _, w := range words {
		if w.Conf < 0.30 && letters(w.Text) <= 1 && utf8.RuneCountInString(w.Text) <= 2 {
			continue
		}
		if w.Conf < 0.60 && letters(w.Text) == 0 && strings.Trim(w.Text, "|_~=—-–.,'`‘’:;\\/") == "" {
			continue
		}
		if w.Conf < 0.10 && letters(w.Text) < 5 { // a longer one is a word read badly, not dust
			continue
		}
		out = append(out, w)
	}
	return out
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
