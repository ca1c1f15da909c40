package ocr

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// engine reads well only what lies upright: its mark is then in the upper left quarter.
type engine struct {
	orient tesseract.Orientation
	ok     bool
	reads  int
}

func (e *engine) Recognize(img *image.Gray, _ int, langs string, _ int) ([]tesseract.Word, error) {
	e.reads++
	conf, text := 0.3, "tqrf"
	if w, h := img.Rect.Dx(), img.Rect.Dy(); h > w && img.GrayAt(w/4, h/4).Y < 100 {
		conf, text = 0.96, "meeting"
	}
	words := make([]tesseract.Word, 0, 40)
	for i := range 40 {
		words = append(words, tesseract.Word{X0: 20 * i, X1: 20*i + 18, Y1: 30, Line: i / 8, Text: text, Conf: conf})
	}
	return words, nil
}

func (e *engine) Orient(*image.Gray, int) (tesseract.Orientation, bool) { return e.orient, e.ok }

// marked is a page with a black square in its upper left quarter.
func marked() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 400, 600))
	for i := range g.Pix {
		g.Pix[i] = 255
		if x, y := i%400, i/400; x > 60 && x < 140 && y > 110 && y < 190 {
			g.Pix[i] = 0
		}
	}
	return g
}

func TestPageIsTurnedUpright(t *testing.T) {
	for _, turned := range []int{0, 90, 180, 270} {
		for _, sure := range []bool{true, false} {
			e := &engine{ok: sure, orient: tesseract.Orientation{Degrees: (360 - turned) % 360, Confidence: 9}}
			r := &Reader{Engine: e, Installed: []string{"eng"}}
			pic := raster.Turn(marked(), turned)
			got, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return pic, 200, nil }})
			if err != nil || got.Confidence < 0.9 {
				t.Errorf("turned by %d, sure %v: %.2f %v after %d readings", turned, sure, got.Confidence, err, e.reads)
			}
			if turned == 0 && e.reads > 1 {
				t.Errorf("a good page was read %d times", e.reads)
			}
		}
	}
}

func TestReads(t *testing.T) {
	r := &Reader{Installed: []string{"eng", "deu", "rus"}}
	for text, want := range map[string]bool{
		"": true, "1234 +++": true, "An English text": true, "Отчёт о работе": true,
		"本手册介绍了打包": false, "これはマニュアルです": false, "תיק עבודה": false, "Debian 打包": true,
	} {
		if got := r.Reads(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// A page photographed askew is read with level lines.
func TestAPhotographedPageIsMadeLevel(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 900, 1200))
	for i := range g.Pix {
		g.Pix[i] = 255
		if x, y := i%900, i/900; x > 100 && x < 800 && y > 100 && y < 1100 && x%12 < 7 && y%40 < 14 {
			g.Pix[i] = 10
		}
	}
	bent := raster.Unbend(g, -2, 2)
	p, _ := look(bent, bent)
	if p.bend > -3 || p.bend < -5 {
		t.Fatalf("bend %.2f, want about -4", p.bend)
	}
	level, _ := pose{skew: p.skew, bend: p.bend}.upright(bent, 200)
	if after, _ := look(level, level); after.bend != 0 || after.skew != 0 {
		t.Errorf("afterwards %+v", after)
	}
}

// babel reads well in the language and the turn that fit a page marked in its upper left quarter.
type babel struct {
	orient tesseract.Orientation
	fits   string
	asked  []string
}

func (e *babel) Recognize(img *image.Gray, _ int, langs string, _ int) ([]tesseract.Word, error) {
	e.asked = append(e.asked, langs)
	conf := 0.3
	if w, h := img.Rect.Dx(), img.Rect.Dy(); langs == e.fits && h > w && img.GrayAt(w/4, h/4).Y < 100 {
		conf = 0.95
	}
	words := make([]tesseract.Word, 0, 40)
	for i := range 40 {
		words = append(words, tesseract.Word{X0: 20 * i, X1: 20*i + 18, Y1: 9, Line: i / 8, Text: "tqrf", Conf: conf})
	}
	return words, nil
}

func (e *babel) Orient(*image.Gray, int) (tesseract.Orientation, bool) { return e.orient, true }

// The wrong letters read badly whichever way the page lies: the script decides before the turn.
func TestForeignLettersAreReadInTheirModelBeforeThePageIsTurned(t *testing.T) {
	for name, c := range map[string]struct {
		turned    int
		orient    tesseract.Orientation
		installed []string
		asked     string
		missing   string
	}{
		"upright":           {0, tesseract.Orientation{Confidence: 14, Script: "Arabic", ScriptConf: 32}, []string{"eng", "ara"}, "eng ara", ""},
		"upside down":       {180, tesseract.Orientation{Degrees: 180, Confidence: 9, Script: "Arabic", ScriptConf: 32}, []string{"eng", "ara"}, "eng ara", ""},
		"a guess at it":     {0, tesseract.Orientation{Confidence: 6, Script: "Korean", ScriptConf: 0.39}, []string{"eng", "kor"}, "eng kor", ""},
		"not installed":     {0, tesseract.Orientation{Confidence: 14, Script: "Hebrew", ScriptConf: 32}, []string{"eng"}, "eng eng", "heb"},
		"print, no model":   {0, tesseract.Orientation{Confidence: 14, Script: "Korean", ScriptConf: 0.06}, []string{"eng"}, "eng eng", "kor"},
		"signs, no model":   {0, tesseract.Orientation{Confidence: 5, Script: "Han", ScriptConf: 1.2}, []string{"eng"}, "eng eng", "chi_sim"},
		"print, its model":  {0, tesseract.Orientation{Confidence: 14, Script: "Korean", ScriptConf: 0.06}, []string{"eng", "kor"}, "eng kor", ""},
		"unknown letters":   {0, tesseract.Orientation{Confidence: 9, Script: "Latin", ScriptConf: 0.6}, []string{"eng"}, "eng eng eng eng eng eng eng", ""},
		"a guess, no model": {0, tesseract.Orientation{Confidence: 6, Script: "Korean", ScriptConf: 0.39}, []string{"eng"}, "eng eng eng eng", ""},
	} {
		e := &babel{orient: c.orient, fits: c.installed[len(c.installed)-1]}
		lacks := len(c.installed) == 1
		if lacks {
			e.fits = "another"
		}
		r := &Reader{Engine: e, Installed: c.installed}
		pic := raster.Turn(marked(), c.turned)
		got, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return pic, 300, nil }})
		if asked := strings.Join(e.asked, " "); err != nil || asked != c.asked || got.Scan.Missing != c.missing || !lacks && got.Confidence < 0.9 || lacks && got.Scan.Turned != 0 {
			t.Errorf("%s: asked %s, %.2f %+v %v", name, asked, got.Confidence, got.Scan, err)
		}
	}
}

// tongues reads Cyrillic letters, better in one language than in the other.
type tongues struct {
	babel
	conf map[string]float64
}

func (e *tongues) Recognize(_ *image.Gray, _ int, langs string, _ int) ([]tesseract.Word, error) {
	e.asked = append(e.asked, langs)
	words := make([]tesseract.Word, 0, 40)
	for i := range 40 {
		words = append(words, tesseract.Word{X0: 20 * i, X1: 20*i + 18, Y1: 9, Line: i / 8, Text: "рада", Conf: e.conf[langs]})
	}
	return words, nil
}

func TestALanguageOfTheSameScriptIsTried(t *testing.T) {
	for name, c := range map[string]struct {
		rus       float64
		installed []string
		asked     string
	}{
		"reads badly":       {0.8, []string{"eng", "rus", "ukr"}, "eng rus ukr"},
		"reads well":        {0.95, []string{"eng", "rus", "ukr"}, "eng rus"},
		"none is installed": {0.8, []string{"eng", "rus"}, "eng rus"},
	} {
		e := &tongues{babel: babel{orient: tesseract.Orientation{Confidence: 9, Script: "Cyrillic", ScriptConf: 2}}, conf: map[string]float64{"eng": 0.4, "rus": c.rus, "ukr": 0.95}}
		r := &Reader{Engine: e, Installed: c.installed}
		got, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return marked(), 300, nil }})
		asked := strings.Join(e.asked, " ")
		if err != nil || !strings.HasPrefix(asked, c.asked) || strings.Contains(asked, "ukr") != strings.Contains(c.asked, "ukr") {
			t.Errorf("%s: asked %s, got %s %v", name, asked, got.Language, err)
		}
		if strings.HasSuffix(c.asked, "ukr") && (got.Language != "ukr" || r.hint != "ukr") {
			t.Errorf("%s: language %s, the next page in %s", name, got.Language, r.hint)
		}
	}
}

// An English receipt that is too pale for most of its letters is not in Arabic because detection thinks so.
func TestALanguageIsNotMissingWhereWordsAreReadWithoutDoubt(t *testing.T) {
	p := &page{script: "Arabic", missing: "ara"}
	for i, conf := range []float64{0.95, 0.9, 0.2, 0.1, 0.3, 0.2} {
		p.best.words = append(p.best.words, tesseract.Word{Text: []string{"Bread", "Butter", "qwj", "xkzp", "vvl", "ttrq"}[i], Conf: conf})
	}
	p.best.weight, p.best.conf = 25, 0.45
	if got := p.missingLanguage(); got != "" {
		t.Errorf("%q is missing", got)
	}
	p.best.words = p.best.words[2:]
	if got := p.missingLanguage(); got != "ara" {
		t.Errorf("%q is missing, want ara", got)
	}
}

// A map may look Cyrillic to detection: when its letters are read well after all, nothing is missing.
func TestALanguageIsNotMissingWhereTheLettersWereRead(t *testing.T) {
	for conf, want := range map[float64]string{0.4: "rus", 0.65: ""} {
		p := &page{script: "Cyrillic", missing: "rus", best: attempt{conf: conf}}
		if got := p.missingLanguage(); got != want {
			t.Errorf("read with %.2f: %q is missing, want %q", conf, got, want)
		}
	}
	p := &page{script: "Cyrillic", missing: "spa", best: attempt{conf: 0.9}}
	if p.missingLanguage() != "spa" {
		t.Error("the language of a page that was read well is forgotten")
	}
}

// What the machine lacks is not the document's fault.
func TestAMissingLibraryIsNoDamage(t *testing.T) {
	r := &Reader{Engine: fails{fmt.Errorf("x: %w", tesseract.ErrMissing)}}
	_, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return marked(), 200, nil }})
	if f := doc.AsFail(err); f.Code != doc.CodeLanguageMissing || !f.Transient {
		t.Errorf("got %v", err)
	}
}

type fails struct{ err error }

func (f fails) Recognize(*image.Gray, int, string, int) ([]tesseract.Word, error) { return nil, f.err }
func (f fails) Orient(*image.Gray, int) (o tesseract.Orientation, ok bool)        { return o, false }

type resting struct {
	engine
	closed int
}

func (r *resting) Close() { r.closed++ }

// An engine that can give its memory back does when it is asked to; any other is left as it is.
func TestTheEngineRests(t *testing.T) {
	e := &resting{}
	(&Reader{Engine: e}).Rest()
	(&Reader{Engine: &engine{}}).Rest()
	if e.closed != 1 {
		t.Errorf("closed %d times", e.closed)
	}
}
