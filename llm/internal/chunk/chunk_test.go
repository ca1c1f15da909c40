package chunk

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/tokens"
)

var chunkSamples = []string{
	"# Report\n\nThe first paragraph has a sentence. It has another one, e.g. this by Dr. Smith.\n\n## Results\n\nProfit rose by 3.5 percent. Nobody knew why.\n",
	"这是第一句话。这是第二句话,没有空格!第三句在这里?" + strings.Repeat("汉字连续不断没有任何标点", 30),
	"هذه هي الجملة الأولى. وهذه هي الجملة الثانية؟ نعم.\n\nفقرة أخرى.\n",
	strings.Repeat("ภาษาไทยไม่มีการเว้นวรรคระหว่างคำ", 20) + "\n",
	strings.Repeat("x", 3000),
	strings.Repeat("👩‍👩‍👧‍👦🇩🇪é", 200),
	"\n\n\n",
	"a\r\nb\r\n\r\nc",
	"Zalgo: e" + strings.Repeat("\u0301", 2000) + " end.",
	"",
}

func samplePages(r *rand.Rand) []prose.Page {
	var pages []prose.Page
	for n := range 1 + r.IntN(6) {
		var b strings.Builder
		for range r.IntN(5) {
			b.WriteString(chunkSamples[r.IntN(len(chunkSamples))])
		}
		pages = append(pages, prose.Page{Number: n + 1, Text: b.String()})
	}
	return pages
}

func TestSplitKeepsTextPagesAndLimit(t *testing.T) {
	counters := map[string]func(string) int{"estimate": tokens.Estimate, "o200k": tokens.CounterFor("openai", "gpt-4o")}
	for name, count := range counters {
		rounds := 150
		if name != "estimate" {
			rounds = 15
		}
		r := rand.New(rand.NewPCG(7, 9))
		for round := range rounds {
			pages := samplePages(r)
			limit := 40 + r.IntN(400)
			chunks := Split(pages, limit, 0, count)
			checkChunks(t, fmt.Sprintf("%s round %d limit %d", name, round, limit), pages, chunks, limit, count)
			if again := Split(pages, limit, 0, count); fmt.Sprint(again) != fmt.Sprint(chunks) {
				t.Fatalf("%s: two runs differ", name)
			}
		}
	}
}

func checkChunks(t *testing.T, name string, pages []prose.Page, chunks []Chunk, limit int, count func(string) int) {
	t.Helper()
	got := map[int]*strings.Builder{}
	for i, c := range chunks {
		if n := count(c.Text()) + PageMarkTokens*len(c.Parts); n > limit {
			t.Fatalf("%s: chunk %d has %d tokens, limit is %d", name, i, n, limit)
		}
		for _, p := range c.Parts {
			if !utf8.ValidString(p.Text) || p.Text == "" {
				t.Fatalf("%s: chunk %d has an empty or broken part", name, i)
			}
			if got[p.Number] == nil {
				got[p.Number] = &strings.Builder{}
			}
			got[p.Number].WriteString(p.Text)
		}
	}
	for _, p := range pages {
		have := ""
		if b := got[p.Number]; b != nil {
			have = b.String()
		}
		if have != p.Text {
			t.Fatalf("%s: page %d is not what went in:\n%q\n%q", name, p.Number, have, p.Text)
		}
	}
}

func TestSplitNeverCutsAGrapheme(t *testing.T) {
	text := strings.Repeat("👩‍👩‍👧‍👦é🇩🇪", 300)
	borders := map[int]bool{0: true}
	for it := graphemes.FromString(text); it.Next(); {
		borders[it.End()] = true
	}
	at := 0
	chunks := Split([]prose.Page{{Number: 1, Text: text}}, 60, 0, tokens.Estimate)
	if len(chunks) < 10 {
		t.Fatalf("got %d chunks", len(chunks))
	}
	for _, c := range chunks {
		if !borders[at] {
			t.Fatalf("a chunk begins inside a grapheme, at byte %d", at)
		}
		at += len(c.Text())
	}
}

func TestSplitPrefersHeadings(t *testing.T) {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, "## Part %d\n\n%s\n\n", i+1, strings.Repeat("A plain sentence stands here. ", 12))
	}
	chunks := Split([]prose.Page{{Number: 1, Text: b.String()}}, 260, 0, tokens.Estimate)
	if len(chunks) < 3 {
		t.Fatalf("got %d chunks", len(chunks))
	}
	for i, c := range chunks {
		if !strings.HasPrefix(c.Text(), "## Part") {
			t.Errorf("chunk %d begins %q, not at a heading", i, c.Text()[:20])
		}
		if len(c.Section) != 1 || !strings.HasPrefix(c.Section[0], "Part") {
			t.Errorf("chunk %d has section path %q", i, c.Section)
		}
	}
}

func TestSplitCutsAtSentences(t *testing.T) {
	text := strings.Repeat("Dr. Miller et al. (2001) paid 3.5 million to J. Smith. ", 60)
	for i, c := range Split([]prose.Page{{Number: 3, Text: text}}, 120, 0, tokens.Estimate) {
		if s := c.Text(); !strings.HasPrefix(s, "Dr. Miller") || !strings.HasSuffix(s, "J. Smith. ") {
			t.Fatalf("chunk %d cuts a sentence: %q … %q", i, s[:20], s[len(s)-20:])
		}
		if c.FirstPage() != 3 || c.LastPage() != 3 {
			t.Fatalf("chunk %d is on pages %d to %d", i, c.FirstPage(), c.LastPage())
		}
	}
}

func TestSplitOverlapRepeatsTheEnd(t *testing.T) {
	text := strings.Repeat("One sentence of a few words here. ", 100)
	chunks := Split([]prose.Page{{Number: 1, Text: text}}, 200, 40, tokens.Estimate)
	for i := 1; i < len(chunks); i++ {
		if o := chunks[i].Overlap; o == "" || !strings.HasSuffix(chunks[i-1].Text(), o) {
			t.Fatalf("chunk %d has overlap %q", i, o)
		}
		if n := tokens.Estimate(chunks[i].Overlap) + chunks[i].Tokens; n > 200 {
			t.Fatalf("chunk %d has %d tokens with its overlap", i, n)
		}
	}
	checkChunks(t, "overlap", []prose.Page{{Number: 1, Text: text}}, chunks, 200, tokens.Estimate)
}

func FuzzSplit(f *testing.F) {
	for _, s := range chunkSamples {
		f.Add(s, 50)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if limit < 40 || limit > 10_000 || len(s) > 20_000 {
			t.Skip()
		}
		valid := strings.ToValidUTF8(s, "\ufffd")
		checkChunks(t, "fuzz", []prose.Page{{Number: 1, Text: valid}}, Split([]prose.Page{{Number: 1, Text: s}}, limit, 0, tokens.Estimate), limit, tokens.Estimate)
	})
}
