package odf

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// headers writes each distinct page header or footer once. body is the content, which says of a spreadsheet what masters are used.
func (o *odf) headers(styles, body *zipx.Node, kind string) {
	seen := map[string]bool{}
	used := func(string) bool { return true }
	if o.book {
		used = mastersOfSheets(body)
	}
	styles.Walk(func(n *zipx.Node) bool {
		if n.Name == "master-page" && !used(n.Get("name")) {
			return false
		}
		if n.Name != kind && n.Name != kind+"-left" && n.Name != kind+"-first" {
			return true
		}
		var parts []string
		n.Walk(func(k *zipx.Node) bool {
			if k.Name != "p" {
				return true
			}
			if o.book {
				parts = append(parts, headerOfSheet(k))
			} else {
				parts = append(parts, strings.TrimSpace(o.inline(k)))
			}
			return false
		})
		s := strings.TrimSpace(strings.Join(parts, "\n"))
		if s != "" && !seen[s] && strings.Trim(s, "0123456789/ -") != "" && s != "Page" {
			seen[s] = true
			o.out.Add(s, "\n\n")
		}
		return false
	})
}

// mastersOfSheets tells whether a master page stands behind a sheet; one that names none has the one called Default.
func mastersOfSheets(body *zipx.Node) func(string) bool {
	used := []string{"Default"}
	body.Walk(func(n *zipx.Node) bool {
		if m := n.Get("master-page-name"); n.Name == "style" && m != "" {
			used = append(used, m)
		}
		return n.Name != "body"
	})
	return func(name string) bool { return slices.Contains(used, name) }
}

// fieldsOfSheets are what a program puts into a header when it prints. The file has placeholders in their places: ???, 00/00/0000, 99.
var fieldsOfSheets = []string{"sheet-name", "title", "subject", "keywords", "description", "author-name", "author-initials", "initial-creator", "creator", "date", "time",
	"page-number", "page-count", "file-name", "chapter", "modification-date", "modification-time", "print-date", "print-time"}

// headerOfSheet is a paragraph of a header without its fields, and nothing where a word is left over that only introduces one.
func headerOfSheet(p *zipx.Node) string {
	var b strings.Builder
	fields := 0
	p.Walk(func(n *zipx.Node) bool {
		switch {
		case slices.Contains(fieldsOfSheets, n.Name):
			fields++
			return false
		case n.Name == "":
			b.WriteString(n.Text)
		case n.Name == "s" || n.Name == "tab":
			b.WriteByte(' ')
		}
		return true
	})
	words := strings.Fields(b.String())
	letters := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.Trim(w, "()/|,.:;-\u2013") == "" })
	if fields > 0 && len(letters) < 2 {
		return ""
	}
	return strings.Join(words, " ")
}
