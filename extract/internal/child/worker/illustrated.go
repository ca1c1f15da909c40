package worker

import (
	"image"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

// What a picture in a document must be like to be read, and its words to be kept: photographs and
// logos yield a few wrong letters, scans and screenshots lines of words.
const (
	minPictureWidth   = 200
	minPictureHeight  = 40
	minPictureLetters = 12
	minPictureConf    = 0.6
	// pictureTime bounds the recognition on one page; a picture that was begun is read to its end.
	pictureTime = 60 * time.Second
)

// illustrated is a document with pictures on its pages. They are recognised when their page is asked
// for, so that opening stays quick and each page keeps to its own limits.
type illustrated struct {
	*doc.Static
	put       []laid
	file      *os.File // of the scratch folder; nil where there was no room for it
	maxPixels int
	reader    *ocr.Reader
	langs     []string
}

// laid is a picture of a page, and where it lies in the scratch file: tens of megabytes of pictures are not to stand in memory beside the one
// that is decoded.
type laid struct {
	page     int
	at, size int64
	data     []byte // of a picture that found no room there
}

// illustrate adds the recognition of pictures to a source that has some.
func illustrate(src doc.Source, lim doc.Limits, reader *ocr.Reader, langs []string) doc.Source {
	s, ok := src.(*doc.Static)
	if !ok || reader == nil || len(s.Pictures) == 0 {
		return src
	}
	d := &illustrated{Static: s, maxPixels: lim.MaxPixels, reader: reader, langs: langs}
	d.layDown()
	return d
}

// layDown puts the pictures into the scratch file.
func (d *illustrated) layDown() {
	if f, err := os.CreateTemp("", "pictures-*"); err == nil {
		d.file = f
	}
	at := int64(0)
	for _, p := range d.Pictures {
		l := laid{page: p.Page, at: at, size: int64(len(p.Data)), data: p.Data}
		if d.file != nil {
			if _, err := d.file.WriteAt(p.Data, at); err == nil {
				at += l.size
				l.data = nil
			}
		}
		d.put = append(d.put, l)
	}
	d.Pictures = nil
}

// bytes gives a picture as it is in the document, nil for one that cannot be read back.
func (d *illustrated) bytes(l laid) []byte {
	if l.data != nil {
		return l.data
	}
	b := make([]byte, l.size)
	if _, err := d.file.ReadAt(b, l.at); err != nil {
		return nil
	}
	return b
}

func (d *illustrated) Close() {
	if d.file != nil {
		_ = d.file.Close()
		doc.Drop(d.file.Name())
	}
	d.Static.Close()
}

// Page gives the text of the page with the words of its pictures below. A page with recognised words
// is an OCR page; its confidence counts typed letters as certain.
func (d *illustrated) Page(i int) (doc.Page, error) {
	page, err := d.Static.Page(i)
	if err != nil {
		return page, err
	}
	parts := []string{}
	if page.Text != "" {
		parts = append(parts, page.Text)
	}
	sum, n := float64(letters(page.Text)), letters(page.Text)
	until := time.Now().Add(pictureTime)
	for _, p := range d.put {
		if p.page != i || time.Now().After(until) {
			continue
		}
		r, ok := d.words(d.bytes(p))
		if !ok {
			continue
		}
		k := letters(r.Text)
		sum, n = sum+r.Confidence*float64(k), n+k
		parts = append(parts, r.Text)
		page.Method, page.Language = doc.MethodOCR, r.Language
	}
	if page.Method == doc.MethodOCR {
		page.Text, page.Confidence = strings.Join(parts, "\n\n"), sum/float64(n)
	}
	return page, nil
}

// words recognises one picture; one that cannot be read takes nothing from its page.
func (d *illustrated) words(data []byte) (ocr.Result, bool) {
	format := detect.Picture(data)
	enough := float64(enoughPixels)
	if raster.Pixels(format, data, d.maxPixels) > 2*enoughPixels {
		enough = modestPixels
		d.reader.Rest() // the models of the picture before, and one that is decoded in full, are too much at once
	}
	pic, err := raster.Decode(format, data, d.maxPixels)
	if err != nil || pic.Gray.Rect.Dx() < minPictureWidth || pic.Gray.Rect.Dy() < minPictureHeight {
		return ocr.Result{}, false
	}
	g, dpi := fitTo(pic, enough)
	r, err := d.reader.Page(ocr.Job{Render: func(int) (*image.Gray, int, error) { return g, dpi, nil }, Languages: d.langs})
	return r, err == nil && r.Confidence >= minPictureConf && letters(r.Text) >= minPictureLetters
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
