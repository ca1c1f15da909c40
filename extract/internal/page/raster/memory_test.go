package raster

import (
	"image"
	"image/color"
	"runtime"
	"testing"
)

func TestPicturesThatMemoryDoesNotHold(t *testing.T) {
	const limit = 120_000_000
	baseline := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc0, 0, 4, 0, 0}
	scans := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc2, 0, 4, 0, 0}
	for _, c := range []struct {
		format string
		side   int
		model  color.Model
		data   []byte
		want   bool
	}{
		{"png", 10900, color.GrayModel, nil, true}, {"png", 11000, color.GrayModel, nil, false},
		{"png", 10900, color.NRGBAModel, nil, true}, {"png", 10900, color.NRGBA64Model, nil, false}, {"png", 8000, color.NRGBA64Model, nil, true},
		{"gif", 10900, color.Palette{}, nil, true},
		{"bmp", 10900, color.RGBAModel, make([]byte, 400<<20), false},
		{"tiff", 10900, color.GrayModel, nil, true}, {"tiff", 10900, color.RGBAModel, nil, false},
		{"jpeg", 10900, color.YCbCrModel, baseline, true}, {"jpeg", 10900, color.YCbCrModel, scans, false}, {"jpeg", 6000, color.YCbCrModel, scans, true},
		{"jpeg", 6000, color.YCbCrModel, []byte{0xff, 0xd8, 0xff}, true},
	} {
		if got := affords(c.format, image.Config{ColorModel: c.model, Width: c.side, Height: c.side}, c.data, limit); got != c.want {
			t.Errorf("%s of %d by %d: %v", c.format, c.side, c.side, got)
		}
	}
}

// What a picture was made of is gone before a large one is made, not when the collector gets to it.
func TestALargePictureIsMadeAfterACollection(t *testing.T) {
	const side = 3000
	gone := make(chan struct{})
	func() {
		before := NewGray(image.Rect(0, 0, side, side))
		runtime.SetFinalizer(before, func(*image.Gray) { close(gone) })
	}()
	var m, after runtime.MemStats
	runtime.ReadMemStats(&m)
	g := NewGray(image.Rect(0, 0, side, side))
	runtime.ReadMemStats(&after)
	if after.NumForcedGC == m.NumForcedGC {
		t.Error("nothing was collected")
	}
	<-gone
	NewGray(image.Rect(0, 0, 1000, 1000))
	if runtime.ReadMemStats(&m); m.NumForcedGC != after.NumForcedGC {
		t.Error("it is collected for a small one too")
	}
	runtime.KeepAlive(g)
}
