package drawn

import (
	"image"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Type is what pages are set in: fonts, and sizes and shades.
type Type struct {
	Regular, Medium, Bold, Mono []byte // TrueType
	// Wide draws sizes, shades and dots from wider ranges than those on whose pages rules were made, and the letters of pins from Mono.
	Wide bool
}

// Go is the type of the pages on which rules were made.
func Go() Type {
	return Type{Regular: goregular.TTF, Medium: gomedium.TTF, Bold: gobold.TTF, Mono: gomono.TTF}
}

// face of a font, size in points.
func face(ttf []byte, points, dpi float64) font.Face {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // it is part of the program, or of a measurement that is of no use without
	}
	out, err := opentype.NewFace(f, &opentype.FaceOptions{Size: points, DPI: dpi, Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	return out
}

func (t Type) regular(points float64) font.Face { return face(t.Regular, points, DPI) }
func (t Type) bold(points float64) font.Face    { return face(t.Bold, points, DPI) }
func (t Type) medium(points float64) font.Face  { return face(t.Medium, points, DPI) }
func (t Type) mono(points float64) font.Face    { return face(t.Mono, points, DPI) }

// between is a level from low to high.
func between(r *rand.Rand, low, high int) byte { return byte(low + r.IntN(high-low+1)) }

// shades are those of a look, or others that printers make as well.
func (t Type) shades(l look, r *rand.Rand) look {
	if !t.Wide {
		return l
	}
	for _, s := range []*shade{&l.head, &l.column, &l.zebra} {
		switch {
		case s.pitch > 0:
			*s = shade{pitch: 4 + r.IntN(5), size: 1 + r.IntN(3)}
		case s.ground > 0 && s.type_ < s.ground: // gray below dark type
			*s = shade{ground: between(r, 175, 238), type_: between(r, 10, 60)}
		case s.ground > 100: // gray below light type
			*s = shade{ground: between(r, 85, 150), type_: 255 - between(r, 0, 25)}
		case s.ground > 0:
			*s = shade{ground: between(r, 10, 95), type_: 255 - between(r, 0, 60)}
		}
	}
	return l
}

// points is the size of type of a page, small for that of Go.
func (t Type) points(r *rand.Rand, usual, low, high float64) float64 {
	if !t.Wide {
		return usual
	}
	return low + (high-low)*r.Float64()
}

// matrix is the grid of dots of which the letters of a printer are made, each of the same width.
type matrix struct {
	font.Face
	wide, high, base int
}

// usualMatrix is a line printer's, and one of nine pins.
func usualMatrix() matrix { return matrix{basicfont.Face7x13, 7, 13, 11} }

// matrixOf is that of Mono, high dots from one line's top to its bottom.
func (t Type) matrixOf(high int) matrix {
	f := face(t.Mono, float64(high)*0.85, 72)
	return matrix{f, width(f, "0"), high, high * 4 / 5}
}

// bits of s: a dot for each pixel that is mostly inked.
func (m matrix) bits(s string) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.wide*len(s)+2, m.high+1))
	for i, r := range s { // on the grid, whatever the font's own advance
		d := font.Drawer{Dst: out, Src: image.White, Face: m.Face, Dot: fixed.P(m.wide*i, m.base)}
		d.DrawString(string(r))
	}
	return out
}
