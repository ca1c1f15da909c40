package hwp

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numbering"
)

// maxDepth bounds lists in lists: a table in a cell, a box in a note.
const maxDepth = 20

// maxColumns bounds the empty cells that an address may ask for.
const maxColumns = 1000

// reader puts the text of one document together.
type reader struct {
	file   *cfb.File
	packed bool
	in     *records // the section that is read
	out    flow.Pager
	most   int  // bytes of text
	size   int  // of what was read
	full   bool // more than most

	headers, footers []string // each once, not once a page
	noted            []string // notes of the section that were not written yet
	count            int      // notes of the document

	shapes  []shape
	outline int // the numbering of the section's outline
	lists   *numbering.Lists
	bins    []bin
	pics    flow.Pictures
}

// blocks reads the paragraphs that stand at a level. It ends at what is above it, and within a control at what follows them at their own level.
func (r *reader) blocks(level int, out *flow.Pager, depth int) {
	for !r.full {
		rec, ok := r.in.peek()
		switch {
		case !ok || rec.level < level || rec.level == level && level > 0 && rec.tag != tagParaHeader:
			return
		case rec.tag == tagParaHeader:
			r.paragraph(out, depth)
		case rec.tag == tagList: // of a memo
			r.list(rec.level, func(text string) { r.note("> " + text) }, depth)
		default:
			r.in.take()
		}
	}
}

// list reads the paragraphs behind the header of a list at a level and hands their text over.
func (r *reader) list(level int, give func(text string), depth int) {
	r.in.take()
	part := flow.Pager{Hard: true}
	if depth < maxDepth {
		r.blocks(level, &part, depth+1)
	}
	if s := strings.TrimSpace(strings.Join(part.Done(), "\n\n")); s != "" {
		give(s)
	}
}

// paragraph reads one with its controls: what belongs into its lines is put there, tables and boxes stand behind it.
func (r *reader) paragraph(out *flow.Pager, depth int) {
	rec, _ := r.in.peek()
	level, shape, breaks := rec.level, le.U16(rec.data, 8), le.U16(rec.data, 10)>>8
	r.in.take()
	var t line
	var after []string
	for !r.full {
		rec, ok := r.in.peek()
		if !ok || rec.level <= level {
			break
		}
		switch rec.tag {
		case tagParaText:
			t.parse(rec.data)
			r.in.take()
		case tagCtrl:
			c := control{id: ctrlID(rec.data), data: slices.Clone(le.Bytes(rec.data, 0, maxCtrl)), level: rec.level}
			r.in.take()
			r.control(&c, depth)
			t.fill(c.id, c.inline)
			after = append(after, c.after...)
		default:
			r.in.take()
		}
	}
	if breaks&newPage != 0 {
		out.Cut()
	}
	text := flow.Collapse(t.text())
	if strings.TrimSpace(text) != "" {
		text = r.mark(shape) + text
	}
	r.add(out, text)
	for _, s := range after {
		r.add(out, s)
	}
}

// add puts a text behind the others, as long as there is room.
func (r *reader) add(out *flow.Pager, text string) {
	if out == &r.out {
		r.size += len(text)
		r.full = r.full || r.size > r.most
	}
	out.Add(text, "\n\n")
}

// line is the text of a paragraph between the controls that stand in it.
type line struct {
	before []string // before each control
	ids    []string // of the controls
	filled []string // what stands at their places
	next   int
	rest   string
}

// parse reads the units of a paragraph's text: controls take eight of them, of which the second and third name the control.
func (l *line) parse(b []byte) {
	var s []byte
	flush := func() string {
		text := le.UTF16(s)
		s = s[:0]
		return text
	}
	for i := 0; i+2 <= len(b); i += 2 {
		switch c := binary.LittleEndian.Uint16(b[i:]); c {
		case 9, 10: // a tab, a line's end
			s = append(s, byte(c), 0)
			if c == 9 {
				i += 14
			}
		case 24:
			s = append(s, '-', 0)
		case 30, 31: // spaces that do not break, or are of one width
			s = append(s, ' ', 0)
		case 1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23:
			l.before = append(l.before, flush())
			l.ids = append(l.ids, ctrlID(le.Bytes(b, i+2, 4)))
			i += 14
		case 4, 5, 6, 7, 8, 19, 20:
			i += 14
		default:
			if c >= 32 {
				s = append(s, b[i], b[i+1])
			}
		}
	}
	l.rest = flush()
	l.filled = make([]string, len(l.ids))
}

// fill puts words at the place of the next control of a kind.
func (l *line) fill(id, text string) {
	for i := l.next; i < len(l.ids); i++ {
		if l.ids[i] == id {
			l.filled[i], l.next = text, i+1
			return
		}
	}
}

func (l *line) text() string {
	var b strings.Builder
	for i, s := range l.before {
		b.WriteString(s)
		b.WriteString(l.filled[i])
	}
	b.WriteString(l.rest)
	return b.String()
}

// newPage is the bit of a paragraph's header that begins a page.
const newPage = 4

// maxCtrl bounds what is kept of a control's own data.
const maxCtrl = 4 << 10

// control is what stands in a paragraph and is no letter.
type control struct {
	id     string
	data   []byte
	level  int
	inline string   // what stands in the line
	after  []string // what stands behind the paragraph
	grid   grid
	table  bool // the record of the table was met; lists before it are its caption
}

// ctrlID is the name of a control: four letters, the last one first.
func ctrlID(b []byte) string {
	if len(b) < 4 {
		return ""
	}
	return string([]byte{b[3], b[2], b[1], b[0]})
}

// control reads what hangs on a control.
func (r *reader) control(c *control, depth int) {
	switch c.id {
	case "secd":
		r.outline = le.U16(c.data, 18)
	case "atno":
		c.inline = autoNumber(c.data)
	case "tdut": // words above the line
		main, at := wide(c.data, 4)
		above, _ := wide(c.data, at)
		if c.inline = main; above != "" {
			c.inline += "(" + above + ")"
		}
	case "tcps": // letters in one place
		c.inline, _ = wide(c.data, 4)
	}
	for !r.full {
		rec, ok := r.in.peek()
		if !ok || rec.level <= c.level {
			break
		}
		switch rec.tag {
		case tagList:
			r.story(c, rec, depth)
		case tagParaHeader:
			r.blocks(rec.level, &flow.Pager{}, maxDepth)
		case tagTable:
			c.table, c.grid.columns = true, min(le.U16(rec.data, 6), maxColumns)
			r.in.take()
		case tagEquation:
			script, _ := wide(rec.data, 4)
			c.inline = " " + strings.TrimSpace(script) + " "
			r.in.take()
		case tagTextArt:
			words, _ := wide(rec.data, 32)
			c.after = append(c.after, words)
			r.in.take()
		case tagPicture:
			r.picture(le.U16(rec.data, 71))
			r.in.take()
		default:
			r.in.take()
		}
	}
	if c.table {
		c.after = append(c.after, c.grid.table.Text())
	}
}

// story reads one list of a control to where its text belongs.
func (r *reader) story(c *control, rec *record, depth int) {
	column, row := le.U16(rec.data, 8), le.U16(rec.data, 10)
	text := ""
	r.list(rec.level, func(s string) { text = s }, depth)
	switch c.id {
	case "head", "secd": // and what stands below the text of each page
		once(&r.headers, text)
	case "foot":
		once(&r.footers, text)
	case "fn  ", "en  ":
		if text != "" {
			r.count++
			c.inline = fmt.Sprintf("[%d]", r.count)
			r.note(c.inline + " " + text)
		}
	case "tcmt":
		if text != "" {
			r.note("> " + text)
		}
	case "tbl ":
		if c.table {
			c.grid.set(row, column, text)
			return
		}
		fallthrough
	default:
		c.after = append(c.after, text)
	}
}

// note keeps the text of a note until the section ends.
func (r *reader) note(text string) {
	r.size += len(text)
	r.full = r.full || r.size > r.most
	r.noted = append(r.noted, text)
}

// notes writes the notes of a section behind it.
func (r *reader) notes() {
	for _, n := range r.noted {
		r.out.Add(n, "\n\n")
	}
	r.noted = nil
}

// maxStories bounds the headers and footers that are kept.
const maxStories = 100

func once(list *[]string, text string) {
	if text != "" && len(*list) < maxStories && !slices.Contains(*list, text) {
		*list = append(*list, text)
	}
}

// texts are the pages, with the headers before the first and the footers behind the last.
func (r *reader) texts() []string {
	for _, s := range r.footers {
		r.out.Add(s, "\n\n")
	}
	pages := r.out.Done()
	if len(r.headers) == 0 {
		return pages
	}
	head := strings.Join(r.headers, "\n\n")
	if len(pages) == 0 {
		return []string{head}
	}
	pages[0] = head + "\n\n" + pages[0]
	return pages
}

// grid is a table whose cells name their places.
type grid struct {
	table   flow.Table
	row     int
	columns int
	cells   int
}

// set puts a cell where it stands; what a merged cell covers is empty.
func (g *grid) set(row, column int, text string) {
	if len(g.table) == 0 || row != g.row {
		g.table, g.row = append(g.table, nil), row
	}
	cells := &g.table[len(g.table)-1]
	for len(*cells) < min(column, g.columns-1) && g.cells < flow.MaxCells/4 {
		*cells = append(*cells, "")
		g.cells++
	}
	if g.cells++; g.cells < flow.MaxCells/4 {
		*cells = append(*cells, text)
	}
}

// wide reads a string with its length before it, and says where it ends.
func wide(b []byte, at int) (s string, end int) {
	n := 2 * le.U16(b, at)
	return le.UTF16(le.Bytes(b, at+2, n)), at + 2 + n
}

// What a number counts that a document gives by itself.
const (
	countsPages     = 0
	countsFootnotes = 1
	countsEndnotes  = 2
)

// autoNumber is the number of a table or a picture as the program has counted it. Those of notes stand before them already, and pages of paper
// are none here.
func autoNumber(b []byte) string {
	kind := le.U32(b, 4)
	if k := kind & 15; k == countsPages || k == countsFootnotes || k == countsEndnotes {
		return ""
	}
	letter := func(at int) string { return strings.Trim(le.UTF16(le.Bytes(b, at, 2)), "\x00") }
	return letter(12) + numbering.Text(le.U16(b, 8), numberFormat(kind>>4&0xff)) + letter(14)
}

// formats names the shapes of numbers as package numbering does.
var formats = []string{
	"decimal", "decimalEnclosedCircle", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "upperLetterEnclosedCircle", "lowerLetterEnclosedCircle", "ganada", "ganadaEnclosedCircle",
	"chosung", "chosungEnclosedCircle", "koreanCounting", "chineseCounting",
}

func numberFormat(code int) string {
	if code < len(formats) {
		return formats[code]
	}
	return "decimal"
}

// mark is the number or bullet before a paragraph of a shape, with a space; "" for most.
func (r *reader) mark(id int) string {
	if id >= len(r.shapes) {
		return ""
	}
	s := r.shapes[id]
	m := ""
	switch s.head {
	case headOutline:
		m = r.lists.Next(strconv.Itoa(r.outline), s.level)
	case headNumber:
		m = r.lists.Next(strconv.Itoa(s.list), s.level)
	case headBullet:
		m = "-"
	}
	if m == "" {
		return ""
	}
	return m + " "
}
