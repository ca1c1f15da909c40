package drawn

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Kinds of pages that scans are made of, in the type on whose pages rules were made.
func Kinds() []Kind { return Go().Kinds() }

// Kinds of pages that scans are made of.
func (t Type) Kinds() []Kind {
	tables := func(name, meaning string, l look) Kind {
		return Kind{name, meaning, true, func(id string, seed uint64) Page { return t.table(id, seed, l) }}
	}
	dark, black := shade{ground: 60, type_: 245}, shade{ground: 15, type_: 255}
	return append([]Kind{
		tables("ruled", "a frame around each cell, figures", look{grid: true, figures: true, wordsEach: 2, gutter: 30}),
		tables("framed-words", "a frame around each cell, words alone, some cells empty", look{grid: true, wordsEach: 2, gaps: 6, gutter: 30}),
		tables("wrapped", "a frame around each cell, cells of two lines", look{grid: true, figures: true, wrapped: true, wordsEach: 2, gutter: 30}),
		tables("open", "no frames, figures, some cells empty", look{rules: true, figures: true, wordsEach: 2, gaps: 7, gutter: 60}),
		tables("open-wide", "no frames, figures, far apart", look{rules: true, figures: true, wordsEach: 2, gutter: 150}),
		tables("open-words", "no frames, words alone", look{rules: true, wordsEach: 1, gutter: 70}),
		tables("dark-head", "light type on a dark head", look{figures: true, head: dark, wordsEach: 2, gutter: 50}),
		tables("dark-column", "light type on a dark column and head", look{grid: true, figures: true, head: dark, column: dark, wordsEach: 1, gutter: 40}),
		tables("black-columns", "white type on black, every second column, no frames", look{figures: true, column: black, every: 2, wordsEach: 1, gutter: 40}),
		tables("dark-table", "light type on dark ground in all cells", look{rules: true, figures: true, head: black, column: dark, every: 1, wordsEach: 2, gutter: 50}),
		tables("gray-rows", "every second row on gray", look{figures: true, head: shade{ground: 120, type_: 250}, zebra: shade{ground: 170, type_: 20}, wordsEach: 2, gutter: 50}),
		tables("screened", "every second row on printed dots", look{figures: true, zebra: shade{pitch: 6, size: 2}, wordsEach: 2, gutter: 50}),
		{"listing", "a line printer's dots", true, t.listing},
		{"dot-matrix", "a printer of nine pins, at 200 or 300 dpi, some on paper with bars", true, t.dotMatrix},
		{"receipt", "a pale receipt", true, t.receipt},
		{"shadow", "a page photographed in a shadow", false, t.shadow},
		{"edges", "a page laid down askew on a photocopier, black beside it", false, t.edges},
		{"prose", "two columns of prose, a list, a form: no tables", false, t.prose},
	}, t.damaged()...)
}

// prose is a page in columns, or with a list, or a form, all of which line up and are no tables.
func (t Type) prose(id string, seed uint64) Page {
	r := rand.New(rand.NewPCG(seed, 11))
	c := newCanvas(r, t, 1654, 1700)
	f := t.regular(t.points(r, 10, 8, 11))
	switch seed % 3 {
	case 0:
		c.prose(f, 130, 150, 800, 36, 30)
		c.prose(f, 870, 150, 1520, 36, 30)
	case 1:
		y := c.prose(f, 130, 150, 1520, 36, 5) + 30
		for i := range 8 {
			mark := fmt.Sprintf("%d.", i+1)
			c.print(f, 150, y, mark, 20)
			from := len(c.lines)
			next := c.prose(f, 220, y, 1500, 36, 1+r.IntN(2)) + 14
			c.lines[from][0] = mark + " " + c.lines[from][0]
			y = next
		}
		c.prose(f, 130, y+30, 1520, 36, 8)
	default:
		y := c.prose(f, 130, 150, 1520, 36, 6) + 40
		for range 8 {
			label, value := pick(r, heads)+":", text(r, 2)
			c.print(f, 150, y, label, 20)
			c.print(f, 520, y, value, 20)
			c.lines = append(c.lines, Line{label + " " + value})
			y += 48
		}
		c.prose(f, 130, y+40, 1520, 36, 8)
	}
	return c.scanned(id)
}

// Letter is a page of the lines given, one below the other, in letters that the font has.
func (t Type) Letter(id string, seed uint64, lines []string) Page {
	c := newCanvas(rand.New(rand.NewPCG(seed, 14)), t, 1654, 300+44*len(lines))
	for i, s := range lines {
		c.print(t.regular(11), 130, 150+44*i, s, 20)
		c.lines = append(c.lines, Line{s})
	}
	return c.scanned(id)
}

// ByName is one kind.
func ByName(name string) (Kind, bool) {
	all := Kinds()
	i := slices.IndexFunc(all, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return all[i], true
}
