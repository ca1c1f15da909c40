package ocr

import (
	"image"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// row lays words out one after the other in the direction given.
func row(text string, dx, dy int) []tesseract.Word {
	var out []tesseract.Word
	for i, t := range strings.Fields(text) {
		w, h := 80, 20
		if dx == 0 {
			w, h = h, w
		}
		x, y := 2000+100*i*dx, 2000+100*i*dy
		out = append(out, tesseract.Word{X0: x, Y0: y, X1: x + w, Y1: y + h, Text: t, Conf: 0.95})
	}
	return out
}

func TestTheTurnThatTesseractUndidIsSeen(t *testing.T) {
	const text = "Several words that stand beside each other"
	for _, c := range []struct{ dx, dy, want int }{{1, 0, 0}, {0, 1, 270}, {0, -1, 90}} {
		if got := sideways(row(text, c.dx, c.dy)); got != c.want {
			t.Errorf("words towards %d, %d: turned by %d, want %d", c.dx, c.dy, got, c.want)
		}
	}
}

const spanish = "La biblioteca municipal abrirá sus puertas al público durante los meses de verano, y los vecinos podrán llevarse a casa hasta cinco libros. "

func TestALanguageThatIsNotInstalledIsNamed(t *testing.T) {
	read := newAttempt(row(strings.Repeat(spanish, 4), 1, 0), "eng", pose{})
	bad := read
	bad.conf = 0.4
	for name, c := range map[string]struct {
		installed     []string
		read          attempt
		script        string
		want, missing string
	}{
		"installed":        {[]string{"eng", "spa"}, read, "", "spa", ""},
		"missing":          {[]string{"eng"}, read, "", "", "spa"},
		"noise":            {[]string{"eng"}, bad, "", "", ""},
		"a missing script": {[]string{"eng"}, bad, "Cyrillic", "", "rus"},
		"another of it":    {[]string{"eng", "ukr"}, bad, "Cyrillic", "ukr", ""},
		"a good reading":   {[]string{"eng", "spa"}, read, "Cyrillic", "spa", ""},
	} {
		r := &Reader{Installed: c.installed}
		if want, missing := r.betterModel(c.read, c.script); want != c.want || missing != c.missing {
			t.Errorf("%s: %q and %q missing, want %q and %q", name, want, missing, c.want, c.missing)
		}
	}
}

// A model for Chinese reads the page larger than one for Latin letters does.
func TestDenseSignsAreReadLarger(t *testing.T) {
	width := map[string]int{}
	for _, lang := range []string{"eng", "chi_sim"} {
		e := &sizes{}
		p := &page{r: &Reader{Engine: e}, pose: pose{letters: 30}, clear: image.NewGray(image.Rect(0, 0, 900, 900)), dpi: 300}
		if _, err := p.readUpright(lang); err != nil {
			t.Fatal(err)
		}
		width[lang] = e.width
	}
	if width["eng"] >= 900 || width["chi_sim"] != 900 {
		t.Errorf("widths read: %v", width)
	}
}

type sizes struct{ width int }

func (s *sizes) Recognize(img *image.Gray, _ int, _ string, _ int) ([]tesseract.Word, error) {
	s.width = img.Rect.Dx()
	return nil, nil
}

func (s *sizes) Orient(*image.Gray, int) (tesseract.Orientation, bool) {
	return tesseract.Orientation{}, false
}

func TestScript(t *testing.T) {
	for text, want := range map[string]string{"": "", "12 %": "", "A line": "Latin", "Отчёт, page 2": "Cyrillic", "Ετήσια έκθεση": "Greek", "年次報告 A": "Han"} {
		if got := scriptOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
