package worker

import (
	"image"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

// Pictures are reduced for their pixels, not for their length: the letters of a long screenshot stay.
func TestFit(t *testing.T) {
	for _, c := range []struct{ w, h, dpi, wantW, wantDPI int }{
		{600, 9000, 0, 600, 0}, {9000, 600, 0, 9000, 0}, {4000, 3000, 300, 4000, 300},
		{3400, 4400, 400, 2550, 300}, {10000, 10000, 0, 5000, 0}, {40000, 100, 300, 30000, 225},
	} {
		g, dpi := fit(raster.Picture{Gray: image.NewGray(image.Rect(0, 0, c.w, c.h)), DPI: c.dpi})
		if g.Rect.Dx() != c.wantW || dpi != c.wantDPI {
			t.Errorf("%d by %d at %d dpi: %v at %d, want %d wide at %d", c.w, c.h, c.dpi, g.Rect.Size(), dpi, c.wantW, c.wantDPI)
		}
	}
}
