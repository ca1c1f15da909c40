package worker

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"runtime/debug"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

const (
	lookDPI     = 200 // a page of A4 is scaled down from here
	lookQuality = 85
)

// look answers with a picture of a page: of one that is nothing but a picture, drawn by the same code that draws it for recognition.
func (c *child) look(m wire.Look) error {
	if c.src == nil || m.Seq != c.seq || m.Index < 0 || m.Index >= c.src.Info().Pages || m.MaxSide < 1 || m.Turned%90 != 0 {
		return c.fail(m.Seq, doc.Failf(doc.CodeInternal, nil, "A picture was asked for of a page that is not there."))
	}
	g, sure, err := c.show(m.Index)
	if err != nil {
		return c.fail(m.Seq, err)
	}
	var body bytes.Buffer
	if g != nil && !raster.Blank(g) {
		if err := jpeg.Encode(&body, raster.Turn(within(g, m.MaxSide), m.Turned), &jpeg.Options{Quality: lookQuality}); err != nil {
			return c.fail(m.Seq, doc.Failf(doc.CodeInternal, err, "No picture of page %d could be made.", m.Index+1))
		}
	}
	return wire.Write(c.out, wire.TLooked, wire.Looked{Seq: m.Seq, Index: m.Index, Sure: sure}, body.Bytes())
}

// show is the picture that recognition of page i would be given, and the words there that it is rather sure of; nil where there is no
// picture of the whole page.
func (c *child) show(i int) (g *image.Gray, sure []string, err error) {
	defer func() {
		c.reader.Show = nil
		if r := recover(); r != nil {
			err = doc.Failf(doc.CodeCorrupt, fmt.Errorf("panic: %v\n%s", r, debug.Stack()), "Page %d is damaged and cannot be drawn; open the document in its program, save it again and upload the new copy.", i+1)
		}
	}()
	var shown []ocr.Job
	c.reader.Show = func(j ocr.Job) { shown = append(shown, j) }
	_, err = c.src.Page(i)
	c.reader.Show = nil
	if err != nil || len(shown) != 1 { // a page of several pictures is made of more than any of them
		return nil, nil, err
	}
	if g, _, err = shown[0].Render(lookDPI); err != nil {
		return nil, nil, doc.AsFail(err)
	}
	if r, err := c.reader.Page(shown[0]); err == nil {
		sure = r.Sure
	}
	return g, sure, nil
}

// within scales a picture down until no side is longer than most.
func within(g *image.Gray, most int) *image.Gray {
	if side := max(g.Rect.Dx(), g.Rect.Dy()); side > most {
		return raster.Scale(g, float64(most)/float64(side))
	}
	return g
}
