package doc

import (
	"iter"
	"slices"
	"strings"
)

// rowMark begins each line that is a row of a table in the texts of a Static; its fields are parted by
// tabs. Page takes the marks off and tells the lines of tables beside the text.
const rowMark = "\x1d"

// maxFields bounds the fields of a table that is filled up: one long row must not make all rows long.
const maxFields = 4 << 20

// TableText writes the rows that say something, each filled up to width fields, as lines of a text of a Static.
func TableText(rows [][]string, width int) string {
	var b strings.Builder
	WriteTable(&b, len(rows), width, func(i int) []string { return rows[i] })
	return b.String()
}

// WriteTable is TableText for n rows that are made one by one; row may use the same memory for each.
func WriteTable(b *strings.Builder, n, width int, row func(i int) []string) {
	WriteRows(b, n, width, func(i int) iter.Seq[string] { return slices.Values(row(i)) })
}

// WriteRows is WriteTable for rows whose cells are made one by one, each row's twice: a list of millions of short ones takes several times what
// they say.
func WriteRows(b *strings.Builder, n, width int, row func(i int) iter.Seq[string]) {
	first := true
	for i := range n {
		r := row(i)
		if !says(r) {
			continue
		}
		if !first {
			b.WriteByte('\n')
		}
		first = false
		b.WriteString(rowMark)
		c := 0
		for s := range r {
			if width <= maxFields/n && c == width {
				break
			}
			if c > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(field(s))
			c++
		}
		for ; width <= maxFields/n && c < width; c++ {
			if c > 0 {
				b.WriteByte('\t')
			}
		}
	}
}

// says is whether there is anything in a row but spaces.
func says(r iter.Seq[string]) bool {
	for s := range r {
		if strings.TrimSpace(s) != "" {
			return true
		}
	}
	return false
}

// field is what a cell says in one line.
func field(s string) string {
	if plain(s) {
		return s
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(s, rowMark, "")), " ")
}

// plain is whether field leaves a cell as it is, which most are.
func plain(s string) bool {
	if s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		return s == ""
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == ' ' && s[i+1] == ' ' {
			return false
		}
	}
	return true
}

var oneLineEnd = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n")

// tables takes the marks of rows off a text and says where its tables are.
func tables(text string) (string, []Mark) {
	if !strings.Contains(text, rowMark) {
		return text, nil
	}
	lines := strings.Split(oneLineEnd.Replace(text), "\n")
	var marks []Mark
	for i := 0; i < len(lines); i++ {
		from, width := i, 0
		for i < len(lines) && strings.HasPrefix(lines[i], rowMark) {
			width = max(width, 1+strings.Count(lines[i], "\t"))
			i++
		}
		for j := from; j < i; j++ {
			lines[j] = strings.ReplaceAll(lines[j], rowMark, "")
			if width <= maxFields/(i-from) {
				lines[j] += strings.Repeat("\t", width-1-strings.Count(lines[j], "\t"))
			}
		}
		if i > from && width > 1 && len(marks) < MaxMarks {
			marks = append(marks, Mark{Kind: MarkTable, From: from, To: i})
		}
		if i < len(lines) {
			lines[i] = strings.ReplaceAll(lines[i], rowMark, "")
		}
	}
	return strings.Join(lines, "\n"), marks
}

// Rows puts the marks of rows back into a page's text, for a text that it becomes a part of.
func (p Page) Rows() string {
	lines := strings.Split(p.Text, "\n")
	for _, m := range p.Marks {
		if m.Kind != MarkTable {
			continue
		}
		for i := max(m.From, 0); i < min(m.To, len(lines)); i++ {
			lines[i] = rowMark + lines[i]
		}
	}
	return strings.Join(lines, "\n")
}
