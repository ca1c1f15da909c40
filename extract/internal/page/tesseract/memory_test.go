package tesseract

import (
	"image"
	"runtime"
	"testing"
)

// Before a picture is read, what Go holds without a use goes back; the model of orientation is kept for all but large ones.
func TestMemoryGoesBackBeforeAPicture(t *testing.T) {
	e := engine(t)
	if _, err := e.Recognize(page(t, "Council"), 200, "eng", PSMAuto); err != nil {
		t.Fatal(err)
	}
	for side, kept := range map[int]bool{1000: true, 4200: false} {
		rubbish := make([]byte, 64<<20)
		for i := range rubbish {
			rubbish[i] = 1
		}
		runtime.KeepAlive(rubbish)
		g := image.NewGray(image.Rect(0, 0, side, side))
		_, _ = e.Orient(g, 200)
		if e.api != nil && !kept {
			t.Errorf("%d pixels a side: the models of languages are held too", side)
		}
		if (e.osd != nil) != kept {
			t.Errorf("%d pixels a side: the model is kept %v", side, e.osd != nil)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if held := m.HeapSys - m.HeapReleased; !kept && held > 48<<20 {
			t.Errorf("%d pixels a side: Go still holds %d MiB", side, held>>20)
		}
		runtime.KeepAlive(g)
	}
}
