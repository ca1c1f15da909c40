package plain

import (
	"encoding/csv"
	"strings"
)

// CSV writes the cells of a comma, semicolon or tab separated table with tabs between them; what
// does not parse stays as it is.
func CSV(s string) string {
	r := csv.NewReader(strings.NewReader(s))
	r.Comma = separator(s)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return s
	}
	var b strings.Builder
	for _, row := range rows {
		for i, c := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(strings.Join(strings.Fields(c), " "))
		}
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}

// separator takes the candidate that stands equally often in the first lines.
func separator(s string) rune {
	lines := strings.SplitN(s, "\n", 12)
	if len(lines) > 1 {
		lines = lines[:len(lines)-1]
	}
	best, score := ',', 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		n := strings.Count(lines[0], string(c))
		same := 0
		for _, l := range lines {
			if strings.Count(l, string(c)) == n {
				same++
			}
		}
		if v := n * same; n > 0 && v > score {
			best, score = c, v
		}
	}
	return best
}
