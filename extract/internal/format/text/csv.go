// Package text reads formats that are nearly text: tables of separated values, subtitles, XML of unknown kinds.
package text

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// maxColumns bounds a row: a longer one is no row of a table, and reading it as one takes twenty times its bytes.
const maxColumns = 1 << 18

// CSV writes the cells of a comma, semicolon or tab separated table as rows of a table
// (doc.TableText); what does not parse stays as it is.
func CSV(s string) string {
	comma := separator(s)
	rows, width, err := shape(s, comma)
	if err != nil || rows == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + rows)
	r := reader(s, comma)
	if width > 1 {
		doc.WriteTable(&b, rows, width, func(int) []string {
			row, _ := r.Read() // as it was read before
			return row
		})
		return b.String()
	}
	for i := range rows {
		row, _ := r.Read()
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Join(strings.Fields(row[0]), " "))
	}
	return b.String()
}

// shape reads a table once for its size: as lists of cells it would take several times its bytes.
func shape(s string, comma rune) (rows, width int, err error) {
	for line := range strings.SplitSeq(s, "\n") {
		if strings.Count(line, string(comma)) > maxColumns {
			return 0, 0, nil
		}
	}
	r := reader(s, comma)
	for {
		row, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, width, nil
		case err != nil:
			return 0, 0, err
		}
		rows, width = rows+1, max(width, len(row))
	}
}

func reader(s string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	return r
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
