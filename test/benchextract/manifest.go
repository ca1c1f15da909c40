package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// document is one row of the corpus. The base name of its path is its id: the agent names texts after files.
type document struct {
	id, path string
	truth    string // path of what it says, or of the strings that are required of it
	pages    int
	unknown  bool // what it says is not known: its truth is an empty file
}

// manifest lists the documents of a set; most > 0 takes that many, spread over the list.
func manifest(corpus, set string, most int) ([]document, error) {
	f, err := os.Open(filepath.Join(corpus, "manifest.tsv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	in, truth, pages := slices.Index(rows[0], "in_path"), slices.Index(rows[0], "gt_path"), slices.Index(rows[0], "pages")
	if in < 0 || truth < 0 || pages < 0 {
		return nil, fmt.Errorf("the manifest has no column in_path, gt_path or pages")
	}
	var all []document
	for _, row := range rows[1:] {
		if len(row) <= max(in, truth, pages) || row[0] != set {
			continue
		}
		n, err := strconv.Atoi(row[pages])
		if err != nil || n < 1 {
			n = 1
		}
		st, err := os.Stat(filepath.Join(corpus, row[truth]))
		all = append(all, document{id: row[1], path: filepath.Join(corpus, row[in]), truth: filepath.Join(corpus, row[truth]), pages: n, unknown: err == nil && st.Size() == 0})
	}
	if most == 0 || most >= len(all) {
		return all, nil
	}
	out := make([]document, 0, most)
	for i := range most {
		out = append(out, all[i*len(all)/most])
	}
	return out, nil
}
