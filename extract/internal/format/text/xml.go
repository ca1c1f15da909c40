package text

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// XML is the text of an XML file of an unknown kind: one line for each element that has text. What stands within a line of text belongs to
// it, and rows with cells are a table, by the names that many kinds give them.
// whole says that it is XML to its end.
func XML(data []byte) (text string, whole bool) {
	x := xmlText{}
	err := zipx.Tokens(bytes.NewReader(data), func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			x.start(strings.ToLower(t.Name.Local))
		case xml.EndElement:
			x.end(strings.ToLower(t.Name.Local))
		case xml.CharData:
			x.text(t)
		}
		return nil
	})
	x.line()
	if x.rows > 0 {
		x.endRow()
	}
	x.endTable()
	return x.out.String(), err == nil
}

// Names of rows and cells in HTML and DocBook, worksheets of Excel 2003 and e-books.
var (
	rowNames  = []string{"tr", "row"}
	cellNames = []string{"td", "th", "cell", "entry"}
)

// xmlText puts the lines of XML together while it is parsed. The lines are not held as a list: of many short ones it takes more than they do.
type xmlText struct {
	out    strings.Builder
	cur    strings.Builder // the line that is written
	said   bool            // there are words in it
	ended  bool            // an element with a line of its own has just ended
	inline []bool          // of the elements that are open: whether they began within a line
	skip   int             // elements whose text is none

	table flow.Table
	cells int
	row   []string
	rows  int // rows that are open
	parts []string
}

func (x *xmlText) start(name string) {
	within := x.said && !x.ended
	if x.inline = append(x.inline, within); !within {
		x.line()
	}
	switch {
	case name == "binary": // a picture of an e-book, in letters
		x.skip++
	case slices.Contains(rowNames, name):
		if x.rows++; x.rows == 1 {
			x.line()
		}
	}
}

func (x *xmlText) end(name string) {
	n := len(x.inline) - 1
	if n < 0 || !x.inline[n] {
		if x.ended {
			x.line()
		}
		x.ended = x.said
	}
	x.inline = x.inline[:max(n, 0)]
	switch {
	case name == "binary":
		x.skip = max(0, x.skip-1)
	case x.rows == 1 && slices.Contains(cellNames, name):
		x.line()
		x.row, x.parts = append(x.row, strings.Join(x.parts, "\n")), x.parts[:0]
	case x.rows > 0 && slices.Contains(rowNames, name):
		x.line()
		if x.rows--; x.rows == 0 {
			x.endRow()
		}
	}
}

func (x *xmlText) text(t []byte) {
	if x.skip == 0 {
		x.cur.Write(t)
		if len(bytes.TrimSpace(t)) > 0 {
			x.said, x.ended = true, false
		}
	}
}

// line ends a line.
func (x *xmlText) line() {
	s := strings.Join(strings.Fields(x.cur.String()), " ")
	x.cur.Reset()
	x.said, x.ended = false, false
	switch {
	case s == "":
	case x.rows > 0:
		x.parts = append(x.parts, s)
	default:
		x.endTable()
		x.write(s, "\n")
	}
}

// endRow ends a row; one without cells is lines.
func (x *xmlText) endRow() {
	x.row, x.parts = append(x.row, x.parts...), x.parts[:0]
	if x.cells += len(x.row) + 1; x.cells > flow.MaxCells/8 {
		x.endTable()
	}
	x.table, x.row = append(x.table, x.row), nil
}

func (x *xmlText) endTable() {
	x.write(x.table.Text(), "\n\n")
	x.table, x.cells = nil, 0
}

func (x *xmlText) write(s, sep string) {
	if s == "" {
		return
	}
	if x.out.Len() > 0 {
		x.out.WriteString(sep)
	}
	x.out.WriteString(s)
}
