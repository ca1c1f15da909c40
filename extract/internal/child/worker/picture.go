package worker

import (
	"errors"
	"image"
	"math"
	"os"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

// picture is an image file; its pages are recognised.
type picture struct {
	info   doc.Info
	page   func(i int) (raster.Picture, error)
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
				return secondTry(path, i, t.Width(i, lim.MaxPixels), lim.MaxPixels, err)
			}
			return pic, nil
		}
		return p, nil
	}
	pic, err := raster.Decode(kind.Format, data, lim.MaxPixels)
	if err != nil {
		pic, err = secondTry(path, 0, raster.Width(kind.Format, data, lim.MaxPixels), lim.MaxPixels, err)
	}
	if err != nil {
		return nil, pictureFail(err)
	}
	p.page = func(int) (raster.Picture, error) { return pic, nil }
	return p, nil
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
	g, dpi := fit(pic)
	// Whoever makes a TIFF has scanned something; every other format may come from a camera.
	r, err := p.reader.Page(ocr.Job{Render: func(int) (*image.Gray, int, error) { return g, dpi, nil }, Languages: p.langs, Anything: p.info.Format != "tiff", Whole: true})
	var said *doc.Fail
	if errors.As(err, &said) {
		return doc.Page{}, said
	}
	if err != nil {
		return doc.Page{}, doc.Failf(doc.CodeCorrupt, err, "The picture could not be read; save it as PNG or JPEG and upload that.")
	}
	return r.Page(), nil
}

const (
	// enoughPixels is what a page is reduced to: 6000 by 4200. A long narrow screenshot has fewer.
	enoughPixels = 25_000_000
	// longestSide is a little less than the engine's own limit.
	longestSide = 30_000
)

// fit brings huge pictures down to a size at which recognition gains nothing from more pixels. The
// resolution is 0 when the picture does not say one that can be true.
func fit(p raster.Picture) (*image.Gray, int) {
	g, dpi := p.Gray, p.DPI
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	// A page is about 8 to 9 inches wide; cameras and screenshots claim 72 or 96 whatever they show.
	known := true
	if guess := int(math.Min(w, h) / 8.3); dpi == 0 || dpi <= 100 && guess > 150 {
		dpi, known = min(max(guess, 70), 400), false
	}
	f := math.Min(math.Sqrt(enoughPixels/(w*h)), longestSide/math.Max(w, h))
	if dpi > 330 {
		f = math.Min(f, 300/float64(dpi))
	}
	if f < 0.95 {
		g, dpi = raster.Scale(g, f), max(70, int(float64(dpi)*f))
	}
	if !known {
		return g, 0
	}
	return g, dpi
}
