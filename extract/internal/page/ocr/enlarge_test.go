package ocr

import (
	"image"
	"testing"
)

// A large page that says a low resolution was enlarged until memory ran out.
func TestEnlargingIsBounded(t *testing.T) {
	for side, most := range map[int]int{1000: 3000, 2600: 4900, 5200: 5200} {
		f := pose{}.factor(image.NewGray(image.Rect(0, 0, side, side)), 70)
		if got := int(float64(side) * f); got > most || got < most*99/100 {
			t.Errorf("%d pixels become %d, want %d", side, got, most)
		}
	}
}
