// Package text reads formats that are nearly text: tables of separated values, subtitles, XML of unknown kinds.
package text

import (
	"encoding/csv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// CSV writes the cells of a comma, semicolon or tab separated table as rows of a table
// (doc.TableText); what does not parse stays as it is.
func CSV(s string) string {
	r := csv.NewReader(strings.NewReader(s))
	r.Comma = separator(s)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return s
	}
	if width := flow.Table(rows).Width(); width > 1 {
		return doc.TableText(rows, width)
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = strings.Join(strings.Fields(row[0]), " ")
	}
	return strings.Join(lines, "\n")
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
