package llm

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

func reportPages(n int) []Page {
	var pages []Page
	for i, text := range llmtest.ReportPages(n) {
		pages = append(pages, Page{Number: i + 1, Text: text})
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
	d := Document{Filename: "water_report-2025.pdf", Title: "Water report", Pages: reportPages(20)}
	s := extract(t, d)
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
	if got := linkPages(markdown.Parse(s.Markdown), d.Pages); !reflect.DeepEqual(got, s.Blocks) {
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
	Computes(t)
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
		"The first heading": {Filename: "x.md", Pages: []Page{{Number: 1, Text: "# The first heading\n\n" + text}}},
		"annual report 25":  {Filename: "/tmp/annual_report-25.pdf"},
		"Untitled document": {},
	} {
		if d.Pages == nil {
			d.Pages = []Page{{Number: 1, Text: text}}
		}
		if got := extract(t, d).Title; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestExtractivePrefersTheWritersOwnAbstract(t *testing.T) {
	filler := strings.Repeat("The pumps of the station were painted green and then they were painted blue again. ", 40)
	d := Document{Pages: []Page{{Number: 1, Text: "# Pumps\n\n## Preface\n\n" + filler + "\n\n## Executive summary\n\nThe city shall sell its waterworks to the county in May. The price is four million.\n\n## Details\n\n" + filler + "\n\n## References\n\nSmith, The city shall sell its waterworks, Journal of Pumps."}}}
	s := extract(t, d)
	if p := markdown.PlainText(s.Blocks[0]); !strings.Contains(p, "sell its waterworks to the county") || !strings.Contains(p, "four million") {
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
		s := extract(t, Document{Pages: []Page{{Number: 1, Text: strings.Repeat(text, 4)}}})
		if len(s.Blocks) == 0 || prose.CountWords(s.Markdown) < 8 {
			t.Errorf("%s: no summary: %q", lang, s.Markdown)
		}
		if s.Language != lang {
			t.Errorf("%s: detected %q", lang, s.Language)
		}
	}
}

func TestExtractiveTakesAnyText(t *testing.T) {
	Computes(t)
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
		s, err := Extractive{}.Summarise(context.Background(), Document{Pages: []Page{{Number: 1, Text: text}}}, nil, nil)
		if err != nil || len(s.Blocks) == 0 {
			t.Errorf("%s: %v, %d blocks", name, err, len(s.Blocks))
		}
		if n := prose.CountWords(s.Markdown); n > 1500 {
			t.Errorf("%s: %d words", name, n)
		}
		live := strings.NewReplacer(`\<`, "", `\]`, "").Replace(s.Markdown)
		if strings.Contains(live, "<script") || strings.Contains(live, "](") {
			t.Errorf("%s: live markup in %q", name, s.Markdown)
		}
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
