package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// leaf is page n: a header, text, and a footer, each where their marks say.
func leaf(n int, header string, headerY int, body, footer string, footerY int) doc.Page {
	return doc.Page{Number: n, Method: doc.MethodText, Text: header + "\n\n" + body + "\n\n" + footer, Marks: []doc.Mark{
		{Kind: doc.MarkHeader, From: 0, To: 1, Y: headerY},
		{Kind: doc.MarkFooter, From: 4 + strings.Count(body, "\n"), To: 5 + strings.Count(body, "\n"), Y: footerY},
	}}
}

// book makes pages 1 to n; make gives header and footer of each.
func book(n int, make func(i int) (header, footer string)) []doc.Page {
	var out []doc.Page
	for i := 1; i <= n; i++ {
		header, footer := make(i)
		out = append(out, leaf(i, header, 40, fmt.Sprintf("Text of page %d.", i), footer, 960))
	}
	return out
}

func TestRunningLinesAreLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		pages []doc.Page
		want  string // of page 5, "%d" being its number
	}{
		"same header, page number": {book(8, func(i int) (string, string) { return "Annual report 2025", fmt.Sprint("Page ", i, " of 8") }), "Text of page 5."},
		"odd and even":             {book(12, func(i int) (string, string) { return []string{"Title", "Author"}[i%2], fmt.Sprint(i + 3) }), "Text of page 5."},
		"headers of chapters": {book(40, func(i int) (string, string) {
			return fmt.Sprint("On subject ", string(rune('a'+(i-1)/8))), fmt.Sprint(i)
		}), "Text of page 5."},
		"roman numerals": {book(8, func(i int) (string, string) {
			return "Title", []string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii"}[i-1]
		}), "Text of page 5."},
		"headers that differ":             {book(8, func(i int) (string, string) { return "Subject " + string(rune('a'+i)), "end " + string(rune('a'+i)) }), "Subject f\n\nText of page 5.\n\nend f"},
		"numbers that do not count pages": {book(8, func(i int) (string, string) { return "Title", fmt.Sprint(i * i) }), "Text of page 5.\n\n25"},
		"too few pages":                   {book(3, func(i int) (string, string) { return "Title", fmt.Sprint(i) })[2:], "Title\n\nText of page 3.\n\n3"},
	} {
		md := Markdown(c.pages)
		if got := md[min(4, len(md)-1)]; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A line that most pages end with is a running footer wherever a short page ends.
func TestFootersOfShortPages(t *testing.T) {
	var pages []doc.Page
	for i := 1; i <= 8; i++ {
		pages = append(pages, leaf(i, "Subject "+string(rune('a'+i)), 40, "Text.", fmt.Sprintf("Form 10 | %d", i), 300+i*70))
	}
	if got := Markdown(pages)[4]; got != "Subject f\n\nText." {
		t.Errorf("%q", got)
	}
}

// A heading of each page that only counts on is no running header.
func TestCountedHeadingsStay(t *testing.T) {
	pages := book(8, func(i int) (string, string) { return fmt.Sprint("Question ", i), "Examination 2025" })
	for i := range pages {
		pages[i].Marks = append([]doc.Mark{{Kind: doc.MarkHeading, From: 0, To: 1, Level: 2}}, pages[i].Marks...)
	}
	if got := Markdown(pages)[4]; got != "## Question 5\n\nText of page 5." {
		t.Errorf("%q", got)
	}
}

// Recognition reads the full stops of a running header differently on each page, and its page number changes sides.
func TestRunningHeadsOfAScan(t *testing.T) {
	headers := []string{"THE CORSET. %d", "%d THE CORSET,", "THE CORSET, %d", "%d. THE CORSET"}
	for method, stays := range map[doc.Method]bool{doc.MethodOCR: false, doc.MethodText: true} {
		pages := book(8, func(i int) (string, string) { return fmt.Sprintf(headers[i%4], i), fmt.Sprintf("[%d]", i) })
		for i := range pages {
			if pages[i].Method = method; method == doc.MethodOCR {
				pages[i].Scan.Script = "Latin"
			}
		}
		if got := Markdown(pages)[4]; strings.Contains(got, "CORSET") != stays || strings.Contains(got, "[5]") {
			t.Errorf("%s: %q", method, got)
		}
	}
}

// A page of which pictures alone were recognised has the running header of those beside it.
func TestAPageWithAReadPictureKeepsItsRunningHeader(t *testing.T) {
	pages := book(8, func(i int) (string, string) { return fmt.Sprintf("The corset, %d of 8", i), "" })
	pages[4].Method = doc.MethodOCR
	if got := Markdown(pages)[4]; strings.Contains(got, "corset") {
		t.Errorf("%q", got)
	}
}

// Nothing below a line that does not repeat is left out, even if it repeats.
func TestOnlyTheEdgeIsLeftOut(t *testing.T) {
	var pages []doc.Page
	for i := 1; i <= 8; i++ {
		pages = append(pages, doc.Page{Number: i, Text: "Subject " + string(rune('a'+i)) + "\nName Amount\nText.", Marks: []doc.Mark{
			{Kind: doc.MarkHeader, From: 0, To: 1, Y: 40}, {Kind: doc.MarkHeader, From: 1, To: 2, Y: 80}}})
	}
	if got := Markdown(pages)[4]; got != "Subject f\nName Amount\nText." {
		t.Errorf("%q", got)
	}
}

func TestTableBecomesMarkdown(t *testing.T) {
	p := doc.Page{Number: 1, Text: "Before\n\n\tDecember 31,\tJune 30,\n\t2022\t2021\na|b\t$ 1\t2\nc\t\t3\n\nAfter", Marks: []doc.Mark{{Kind: doc.MarkTable, From: 2, To: 6}}}
	want := "Before\n\n|  | December 31, 2022 | June 30, 2021 |\n| --- | --- | --- |\n| a\\|b | $ 1 | 2 |\n| c |  | 3 |\n\nAfter"
	if got := Markdown([]doc.Page{p})[0]; got != want {
		t.Errorf("%q", got)
	}
	if got := Text([]doc.Page{p}); !strings.Contains(got, "a|b\t$ 1\t2\n") {
		t.Errorf("the plain text changed: %q", got)
	}
}

func TestWordsAreJoinedOverPageBorders(t *testing.T) {
	pages := book(6, func(i int) (string, string) { return "Title", fmt.Sprint(i) })
	pages[1] = leaf(2, "Title", 40, "This is all the infor-", "2", 960)
	pages[2] = leaf(3, "Title", 40, "mation there is.", "3", 960)
	md := Markdown(pages)
	if md[1] != "This is all the information" || md[2] != "there is." {
		t.Errorf("%q, %q", md[1], md[2])
	}
	pages[2].Number = 4 // a page between them could not be read
	if md := Markdown(pages); md[1] != "This is all the infor-" {
		t.Errorf("%q", md[1])
	}
}

// A page without marks (Office formats) is its text.
func TestPagesWithoutMarksStay(t *testing.T) {
	if got := Markdown([]doc.Page{{Number: 1, Text: "| a |\n\n\n# b\n"}}); got[0] != "| a |\n\n\n# b\n" {
		t.Errorf("%q", got)
	}
}

func TestRowsWithoutLabelsAreNoHeader(t *testing.T) {
	var rows [][]string
	for range maxHeader + 1 {
		rows = append(rows, []string{"", "a name", "12.50"})
	}
	if got := oneHeader(append(rows, []string{"total", "", "62.50"})); len(got) != maxHeader+2 {
		t.Errorf("%d rows", len(got))
	}
	two := [][]string{{"", "June", "June"}, {"", "2022", "2021"}, {"Sales", "1", "2"}}
	if got := oneHeader(two); len(got) != 2 || got[0][1] != "June 2022" {
		t.Errorf("%q", got)
	}
}
