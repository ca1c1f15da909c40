package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// The truth of most documents of set C is a list of strings that some program's tests require of its output. Not all of them are text of the document: some
// are properties, names of files, paths, scripts, or the form in which that program writes a date. A required string is text when both holds:
//
//   - it is found by any of the programs, or it stands in the file: in its bytes (Latin-1, UTF-8 or UTF-16), or in the elements of its XML or HTML, of each part
//     of a zip. What stands in attributes, in scripts, styles and macros is none; of a PDF only programs tell.
//   - it is no path of a file.
//
// White space, case, quotation marks and the brackets that Markdown puts around links are left out of all comparisons.

// texts counts the required strings that are text, and how many of them each program finds.
func texts(docs []document, results []result) (found []int, all int, err error) {
	found = make([]int, len(results))
	for _, d := range docs {
		if filepath.Ext(d.truth) != ".json" {
			continue
		}
		data, err := os.ReadFile(d.truth)
		if err != nil {
			return nil, 0, err
		}
		var truth struct{ Must []string }
		if err := json.Unmarshal(data, &truth); err != nil {
			return nil, 0, fmt.Errorf("%s: %w", d.truth, err)
		}
		said, err := inFile(d.path)
		if err != nil {
			return nil, 0, err
		}
		read := make([]string, len(results))
		for i, r := range results {
			b, _ := os.ReadFile(filepath.Join(r.dir, d.id+".txt")) // a missing one finds nothing
			read[i] = bare(string(b))
		}
		for _, m := range truth.Must {
			want := bare(m)
			has := func(s string) bool { return strings.Contains(s, want) }
			if pathOfFile.MatchString(m) || !slices.ContainsFunc(read, has) && !slices.ContainsFunc(said, has) {
				continue
			}
			all++
			for i := range read {
				if has(read[i]) {
					found[i]++
				}
			}
		}
	}
	return found, all, nil
}

var (
	pathOfFile = regexp.MustCompile(`^(?:[A-Za-z]:\\|\\\\|/)\S`)
	noText     = regexp.MustCompile(`(?is)<(script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->`)
	element    = regexp.MustCompile(`(?s)<[^>]*>`)
)

// bare is what of a text is compared.
func bare(s string) string {
	s = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "‑", "-", "\u00ad", "", "\ufeff", "").Replace(s)
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("[]>*", r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s)))
}

const (
	// mostPart is the most of a part of a file that is looked through, in bytes.
	mostPart = 16 << 20
	// mostParts is how many parts of a file are.
	mostParts = 1000
)

// inFile gives what stands in a file, in each form that its bytes may be read in.
func inFile(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte("%PDF")) {
		return nil, nil
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return forms(data), nil
	}
	var out []string
	for _, f := range z.File[:min(len(z.File), mostParts)] {
		if strings.HasPrefix(f.Name, "Basic/") || strings.HasPrefix(f.Name, "Scripts/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		part, err := io.ReadAll(io.LimitReader(r, mostPart))
		r.Close()
		if err == nil && bytes.HasPrefix(bytes.TrimLeft(part, "\ufeff \r\n"), []byte("<")) {
			out = append(out, forms(part)...)
		}
	}
	return out, nil
}

func forms(data []byte) []string {
	data = data[:min(len(data), mostPart)]
	if bytes.HasPrefix(bytes.TrimLeft(data, "\ufeff \r\n"), []byte("<")) {
		s := element.ReplaceAllString(noText.ReplaceAllString(string(data), ""), "")
		return []string{bare(html.UnescapeString(s))}
	}
	western, _ := charmap.Windows1252.NewDecoder().Bytes(data)
	out := []string{bare(string(data)), bare(string(western))}
	for from := range 2 {
		var units []uint16
		for i := from; i+1 < len(data); i += 2 {
			units = append(units, uint16(data[i])|uint16(data[i+1])<<8)
		}
		out = append(out, bare(string(utf16.Decode(units))))
	}
	return out
}
