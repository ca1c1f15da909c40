package drawn

import (
	"fmt"
	"image"
	"math/rand/v2"

	"golang.org/x/image/font"
)

// look is how a table is set.
type look struct {
	grid      bool // each cell has a frame
	rules     bool // lines below the head and the last row
	figures   bool // columns of figures beside the first
	wrapped   bool // some cells have two lines
	gaps      int  // one cell of so many is empty; 0: none
	head      shade
	column    shade // of the first column, and of each so many'th where every is not 0
	every     int
	zebra     shade // of every second row
	wordsEach int
	gutter    int // between cells, pixels
}

// shade of cells: the level of the ground, 0 for none, and of the type on it; dots instead where pitch is not 0.
type shade struct {
	ground, type_ byte
	pitch, size   int
}

// row of a table: what each cell holds, a line or two.
type row [][]string

type tablePage struct {
	*canvas
	look
	face, strong font.Face
	em           int
	x0           []int // left edges of the columns, and the right one of the last
	right        []bool
}

// table draws a page with prose, a table, and prose.
func (typ Type) table(id string, seed uint64, l look) Page {
	r := rand.New(rand.NewPCG(seed, 7))
	t := &tablePage{canvas: newCanvas(r, typ, 1654, 2339), look: typ.shades(l, r)}
	points := typ.points(r, 9+float64(r.IntN(3)), 7, 12)
	t.face, t.strong, t.em = t.regular(points), t.bold(points), int(points*DPI/72)
	left, right := 150, 1500
	y := t.prose(t.face, left, 220, right, t.em*5/4, 6+r.IntN(5)) + t.em
	rows := t.content()
	t.place(rows, left, right)
	for i, w := range rows {
		y = t.row(i, len(rows), w, y)
	}
	if t.rules {
		t.fill(image.Rect(left, y, t.x0[len(t.x0)-1], y+2), 30)
	}
	t.prose(t.face, left, y+3*t.em, right, t.em*5/4, 5+r.IntN(6))
	return t.scanned(id)
}

func (t *tablePage) content() []row {
	n, width := 6+t.r.IntN(12), 3+t.r.IntN(3)
	t.right = make([]bool, width)
	head := make(row, width)
	at := t.r.IntN(len(heads))
	for c := range head {
		t.right[c] = t.figures && c > 0 && (c > 1 || t.r.IntN(2) == 0)
		head[c] = []string{heads[(at+c)%len(heads)]}
	}
	rows := []row{head}
	for range n {
		w := make(row, width)
		for c := range w {
			switch {
			case t.gaps > 0 && c > 0 && t.r.IntN(t.gaps) == 0:
				w[c] = nil
			case t.right[c]:
				w[c] = []string{amount(t.r)}
			default:
				w[c] = []string{text(t.r, t.wordsEach)}
				if t.wrapped && t.r.IntN(4) == 0 {
					w[c] = append(w[c], pick(t.r, things)+" "+pick(t.r, things))
				}
			}
		}
		rows = append(rows, w)
	}
	return rows
}

// place gives the columns their widths.
func (t *tablePage) place(rows []row, left, right int) {
	at := left
	for c := range rows[0] {
		t.x0 = append(t.x0, at)
		w := 0
		for _, r := range rows {
			for _, s := range r[c] {
				w = max(w, width(t.strong, s))
			}
		}
		at += w + t.gutter + t.r.IntN(max(1, t.gutter/2))
	}
	if spare := right - at; spare > 0 && t.r.IntN(2) == 0 { // as wide as the page
		for c := range t.x0 {
			t.x0[c] += spare * c / len(t.x0)
		}
		at = right
	}
	t.x0 = append(t.x0, at)
	if at > t.Rect.Max.X-40 && t.gutter > 12 {
		t.x0, t.gutter = nil, t.gutter*2/3
		t.place(rows, left, right)
	}
}

func (t *tablePage) row(i, n int, w row, y int) int {
	lines := 1
	for _, cell := range w {
		lines = max(lines, len(cell))
	}
	h := lines*t.em*6/5 + t.em*2/3
	end := t.x0[len(t.x0)-1]
	box := image.Rect(t.x0[0], y, end, y+h)
	var line Line
	for c, cell := range w {
		f, s := t.face, shade{}
		switch {
		case i == 0:
			f, s = t.strong, t.head
		case t.column.ground > 0 && (c == 0 || t.every > 0 && c%t.every == 0):
			s = t.column
		case i%2 == 0:
			s = t.zebra
		}
		field := image.Rect(t.x0[c], y, t.x0[c+1], y+h)
		ink := t.ground(field, s)
		whole := ""
		for k, part := range cell {
			x := t.x0[c] + t.gutter/2
			if t.right[c] {
				x = t.x0[c+1] - t.gutter/2 - width(f, part)
			}
			t.print(f, x, y+t.em*4/3+k*t.em*6/5, part, ink)
			if k > 0 {
				whole += " "
			}
			whole += part
		}
		line = append(line, whole)
		if t.grid {
			t.frame(field)
		}
	}
	if t.rules && i == 0 {
		t.fill(image.Rect(box.Min.X, box.Min.Y, end, box.Min.Y+2), 30)
		t.fill(image.Rect(box.Min.X, box.Max.Y-2, end, box.Max.Y), 30)
	}
	t.lines = append(t.lines, line)
	return y + h
}

// ground shades a field and gives the level of type on it.
func (t *tablePage) ground(field image.Rectangle, s shade) byte {
	switch {
	case s.pitch > 0:
		t.screen(field, s.pitch, s.size)
	case s.ground > 0:
		t.fill(field, s.ground)
		return s.type_
	}
	return 20
}

// frame draws one around a field.
func (t *canvas) frame(b image.Rectangle) {
	t.fill(image.Rect(b.Min.X, b.Min.Y, b.Max.X+2, b.Min.Y+2), 30)
	t.fill(image.Rect(b.Min.X, b.Max.Y, b.Max.X+2, b.Max.Y+2), 30)
	t.fill(image.Rect(b.Min.X, b.Min.Y, b.Min.X+2, b.Max.Y), 30)
	t.fill(image.Rect(b.Max.X, b.Min.Y, b.Max.X+2, b.Max.Y), 30)
}

// Kind is a way in which pages are drawn.
type Kind struct {
	Name, Meaning string
	Tables        bool // its rows are those of tables; where not, it has none
	Draw          func(id string, seed uint64) Page
}

// Pages draws n pages of a kind, the first with the seed given.
func (k Kind) Pages(n int, seed uint64) []Page {
	var out []Page
	for i := range n {
		out = append(out, k.Draw(fmt.Sprintf("%s-%d", k.Name, seed+uint64(i)), seed+uint64(i)))
	}
	return out
}
