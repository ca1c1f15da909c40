package llm

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// reportWords make the pages differ: what is said twice is not quoted twice.
var reportWords = strings.Fields("gravel turbine orchard harbour tunnel meadow granite copper lantern bridge valley quarry furnace dock mill chapel canal viaduct garden forge depot pier weir kiln barn")

func word(i int) string { return reportWords[i%len(reportWords)] }

func reportPages(n int) []Page {
	var pages []Page
	for p := 1; p <= n; p++ {
		var b strings.Builder
		fmt.Fprintf(&b, "ACME Water Board Annual Report\n\n%d. Region %d\n\n", p, p)
		for i := range 22 {
			fmt.Fprintf(&b, "In region %d the %s beside the %s delivered water for the %s and the %s to %d households without a fault. ", p, word(i+p), word(i*3+p*5), word(i*7+p), word(i*11+p*p), 100+i*p)
		}
		fmt.Fprintf(&b, "The board decided to replace the old mains near the %s and the %s before the winter.\n\nPage %d of %d\n", word(p), word(p*7+3), p, n)
		pages = append(pages, Page{Number: p, Text: b.String()})
	}
	return pages
}

func extract(t *testing.T, d Document) Summary {
	t.Helper()
	s, err := Extractive{}.Summarise(context.Background(), d, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestExtractiveSummaryHasItsParts(t *testing.T) {
	s := extract(t, Document{Filename: "water_report-2025.pdf", Title: "Water report", Pages: reportPages(20)})
	if s.Title != "Water report" || s.Language != "en" || s.Provider != "extractive" || s.Calls != 0 {
		t.Errorf("summary is %+v", s)
	}
	if s.Blocks[0].Type != "paragraph" || s.Blocks[1].Type != "heading" || s.Blocks[2].Type != "list" {
		t.Fatalf("blocks are %+v", s.Blocks)
	}
	if n := len(s.Blocks[2].Items); n < 3 || n > 8 {
		t.Errorf("%d key points", n)
	}
	if !strings.Contains(s.Markdown, "(p. ") || strings.Contains(s.Markdown, "Page 3 of 20") || strings.Contains(s.Markdown, "Annual Report") {
		t.Errorf("no citation, or a running header is quoted:\n%s", s.Markdown)
	}
	if got := ParseMarkdown(s.Markdown); !reflect.DeepEqual(got, s.Blocks) {
		t.Errorf("Markdown and Blocks differ:\n%+v\n%+v", got, s.Blocks)
	}
}

func TestExtractiveCitesTheRightPage(t *testing.T) {
	d := Document{Pages: reportPages(12)}
	d.Pages[8].Text += "\n\nIn conclusion, this report recommends that the board closes the Hinterfeld reservoir because the water board found arsenic there.\n"
	if s := extract(t, d); !strings.Contains(s.Markdown, "arsenic there. (p. 9)") {
		t.Errorf("the recommendation of page 9 is missing or cited wrongly:\n%s", s.Markdown)
	}
}

func TestExtractiveIsDeterministic(t *testing.T) {
	d := Document{Pages: reportPages(30)}
	want := extract(t, d)
	for range 5 {
		if got := extract(t, d); got.Markdown != want.Markdown || got.Title != want.Title {
			t.Fatal("two runs differ")
		}
	}
}

func TestExtractiveTitles(t *testing.T) {
	text := "The committee met on Tuesday and decided that the budget of the city would not be raised any more in this year. It rained."
	for want, d := range map[string]Document{
		"From metadata":     {Title: "From metadata", Filename: "x.pdf"},
		"The first heading": {Filename: "x.md", Pages: []Page{{1, "# The first heading\n\n" + text}}},
		"annual report 25":  {Filename: "/tmp/annual_report-25.pdf"},
		"Untitled document": {},
	} {
		if d.Pages == nil {
			d.Pages = []Page{{1, text}}
		}
		if got := extract(t, d).Title; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestExtractivePrefersTheWritersOwnAbstract(t *testing.T) {
	filler := strings.Repeat("The pumps of the station were painted green and then they were painted blue again. ", 40)
	d := Document{Pages: []Page{{1, "# Pumps\n\n## Preface\n\n" + filler + "\n\n## Executive summary\n\nThe city shall sell its waterworks to the county in May. The price is four million.\n\n## Details\n\n" + filler + "\n\n## References\n\nSmith, The city shall sell its waterworks, Journal of Pumps."}}}
	s := extract(t, d)
	if p := blockText(s.Blocks[0]); !strings.Contains(p, "sell its waterworks to the county") || !strings.Contains(p, "four million") {
		t.Errorf("the abstract is %q", p)
	}
	if strings.Contains(s.Markdown, "Journal of Pumps") {
		t.Error("a reference is quoted")
	}
}

func TestExtractiveReadsAllScripts(t *testing.T) {
	for lang, text := range map[string]string{
		"zh": "市政府今天公布了新的供水计划。该计划将在三年内更换所有旧水管。居民认为供水计划非常重要。专家表示,旧水管是漏水的主要原因。预算为四百万元。",
		"ar": "أعلنت البلدية اليوم خطة جديدة للمياه. ستستبدل الخطة جميع الأنابيب القديمة خلال ثلاث سنوات. يرى السكان أن خطة المياه مهمة جدا. وقال الخبراء إن الأنابيب القديمة هي السبب الرئيسي للتسرب.",
		"th": "เทศบาลประกาศแผนน้ำประปาใหม่ในวันนี้ แผนนี้จะเปลี่ยนท่อเก่าทั้งหมดภายในสามปี ประชาชนเห็นว่าแผนน้ำประปามีความสำคัญมาก",
		"de": "Die Stadt hat heute einen neuen Plan für das Wasser vorgestellt. Der Plan ersetzt in drei Jahren alle alten Rohre. Die Bürger halten den Plan für wichtig. Fachleute sagen, dass die alten Rohre der Hauptgrund für die Verluste sind.",
	} {
		s := extract(t, Document{Pages: []Page{{1, strings.Repeat(text, 4)}}})
		if len(s.Blocks) == 0 || CountWords(s.Markdown) < 8 {
			t.Errorf("%s: no summary: %q", lang, s.Markdown)
		}
		if s.Language != lang {
			t.Errorf("%s: detected %q", lang, s.Language)
		}
	}
}

func TestExtractiveTakesAnyText(t *testing.T) {
	for name, text := range map[string]string{
		"numbers":      strings.Repeat("12 34 56\n", 200),
		"one word":     "word",
		"one line":     strings.Repeat("no end of words here ", 20_000),
		"no spaces":    strings.Repeat("x", 300_000),
		"broken UTF-8": "caf\xe9 and more words follow here. \xff\xfe",
		"marks":        strings.Repeat("e\u0301", 5000),
		"a table":      strings.Repeat("| a | 1 | 2 | 3 |\n", 500),
		"a script":     "<script>alert('x')</script> is what the attacker wrote into this document. [a](javascript:x)",
	} {
		s, err := Extractive{}.Summarise(context.Background(), Document{Pages: []Page{{1, text}}}, nil, nil)
		if err != nil || len(s.Blocks) == 0 {
			t.Errorf("%s: %v, %d blocks", name, err, len(s.Blocks))
		}
		if n := CountWords(s.Markdown); n > 1500 {
			t.Errorf("%s: %d words", name, n)
		}
		live := strings.NewReplacer(`\<`, "", `\]`, "").Replace(s.Markdown)
		if strings.Contains(live, "<script") || strings.Contains(live, "](") {
			t.Errorf("%s: live markup in %q", name, s.Markdown)
		}
	}
}

func TestExtractSummaryKeepsToItsLength(t *testing.T) {
	var b strings.Builder
	for _, p := range reportPages(10) {
		b.WriteString(p.Text)
	}
	for _, words := range []int{40, 100, 250} {
		if n := CountWords(ExtractSummary(b.String(), words)); n < words*7/10 || n > words*13/10 {
			t.Errorf("asked for %d words, got %d", words, n)
		}
	}
}

func TestDialogueDropsFillers(t *testing.T) {
	var b strings.Builder
	for i := range 30 {
		fmt.Fprintf(&b, "Speaker A: Uh , we should um replace the the water pumps of station %d before winter , you know , because the pumps leak .\nSpeaker B: Yeah .\n", i)
	}
	s := ExtractSummary(b.String(), 40)
	if s == "" || strings.Contains(s, "um ") || strings.Contains(s, "the the") || strings.Contains(s, " ,") || strings.Contains(s, "Speaker A") {
		t.Errorf("got %q", s)
	}
}

func BenchmarkExtractive100Pages(b *testing.B) {
	d := Document{Pages: reportPages(100)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Extractive{}).Summarise(context.Background(), d, nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}
