package raster

import (
	"bytes"
	"os"
	"testing"
)

// Of a WebP that was cut off the rows are read that are there.
func TestWhatIsLeftOfAWebP(t *testing.T) {
	for _, name := range []string{"moving.webp", "moving-alpha.webp"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := Decode("webp", data, 1<<20)
		if err != nil || whole.Cut {
			t.Fatalf("%s: %v", name, err)
		}
		one := still(data)
		some := 0
		for n := range len(one) - 2 {
			p, err := Decode("webp", one[:n], 1<<20)
			if err != nil {
				continue
			}
			w, h := p.Gray.Rect.Dx(), p.Gray.Rect.Dy()
			if h < whole.Gray.Rect.Dy() {
				some++
			}
			if !p.Cut || w != whole.Gray.Rect.Dx() || h > whole.Gray.Rect.Dy() {
				t.Errorf("%s, %d of %d bytes: %v, cut %v", name, n, len(one), p.Gray.Rect, p.Cut)
			}
			if n > len(one)*9/10 && !bytes.Equal(p.Gray.Pix[:w], whole.Gray.Pix[:w]) {
				t.Errorf("%s, %d of %d bytes: another first row", name, n, len(one))
			}
		}
		if some == 0 {
			t.Errorf("%s: no part of it was read", name)
		}
	}
}
