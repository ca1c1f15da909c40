package ocr

import (
	"image"
	"math"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

const (
	lookSide   = 700  // pixels along the shorter side of the copy on which a page is looked at
	letterSize = 17.5 // height of an x in pixels at which models read best; more only costs time
	tooLarge   = 19   // above this a page is reduced
	tooSmall   = 11   // below this it is drawn finer, or enlarged
	leastSkew  = 0.35 // degrees of skew that reading does not notice
	letterGap  = 48   // pixels that strokes of letters are thick at most, where the ground behind them is looked for
)

// pose is what was found out about how a page lies and how it was lit.
type pose struct {
	turn    int     // clockwise degrees that make it upright
	skew    float64 // degrees by which lines rise to the right
	bend    float64 // degrees by which lines at the bottom rise more than lines at the top
	letters float64 // height of an x in pixels, 0 when unknown
	invert  bool
	uneven  bool
	noisy   bool
	screen  bool // printed dots behind rows or columns
	pale    bool // ink hardly darker than its paper
	shaded  bool // gray grounds behind rows or columns
	dark    bool // light type on dark grounds
}

// reduced is the copy on which a page is looked at.
func reduced(img *image.Gray) *image.Gray {
	return raster.Shrink(img, max(1, min(img.Rect.Dx(), img.Rect.Dy())/lookSide))
}

// look finds what makes the page hard to read, its small angle and its size of type, on a reduced
// copy; the quarter turn is looked for only when reading goes badly. undotted is the page without printed dots, nil where it has none.
func look(img, small *image.Gray) (p pose, undotted *image.Gray) {
	k := img.Rect.Dy() / small.Rect.Dy()
	p.noisy = raster.Noisy(img)
	large := len(img.Pix) > keptPixels // there is no room for the copies that dots, pale ink and dark grounds take
	if p.screen = !large && !p.noisy && raster.Screened(img); p.screen {
		without := raster.Unscreened(img)
		if left := reduced(without); ofDots(small, left) {
			p.screen, p.pale = false, true // its type is as thin as that of a pale page
		} else {
			img, small, undotted = without, left, without
		}
	}
	if p.pale = p.pale || !large && raster.Pale(small); p.pale {
		img = darkened(img, paleGrain)
		small = reduced(img)
	}
	if p.invert = raster.Negative(small); p.invert {
		small = raster.Inverted(small)
	}
	if p.dark = !large && raster.Dark(small, letterGap/k); p.dark {
		small = raster.Undarkened(small, letterGap/k)
	}
	p.uneven = raster.Uneven(small)
	if p.shaded = raster.Shaded(small, letterGap/k); p.shaded {
		even := raster.Unshaded(small, letterGap/k)
		if p.uneven = p.uneven && raster.Uneven(even); !p.uneven { // bars and columns look like uneven light, and evening that blurs what stands on them
			small = even
		}
	}
	if p.uneven { // which grounds are evened with
		p.shaded = false
		small = raster.Flatten(small)
	}
	p.letters = float64(raster.LetterHeight(small) * k)
	// The strokes of small type are as thin as specks and would go with them.
	p.noisy = p.noisy && (p.letters == 0 || p.letters >= tooSmall)
	p.skew, p.bend = skewOf(small)
	return p, undotted
}

// skewOf is the skew worth undoing, and the bend of a page that was photographed askew.
func skewOf(img *image.Gray) (skew, bend float64) {
	skew, bend, ok := raster.Skew(img)
	if !ok || bend == 0 && math.Abs(skew) <= leastSkew {
		return 0, 0
	}
	return skew, bend
}

// clean applies what is known of the page's light and grain.
func (p pose) clean(img *image.Gray) *image.Gray {
	if p.screen {
		img = raster.Unscreened(img)
	}
	return p.lit(img)
}

// cleanFrom is clean of img, from undotted where look has made that.
func (p pose) cleanFrom(img, undotted *image.Gray) *image.Gray {
	if undotted != nil {
		return p.lit(undotted)
	}
	return p.clean(img)
}

// lit is what cleaning does where printed dots are gone already.
func (p pose) lit(img *image.Gray) *image.Gray {
	if p.pale {
		img = darkened(img, max(paleGrain, p.letters*dotGrain))
	}
	if p.invert {
		img = raster.Inverted(img)
	}
	if p.dark {
		img = raster.Undarkened(img, letterGap)
	}
	if p.noisy || p.screen && p.letters >= tooSmall { // what dots have left at letters is as thin as specks
		img = raster.Median3(img)
	}
	if p.uneven {
		img = raster.Flatten(img)
	}
	if p.shaded {
		img = raster.Unshaded(img, letterGap)
	}
	if p.noisy || p.uneven || p.invert {
		img = raster.Stretch(img)
	}
	return img
}

const (
	// paleGrain is over how many pixels a pale page is smoothed: its grain is as strong as its ink once that has all the contrast there is.
	paleGrain = 0.9
	// dotGrain is the part of the height of letters over which one is smoothed whose type is large: a printer's dots are a ninth or seventh of it apart,
	// and read as strokes when they flow together.
	dotGrain = 1.0 / 16
	// dotsLeft is the most of its ink that a page has left whose type is made of dots, when these were taken for a screen and taken away.
	dotsLeft = 0.5
)

// darkened is a pale page with all the contrast there is, smoothed over so many pixels.
func darkened(img *image.Gray, grain float64) *image.Gray {
	return raster.Stretch(raster.Flatten(raster.Blurred(img, grain)))
}

// ofDots says that the dots that were taken away are the type of the page: most of the ink went with them, and what is left is smaller than letters were.
func ofDots(before, left *image.Gray) bool {
	return raster.Ink(left) < dotsLeft*raster.Ink(before) && raster.LetterHeight(left) < raster.LetterHeight(before)
}

// resolution guesses the dots per inch of a page that does not say: type is mostly of 10 or 11
// points, and a page about 8 inches wide.
func (p pose) resolution(img *image.Gray) int {
	if p.letters > 0 {
		return int(13 * p.letters)
	}
	return min(max(min(img.Rect.Dx(), img.Rect.Dy())*10/83, 70), 400)
}

// factor brings letters to the size at which they are read best.
func (p pose) factor(img *image.Gray, dpi int) float64 {
	f := 1.0
	switch {
	case p.letters > tooLarge:
		f = max(0.3, letterSize/p.letters)
	case p.letters > 0 && p.letters < tooSmall:
		f = min(3, letterSize/p.letters)
	case p.letters == 0 && dpi > 0 && dpi < 150:
		f = min(3, 220/float64(dpi))
	}
	if f > 1 {
		// Recognition takes some twenty bytes a pixel: no page is enlarged beyond what memory holds.
		w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
		f = max(1, min(f, math.Sqrt(enlargedPixels/(w*h)), enlargedSide/max(w, h)))
	}
	return f
}

// What a picture is enlarged to at most: its pixels, and those of its longer side, of which tesseract takes 32,767.
const (
	enlargedPixels = 24e6
	enlargedSide   = 30e3
)

// upright sizes, turns and straightens a cleaned page.
func (p pose) upright(img *image.Gray, dpi int) (*image.Gray, int) {
	if f := p.factor(img, dpi); f != 1 {
		img, dpi = raster.Scale(img, f), int(float64(dpi)*f+0.5)
	}
	img = raster.Turn(img, p.turn)
	switch {
	case p.bend != 0:
		img = raster.Unbend(img, p.skew-p.bend/2, p.skew+p.bend/2)
	case p.skew != 0:
		img = raster.Rotate(img, -p.skew)
	}
	for f := crowded(img); f < 1; f = crowded(img) {
		img, dpi = raster.Scale(img, f), int(float64(dpi)*f+0.5)
	}
	return img, dpi
}

// crowds are pictures that change between light and dark more often than text does: dots and grains are letters to the engine, and each takes
// half a kilobyte. Of more than above pixels, with a change from light to dark at every step of them, they are read with so many. Text changes at
// every fifty, noise was cleaned.
var crowds = []struct{ above, step, pixels int }{{12_000_000, 20, 8_000_000}, {6_000_000, 10, 4_000_000}}

// crowded is the factor by which such a picture is made smaller, 1 for any other.
func crowded(img *image.Gray) float64 {
	n := img.Rect.Dx() * img.Rect.Dy()
	if n <= crowds[len(crowds)-1].above {
		return 1
	}
	runs := raster.Runs(img)
	for _, c := range crowds {
		if n > c.above && runs*c.step >= n {
			return math.Sqrt(float64(c.pixels) / float64(n))
		}
	}
	return 1
}
