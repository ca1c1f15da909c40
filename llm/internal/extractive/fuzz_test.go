package extractive

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// FuzzSummarise: whatever the text, a summary has a title and a block, and its text is valid.
func FuzzSummarise(f *testing.F) {
	for _, text := range []string{filing, filler, "Present: A\n\nMinutes\n", "Dear A,\n\nPlease.\n", "| a | b |\n| --- | --- |\n| 1 | 2024-01 |\n", "$ ls\nfoo(x);\n", "A: b c\nA: d e\n", "\x00\xff|\t|", "# \n\n## \n", "Total\t1\f\n(1)\n"} {
		f.Add(text, "x.pdf", 0.5)
		f.Add(text, "x.xlsx", 0.0)
	}
	f.Fuzz(func(t *testing.T, text, name string, confidence float64) {
		var pages []prose.Page
		for i, p := range strings.Split(text, "\f") {
			pages = append(pages, prose.Page{Number: i + 1, Text: p, Confidence: max(0, min(1, confidence))})
		}
		title, blocks := Summarise(pages, "en", "", name)
		if title == "" || len(blocks) == 0 {
			t.Errorf("title %q, %d blocks", title, len(blocks))
		}
		if s := markdown.Write(blocks); !utf8.ValidString(s) {
			t.Errorf("not valid UTF-8: %q", s)
		}
	})
}
