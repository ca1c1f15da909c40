package mupdf

import "math"

// Char is one character with its place along its line: from A to B in points, measured in the
// direction of the baseline.
type Char struct {
	R         rune
	A, B      float64
	Size      float64
	RTL       bool // MuPDF's bidirectional level is odd
	Synthetic bool // a space MuPDF put into a gap
	Font      int32
}

// Line is one line of text as MuPDF grouped it, in points from the page's top left corner.
type Line struct {
	X0, Y0, X1, Y1 float64
	Base           float64 // y of the baseline
	Start          float64 // x of where its first character stands, of which Base is the y
	Size           float64 // font size in points that most characters have
	DX, DY         float64 // direction of the baseline: 1, 0 for upright horizontal text
	Bold, Mono     bool
	Vertical       bool
	Chars          []Char
	Block          int // lines of one MuPDF block share this number
}

// Image is the place of a picture on the page.
type Image struct{ X0, Y0, X1, Y1 float64 }

// PageLines is what a page holds, in the order it was drawn.
type PageLines struct {
	W, H    float64
	Cropped bool // the page holds more than it shows: W and H are what is shown
	Noted   bool // it has annotations or form fields
	Ruled   bool // nothing is drawn on it but straight lines longer than any letter
	Cut     bool // it needs more memory than any page for people: text or pictures are missing
	Unnoted int  // annotations that were left out, because there are more than anybody reads
	Lines   []Line
	Images  []Image
	Beads   []Place // pieces of articles, in the order in which they are read; most documents say nothing of it
	Fields  []Field // form fields, which are drawn after all else
	Links   []Link  // of its words to other pages and mailboxes
}

// Lines reads the text layer of page i (from 0), form values and annotations included. What it gives
// is good until it is called again: the characters' memory is used for the next page.
func (d *Document) Lines(i int) (*PageLines, error) {
	r, err := d.raw(i)
	if err != nil {
		return nil, err
	}
	defer r.done()
	out := &PageLines{W: r.box[2] - r.box[0], H: r.box[3] - r.box[1], Cropped: r.cropped, Noted: r.noted, Ruled: r.ruled, Cut: r.cut, Unnoted: r.unnoted, Lines: make([]Line, 0, len(r.lines)), Beads: d.beads(i, r.box), Links: d.links(i, r)}
	if r.noted {
		out.Fields = d.fields(i, r.box)
	}
	for _, m := range r.images {
		out.Images = append(out.Images, Image{float64(m.x0) - r.box[0], float64(m.y0) - r.box[1], float64(m.x1) - r.box[0], float64(m.y1) - r.box[1]})
	}
	all := d.room(len(r.chars))
	for _, l := range r.lines {
		ln := Line{
			X0: float64(l.x0) - r.box[0], Y0: float64(l.y0) - r.box[1], X1: float64(l.x1) - r.box[0], Y1: float64(l.y1) - r.box[1],
			Base: float64(l.base) - r.box[1], Start: float64(l.start) - r.box[0], DX: float64(l.dx), DY: float64(l.dy), Vertical: l.wmode == 1, Block: int(l.block),
		}
		a, b := int(l.first), int(l.first)+int(l.count)
		ln.Chars = all[a:b:b]
		ln.fill(r, a)
		if finite(ln) {
			out.Lines = append(out.Lines, ln)
		}
	}
	return out, nil
}

// room gives a slice of n characters for one page, the last page's where that is large enough; one that was made for a very large page is not kept.
func (d *Document) room(n int) []Char {
	if n > cap(d.chars) || cap(d.chars) > keptChars {
		room := n + n/4
		if n > keptChars {
			room = n
		}
		d.chars = make([]Char, room)
	}
	return d.chars[:n]
}

// keptChars is more than a page for people holds.
const keptChars = 64 << 10

// fill copies the line's characters and takes the style most of them have.
func (l *Line) fill(r *rawPage, from int) {
	var best, n int32 = 0, 0
	bold := 0
	for k := range l.Chars {
		c := r.chars[from+k]
		l.Chars[k] = Char{
			R: rune(c.c), Size: math.Abs(float64(c.size)), RTL: c.bidi&1 != 0, Synthetic: c.flags&charSynthetic != 0, Font: int32(c.font),
			A: float64(c.x0)*l.DX + float64(c.y0)*l.DY, B: float64(c.x1)*l.DX + float64(c.y1)*l.DY,
		}
		if c.flags&charBold != 0 {
			bold++
		}
		// Majority vote in one pass: the style that outlasts the others.
		switch {
		case n == 0:
			best, n = int32(k), 1
		case l.Chars[best].Font == l.Chars[k].Font && l.Chars[best].Size == l.Chars[k].Size:
			n++
		default:
			n--
		}
	}
	if len(l.Chars) == 0 {
		return
	}
	c := l.Chars[best]
	l.Size = c.Size
	l.Bold = 2*bold > len(l.Chars)
	if f := int(c.Font); f >= 0 && f < len(r.fonts) {
		l.Mono = r.fonts[f].mono
		l.Bold = l.Bold || r.fonts[f].bold
	}
}

// finite keeps broken matrices out of all arithmetic after this.
func finite(l Line) bool {
	s := l.X0 + l.Y0 + l.X1 + l.Y1 + l.Base + l.Start + l.Size + l.DX + l.DY
	for _, c := range l.Chars {
		s += c.A + c.B
	}
	return !math.IsNaN(s) && !math.IsInf(s, 0)
}
