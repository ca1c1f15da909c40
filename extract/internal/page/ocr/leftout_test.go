package ocr

import (
	"image"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/tesseract"
)

// letterPage is a page of so many rows of letters, and a word for each row, which reaches to the column given.
func letterPage(rows, to int) attempt {
	g := image.NewGray(image.Rect(0, 0, 800, 60+40*rows))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	a := attempt{small: g, height: g.Rect.Dy()}
	for n := range rows {
		for x := 40; x < 760; x += 14 {
			for y := range 14 {
				for i := range 9 {
					g.Pix[(40+40*n+y)*800+x+i] = 10
				}
			}
		}
		a.words = append(a.words, tesseract.Word{X0: 38, Y0: 38 + 40*n, X1: to, Y1: 56 + 40*n, Line: n, Text: "word", Conf: 0.9})
	}
	return a
}

// What stands in rows beside the words that were read was left out by layout, but not where the page is in columns.
func TestWhatLayoutLeftOutIsSeen(t *testing.T) {
	if letterPage(10, 762).leftOut() {
		t.Error("a page that was read in full has text that was left out")
	}
	if !letterPage(10, 500).leftOut() {
		t.Error("a third of the page was left out, and it is not seen")
	}
	a := letterPage(10, 500)
	var words []tesseract.Word
	for _, block := range []int{1, 2} {
		for _, w := range a.words {
			for i := range 3 {
				v := w
				v.Block, v.X0, v.X1 = block, 40+(block-1)*240+i*70, 40+(block-1)*240+i*70+60
				words = append(words, v)
			}
		}
	}
	if a.words = words; a.leftOut() {
		t.Error("columns would be read across")
	}
}
