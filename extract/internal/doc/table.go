package doc

import "strings"

// rowMark begins each line that is a row of a table in the texts of a Static; its fields are parted by
// tabs. Page takes the marks off and tells the lines of tables beside the text.
const rowMark = "\x1d"

// maxFields bounds the fields of a table that is filled up: one long row must not make all rows long.
const maxFields = 4 << 20

// TableText writes the rows that say something, each filled up to width fields, as lines of a text of a Static.
func TableText(rows [][]string, width int) string {
	var b strings.Builder
	for _, r := range rows {
		if strings.TrimSpace(strings.Join(r, "")) == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(rowMark)
		n := width
		if width > maxFields/len(rows) {
			n = len(r)
		}
		for c := range n {
			if c > 0 {
				b.WriteByte('\t')
			}
			if c < len(r) {
				b.WriteString(field(r[c]))
			}
		}
	}
	return b.String()
}

// field is what a cell says in one line.
func field(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, rowMark, "")), " ")
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
