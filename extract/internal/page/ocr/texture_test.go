package ocr

import (
	"image"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// leaves reads n letters of little confidence in every picture, whichever way it lies.
type leaves struct {
	n, reads int
	orient   tesseract.Orientation
}

func (e *leaves) Recognize(*image.Gray, int, string, int) ([]tesseract.Word, error) {
	e.reads++
	var words []tesseract.Word
	for i := 0; i < e.n; i += 6 {
		conf := 0.2
		if i%120 == 0 { // of a page without any word that is read nothing is given
			conf = 0.9
		}
		words = append(words, tesseract.Word{X0: i * 10, X1: i*10 + 50, Y1: 20, Text: "seeeee", Conf: conf})
	}
	return words, nil
}

func (e *leaves) Orient(*image.Gray, int) (tesseract.Orientation, bool) { return e.orient, true }

// A photograph costs one reading and yields no text; a page of letters that read badly is tried in every way.
func TestAPhotographIsNotReadAgainAndAgain(t *testing.T) {
	for _, c := range []struct {
		name      string
		n, reads  int
		certainty float64
		text      bool
	}{
		{"nothing like letters", 0, 1, 0.3, false},
		{"leaves that look like letters", 120, 1, 0.3, false},
		{"nothing, and a turn named that reads no better", 0, 2, 2.6, false},
		{"a page that reads badly", 600, 2, 0.3, true},
	} {
		e := &leaves{n: c.n, orient: tesseract.Orientation{Degrees: 180, Confidence: c.certainty}}
		r := &Reader{Engine: e, Installed: []string{"eng"}}
		got, err := r.Page(Job{Render: func(int) (*image.Gray, int, error) { return marked(), 300, nil }})
		if err != nil || (got.Text != "") != c.text {
			t.Errorf("%s: %d bytes of text, %v", c.name, len(got.Text), err)
		}
		if !c.text && e.reads > c.reads || c.text && e.reads < c.reads {
			t.Errorf("%s: read %d times, want %d", c.name, e.reads, c.reads)
		}
	}
}
