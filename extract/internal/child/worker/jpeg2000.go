package worker

import (
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

// openJPEG2000 reads a JPEG 2000 picture, which MuPDF opens as a document of one page.
func openJPEG2000(kind detect.Kind, path string, lim doc.Limits, reader *ocr.Reader, langs []string) (doc.Source, error) {
	opened, err := mupdf.Open(path)
	if err != nil {
		return nil, doc.Corrupt("picture", err)
	}
	defer opened.Close()
	w, h, err := opened.Size(0)
	if err != nil || w <= 0 || h <= 0 {
		return nil, doc.Corrupt("picture", err)
	}
	if max(w, 1)*max(h, 1) > float64(lim.MaxPixels) {
		return nil, pictureFail(raster.ErrPixels)
	}
	g, err := opened.GrayAnyway(0, nativeDPI, lim.MaxPixels)
	if err != nil {
		return nil, doc.Corrupt("picture", err)
	}
	pic := raster.Picture{Gray: g}
	return &picture{info: doc.Info{Format: "jp2", MIME: kind.MIME, Pages: 1}, reader: reader, langs: langs, page: func(int) (raster.Picture, error) { return pic, nil }}, nil
}
