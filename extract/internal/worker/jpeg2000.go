package worker

import (
	"math"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/raster"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/source"
)

// openJPEG2000 reads a JPEG 2000 picture, which MuPDF opens as a document of one page.
func openJPEG2000(kind detect.Kind, path string, lim source.Limits, reader *ocr.Reader, langs []string) (source.Source, error) {
	doc, err := mupdf.Open(path)
	if err != nil {
		return nil, source.Corrupt("picture", err)
	}
	defer doc.Close()
	w, h, err := doc.Size(0)
	if err != nil || w <= 0 || h <= 0 {
		return nil, source.Corrupt("picture", err)
	}
	if math.Max(w, 1)*math.Max(h, 1) > float64(lim.MaxPixels) {
		return nil, pictureFail(raster.ErrPixels)
	}
	g, err := doc.Gray(0, nativeDPI, lim.MaxPixels)
	if err != nil {
		return nil, source.Corrupt("picture", err)
	}
	pic := raster.Picture{Gray: g}
	return &picture{info: source.Info{Format: "jp2", MIME: kind.MIME, Pages: 1}, reader: reader, langs: langs, page: func(int) (raster.Picture, error) { return pic, nil }}, nil
}
