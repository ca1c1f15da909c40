package llm

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
)

func TestPageNumbersOfReferencesAreLinked(t *testing.T) {
	var pages []Page
	for n := range 20 {
		pages = append(pages, Page{Number: n + 1})
	}
	for in, want := range map[string]string{
		"The bridge is repaired in spring. (p. 3)":        "3",
		"Costs rise (p. 3, 7) and fall again (p. 12).":    "3 7 12",
		"Work goes on all year. (pp. 5–7)":                "5 7",
		"Die Brücke wird repariert. (S. 4)":               "4",
		"It costs 40,000 euros (about 5 percent).":        "",
		"The model invented a page. (p. 999)":             "",
		"A page of both kinds (p. 2, 999).":               "2",
		"**Bold** words (p. 6) and `code (p. 7)` in one.": "6",
		"(p. 99999999999999999999)":                       "",
	} {
		before := []Block{{Type: "paragraph", Runs: markdown.Inline(in)}, {Type: "list", Items: [][]Run{markdown.Inline(in), markdown.Inline("no page")}}}
		text := markdown.Write(before)
		after := linkPages(before, pages)
		var got []string
		for _, r := range after[0].Runs {
			if r.Page > 0 {
				got = append(got, r.Text)
				if r.Text != fmt.Sprint(r.Page) {
					t.Errorf("%s: page %d is under %q", in, r.Page, r.Text)
				}
			}
		}
		if strings.Join(got, " ") != want || len(after[1].Items[0]) != len(after[0].Runs) {
			t.Errorf("%s: linked %v, want %s", in, got, want)
		}
		if markdown.Write(after) != text || markdown.Write(before) != text {
			t.Errorf("%s: the text changed to %q", in, markdown.Write(after))
		}
	}
}
