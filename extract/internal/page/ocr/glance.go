package ocr

import (
	"image"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

const (
	// glanceSide is how many pixels the longer side of the copy has on which a picture is looked at for rows of letters: those of
	// a page that was photographed whole are some six pixels high there. closerSide is that of a second look, for the small type of a large page.
	glanceSide, closerSide = 1400, 2200
	// paper is the part of a page of text that is flat at least; below it the picture is a photograph, of whatever.
	paper = 0.8
	// fewRows is how many marks in rows a page of text has at least, even a receipt; surelyRows is more, on a copy of a megapixel, than
	// leaves and bricks have.
	fewRows, surelyRows = 24, 200
	// fewCloser is fewRows of the second look, which sees the grain of a photograph too.
	fewCloser = 120
	// oneWay is how many times as many marks of text stand in rows one way as the other.
	oneWay = 4
)

// lettered says whether a picture may hold text: a look at a small copy, which costs a fraction of a reading. What the text is, and
// whether it is any, recognition says.
func lettered(img *image.Gray) bool {
	img = raster.WithoutBorder(img)
	small := within(img, glanceSide)
	return raster.FlatPart(small) >= paper || hasRows(small, fewRows) || small != img && hasRows(within(img, closerSide), fewCloser)
}

// HasRows says whether a picture holds rows of letters: what stands on a page beside text is read for these alone, not for a title.
func HasRows(img *image.Gray) bool { return hasRows(within(img, glanceSide), fewRows) }

// within is the picture, made smaller where its longer side has more pixels.
func within(img *image.Gray, side int) *image.Gray {
	if longer := max(img.Rect.Dx(), img.Rect.Dy()); longer > side {
		return raster.Scale(img, float64(side)/float64(longer))
	}
	return img
}

// hasRows looks for rows that run across and down, dark and light ones: so many that they surely are, or few of them one way and next to
// none the other.
func hasRows(small *image.Gray, few int) bool {
	flat := raster.Flatten(small)
	sure := max(surelyRows, surelyRows*small.Rect.Dx()*small.Rect.Dy()/1_000_000)
	for _, g := range []*image.Gray{flat, raster.Inverted(flat)} {
		across := raster.Rows(g)
		if across >= sure {
			return true
		}
		down := raster.Rows(raster.Turn(g, 90))
		if n, other := max(across, down), min(across, down); n >= sure || n >= few && n >= oneWay*other {
			return true
		}
	}
	return false
}
