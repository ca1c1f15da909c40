package mupdf

import (
	"encoding/json"
	"fmt"
)

// Line is one line of text as MuPDF grouped it, in points from the page's top left corner.
type Line struct {
	X0, Y0, X1, Y1 float64
	Base           float64 // y of the baseline
	Size           float64 // font size in points
	Bold, Italic   bool
	Mono           bool
	Vertical       bool
	Font           string
	Text           string
	Block          int // lines of one MuPDF block share this number
}

// Image is the place of a picture on the page.
type Image struct{ X0, Y0, X1, Y1 float64 }

// PageLines is what a page holds, in the order it was drawn.
type PageLines struct {
	W, H   float64
	Lines  []Line
	Images []Image
}

type jsonBox struct{ X, Y, W, H float64 }

type jsonLine struct {
	WMode int     `json:"wmode"`
	BBox  jsonBox `json:"bbox"`
	Font  struct {
		Name   string  `json:"name"`
		Family string  `json:"family"`
		Weight string  `json:"weight"`
		Style  string  `json:"style"`
		Size   float64 `json:"size"`
	} `json:"font"`
	Y    float64 `json:"y"`
	Text string  `json:"text"`
}

type jsonBlock struct {
	Type  string     `json:"type"`
	BBox  jsonBox    `json:"bbox"`
	Lines []jsonLine `json:"lines"`
}

// Lines reads the text layer of page i (from 0), form values and annotations included.
func (d *Document) Lines(i int) (*PageLines, error) {
	data, box, err := d.linesJSON(i)
	if err != nil {
		return nil, err
	}
	var page struct {
		Blocks []jsonBlock `json:"blocks"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return nil, fmt.Errorf("parse lines of page %d: %w", i+1, err)
	}
	out := &PageLines{W: box[2] - box[0], H: box[3] - box[1]}
	rect := func(b jsonBox) (x0, y0, x1, y1 float64) {
		x0, y0 = b.X/lineScale-box[0], b.Y/lineScale-box[1]
		return x0, y0, x0 + b.W/lineScale, y0 + b.H/lineScale
	}
	for n, b := range page.Blocks {
		if b.Type == "image" {
			var im Image
			im.X0, im.Y0, im.X1, im.Y1 = rect(b.BBox)
			out.Images = append(out.Images, im)
		}
		for _, l := range b.Lines {
			ln := Line{Base: l.Y/lineScale - box[1], Size: l.Font.Size / lineScale, Bold: l.Font.Weight == "bold", Italic: l.Font.Style == "italic",
				Mono: l.Font.Family == "monospace", Vertical: l.WMode == 1, Font: l.Font.Name, Text: l.Text, Block: n}
			ln.X0, ln.Y0, ln.X1, ln.Y1 = rect(l.BBox)
			out.Lines = append(out.Lines, ln)
		}
	}
	return out, nil
}
