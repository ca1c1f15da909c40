package worker

import (
	"errors"
	"image"
	"math"
	"os"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

// picture is an image file; its pages are recognised.
type picture struct {
	info   doc.Info
	page   func(i int) (raster.Picture, error)
	fitted bool // what page gives is reduced already
	reader *ocr.Reader
	langs  []string
}

func openPicture(kind detect.Kind, path string, lim doc.Limits, reader *ocr.Reader, langs []string) (doc.Source, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, doc.Failf(doc.CodeInternal, err, "The file could not be read.")
	}
	p := &picture{info: doc.Info{Format: kind.Format, MIME: kind.MIME, Pages: 1}, reader: reader, langs: langs}
	if kind.Format == "tiff" {
		t, err := raster.OpenTIFF(data, lim.MaxPages)
		if err != nil {
			return nil, doc.Corrupt("TIFF", err)
		}
		p.info.Pages, p.info.Random = t.Pages(), t.Pages() > 1
		p.page = func(i int) (raster.Picture, error) {
			pic, err := t.Page(i, lim.MaxPixels)
			if err != nil {
				if pic, err = secondTry(path, i, t.Width(i, lim.MaxPixels), lim.MaxPixels, err); err != nil && errors.Is(err, raster.ErrDecode) {
					if left, failed := t.Left(i, lim.MaxPixels); failed == nil {
						return left, nil
					}
				}
				return pic, err
			}
			return pic, nil
		}
		return p, nil
	}
	pic, err := decodePicture(kind.Format, path, data, lim.MaxPixels)
	// MuPDF does not read it either, and draws an empty page without a word.
	if err != nil && !errors.Is(err, raster.ErrPixels) && kind.Format == "jpeg" && raster.JPEGBits(data) > 8 {
		return nil, doc.Failf(doc.CodeUnsupportedType, err, "The JPEG has %d bits a colour, which few programs read; save it as PNG or as a JPEG of 8 bits and upload that.", raster.JPEGBits(data))
	}
	if err != nil {
		pic, err = secondTry(path, 0, raster.Width(kind.Format, data, lim.MaxPixels), lim.MaxPixels, err)
	}
	if err != nil {
		return nil, pictureFail(err)
	}
	g, dpi := fit(pic) // and the picture as it was can go
	cut := pic.Cut
	p.page = func(int) (raster.Picture, error) { return raster.Picture{Gray: g, DPI: dpi, Cut: cut}, nil }
	p.fitted = true
	return p, nil
}

// decodePicture decodes a picture; a JPEG that would take much memory is drawn smaller at once, as MuPDF can.
func decodePicture(format, path string, data []byte, maxPixels int) (raster.Picture, error) {
	if format == "jpeg" {
		if w, h, dpi, ok := raster.LargeJPEG(data, maxPixels); ok {
			// Of one that it cannot read MuPDF draws an empty page, and says nothing.
			if pic, err := reducedJPEG(path, w*h, dpi); err == nil && slices.ContainsFunc(pic.Gray.Pix, func(p byte) bool { return p < 255 }) {
				return pic, nil
			}
		}
	}
	return raster.Decode(format, data, maxPixels)
}

// halved is from how many pixels on a JPEG is drawn with half of them each way, and half of that again: MuPDF decodes it so at once, and in
// full where it is drawn any larger.
const halved = 40_000_000

// reducedJPEG draws a JPEG of so many pixels with about as many as recognition needs.
func reducedJPEG(path string, pixels, dpi int) (raster.Picture, error) {
	opened, err := mupdf.Open(path)
	if err != nil {
		return raster.Picture{}, err
	}
	defer opened.Close()
	w, h, err := opened.Size(0)
	if err != nil || w <= 0 || h <= 0 {
		return raster.Picture{}, errors.Join(err, mupdf.ErrPage)
	}
	f := 1.0
	for float64(pixels)*f*f > halved {
		f /= 2
	}
	if f < 1 {
		f *= 0.998
	}
	g, err := opened.GrayAnyway(0, 72*f*math.Sqrt(float64(pixels)/(w*h)), halved+halved/8)
	return raster.Picture{Gray: g, DPI: int(float64(dpi) * f)}, err
}

func pictureFail(err error) error {
	if errors.Is(err, raster.ErrPixels) {
		return doc.Failf(doc.CodeTooLarge, err, "The picture has more pixels than memory is set aside for; scale it down and upload it again.")
	}
	return doc.Corrupt("picture", err)
}

func (p *picture) Info() doc.Info { return p.info }
func (p *picture) Close()         {}

func (p *picture) Page(i int) (doc.Page, error) {
	pic, err := p.page(i)
	if err != nil {
		return doc.Page{}, pictureFail(err)
	}
	g, dpi := pic.Gray, pic.DPI
	if !p.fitted {
		g, dpi = fit(pic)
	}
	// Whoever makes a TIFF has scanned something; every other format may come from a camera.
	r, err := p.reader.Page(ocr.Job{Render: func(int) (*image.Gray, int, error) { return g, dpi, nil }, Languages: p.langs, Anything: p.info.Format != "tiff", Whole: true})
	var said *doc.Fail
	if errors.As(err, &said) {
		return doc.Page{}, said
	}
	if err != nil {
		return doc.Page{}, doc.Failf(doc.CodeCorrupt, err, "The picture could not be read; save it as PNG or JPEG and upload that.")
	}
	page := r.Page()
	if pic.Cut {
		page.Unread = append(page.Unread, doc.UnreadRest)
	}
	return page, nil
}

const (
	// enoughPixels is what a page is reduced to: 6000 by 4200. A long narrow screenshot has fewer.
	enoughPixels = 25_000_000
	// modestPixels is what a picture in a document is reduced to where it has more than twice enoughPixels: A4 at 400 dots per inch. It is one
	// of many, and stands beside the document.
	modestPixels = 16_000_000
	// longestSide is a little less than the engine's own limit.
	longestSide = 30_000
)

// fit brings huge pictures down to a size at which recognition gains nothing from more pixels. The
// resolution is 0 when the picture does not say one that can be true.
func fit(p raster.Picture) (*image.Gray, int) { return fitTo(p, enoughPixels) }

// fitTo is fit with another number of pixels that are enough.
func fitTo(p raster.Picture, enough float64) (*image.Gray, int) {
	g, dpi := p.Gray, p.DPI
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	// A page is about 8 to 9 inches wide; cameras and screenshots claim 72 or 96 whatever they show.
	known := true
	if guess := int(min(w, h) / 8.3); dpi == 0 || dpi <= 100 && guess > 150 {
		dpi, known = min(max(guess, 70), 400), false
	}
	f := min(math.Sqrt(enough/(w*h)), longestSide/max(w, h))
	if dpi > 330 {
		f = min(f, 300/float64(dpi))
	}
	if f < 0.95 {
		g, dpi = raster.Scale(g, f), max(70, int(float64(dpi)*f))
	}
	if !known {
		return g, 0
	}
	return g, dpi
}
