package pdf

import (
	"errors"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// Recognition takes many bytes a pixel: a page of any size is drawn within bounds, and as finely as they allow.
func TestDrawingsAreBounded(t *testing.T) {
	for box, want := range map[string]int{"595 842": 300, "1684 2384": 176, "9000 9000": 39, "20000 10": 72, "30000 10": 48, "14400 99999": 0} {
		src, err := Open(save(t, []byte(strings.Replace(string(build("", show(50, 50, 12, "x"))), "595 842", box, 1))), limits, nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", box, err)
		}
		g, dpi, err := src.(*file).render(0, 300)
		if want == 0 {
			if !errors.Is(err, mupdf.ErrTooLarge) {
				t.Errorf("%s: %v, want %v", box, err, mupdf.ErrTooLarge)
			}
		} else if err != nil || dpi != want || len(g.Pix) > drawnPixels*101/100 {
			t.Errorf("%s points: %d dpi, want %d (%v)", box, dpi, want, err)
		}
		src.Close()
	}
}
