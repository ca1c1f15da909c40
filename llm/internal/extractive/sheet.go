package extractive

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Bounds of what is told about a workbook.
const (
	maxSheets  = 12
	maxColumns = 12
	maxCell    = 40 // characters of a column's name
)

// sheet is one sheet of a workbook: its tables have the same columns, or follow each other.
type sheet struct {
	name    string
	columns []string
	rows    int
	width   int
	body    [][]string
}

// sheetBlocks tell what a workbook holds: "2 sheets, 4 columns, 120 rows, 2021-01 to 2024-06", and the columns of each sheet.
func (s *scored) sheetBlocks() []markdown.Block {
	sheets := s.sheets()
	rows, columns := 0, 0
	var dates []string
	for _, x := range sheets {
		rows, columns = rows+x.rows, columns+x.width
		for _, r := range x.body {
			for _, c := range r {
				if d := dateIn(c); d != "" {
					dates = append(dates, d)
				}
			}
		}
	}
	var parts []string
	if len(sheets) > 1 {
		what := "table"
		if s.workbook {
			what = "sheet"
		}
		parts = append(parts, s.counted(len(sheets), what))
	}
	parts = append(parts, s.counted(columns, "column"), s.counted(rows, "row"))
	if len(dates) > 1 {
		first, last := slices.Min(dates), slices.Max(dates)
		if first != last {
			parts = append(parts, prose.Fill(s.lang, "range", first, last))
		}
	}
	out := []markdown.Block{paragraph(strings.Join(parts, ", ") + ".")}
	l := markdown.Block{Type: "list"}
	for _, x := range sheets[:min(maxSheets, len(sheets))] {
		if len(x.columns) == 0 {
			continue
		}
		item := []markdown.Run{{Text: x.describe()}}
		if x.name != "" {
			item = []markdown.Run{{Text: x.name, Bold: true}, {Text: ": " + x.describe()}}
		}
		l.Items = append(l.Items, item)
	}
	if len(l.Items) > 0 {
		out = append(out, l)
	}
	if p := newPicker(s); s.wholeSentences() > 0 && p.best(s.candidates(), 60) {
		out = append(out, s.quoted(p.chosen, false)) // a remark beside the cells
	}
	return out
}

// sheets groups the tables by the heading that they stand below. A table without a head of its own goes on with the one before.
func (s *scored) sheets() []sheet {
	var out []sheet
	for _, t := range s.tables {
		name := prose.Clip(prose.OneLine(t.heading), maxCell)
		if n := len(out); n > 0 && (name == out[n-1].name || name == "") {
			out[n-1].add(t, false)
			continue
		}
		x := sheet{name: name}
		x.add(t, true)
		out = append(out, x)
	}
	return out
}

func (x *sheet) add(t table, first bool) {
	rows := t.rows
	for _, r := range rows {
		x.width = max(x.width, len(r))
	}
	if first {
		if i := headOf(rows, x.width); i >= 0 {
			x.columns = rows[i]
			rows = rows[i+1:] // what stands above the names of columns is the table's title
		}
	}
	x.rows += len(rows)
	x.body = append(x.body, rows...)
}

// headWithin is the number of rows among which the names of columns are looked for.
const headWithin = 12

// headOf is the first row that names most columns, -1 without one.
func headOf(rows [][]string, width int) int {
	for i, r := range rows[:min(headWithin, len(rows))] {
		if isHead(r) && len(r)*2 > width {
			return i
		}
	}
	return -1
}

// isHead says whether a row names columns: no figures in it, and half of it filled.
func isHead(cells []string) bool {
	named := 0
	for _, c := range cells {
		if _, ok := number(c); ok || dateIn(c) != "" && len(c) < 12 {
			return false
		}
		if c != "" {
			named++
		}
	}
	return named*2 >= len(cells) && named > 0
}

// describe names the columns, those of figures with their range.
func (x *sheet) describe() string {
	var parts []string
	for i, c := range x.columns {
		if c == "" {
			continue
		}
		if len(parts) == maxColumns {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, prose.Clip(prose.OneLine(c), maxCell)+x.rangeOf(i))
	}
	return strings.Join(parts, ", ")
}

// rangeOf is " (4–100)" for a column of figures.
func (x *sheet) rangeOf(column int) string {
	low, high, n, filled := 0.0, 0.0, 0, 0
	for _, r := range x.body {
		if column >= len(r) || r[column] == "" {
			continue
		}
		filled++
		v, ok := number(r[column])
		if !ok {
			continue
		}
		if n == 0 {
			low, high = v, v
		}
		low, high, n = min(low, v), max(high, v), n+1
	}
	if n < 2 || n*10 < filled*9 || low == high {
		return ""
	}
	return fmt.Sprintf(" (%s–%s)", plain(low), plain(high))
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

var amount = pattern.Lazily(`^\(?[-+−]?[$€£¥]?\s?[-+]?\d{1,3}([ ,.']?\d{3})*([.,]\d+)?\s?[%€$£]?\)?$`)

// number reads a cell's figure, with points or commas.
func number(cell string) (float64, bool) {
	if cell == "" || !amount.MatchString(cell) {
		return 0, false
	}
	bare := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' || r == ',' || r == '-' {
			return r
		}
		return -1
	}, cell)
	// The last mark with other than three figures behind it is the decimal one.
	if i := strings.LastIndexAny(bare, ".,"); i >= 0 && len(bare)-i-1 != 3 {
		bare = strings.NewReplacer(".", "", ",", "").Replace(bare[:i]) + "." + bare[i+1:]
	} else {
		bare = strings.NewReplacer(".", "", ",", "").Replace(bare)
	}
	v, err := strconv.ParseFloat(bare, 64)
	return v, err == nil
}

var (
	isoDate   = pattern.Lazily(`\b((?:19|20)\d\d)-(\d\d)(-\d\d)?\b`)
	slashDate = pattern.Lazily(`^(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)$`)
	dotDate   = pattern.Lazily(`^(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)$`)
)

// dateIn is the month or day of a cell in the order of ISO 8601, "" where it holds none. Of 3/4/2024 only the year is certain.
func dateIn(cell string) string {
	if len(cell) > 30 {
		return ""
	}
	if m := isoDate.FindStringSubmatch(cell); m != nil {
		return m[1] + "-" + m[2] + m[3]
	}
	if m := dotDate.FindStringSubmatch(cell); m != nil {
		return m[3] + "-" + twoDigits(m[2]) + "-" + twoDigits(m[1])
	}
	if m := slashDate.FindStringSubmatch(cell); m != nil {
		if m[1] > "12" && len(m[1]) == 2 {
			return m[3] + "-" + twoDigits(m[2]) + "-" + twoDigits(m[1])
		}
		if m[2] > "12" && len(m[2]) == 2 {
			return m[3] + "-" + twoDigits(m[1]) + "-" + twoDigits(m[2])
		}
		return m[3]
	}
	return ""
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// counted is "4 columns".
func (s *scored) counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + prose.Label(s.lang, what)
}
