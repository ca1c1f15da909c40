package grounding

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// longDocument is a document of 400 words a page, whose words are as unevenly used as in any text, with figures, dates and names.
func longDocument(pages int) []prose.Page {
	r := rand.New(rand.NewPCG(7, 11))
	zipf := rand.NewZipf(r, 1.1, 4, 30_000)
	out := make([]prose.Page, pages)
	for n := range out {
		var b strings.Builder
		for w := range 400 {
			switch {
			case w%90 == 40:
				fmt.Fprintf(&b, "on %d March %d ", 1+r.IntN(28), 1990+r.IntN(35))
			case w%50 == 20:
				fmt.Fprintf(&b, "%d,%03d euros ", 1+r.IntN(900), r.IntN(1000))
			case w%70 == 30:
				fmt.Fprintf(&b, "to Mrs %s ", title(word(zipf.Uint64())))
			case w%14 == 13:
				b.WriteString(word(zipf.Uint64()) + ". ")
			default:
				b.WriteString(word(zipf.Uint64()) + " ")
			}
		}
		out[n] = prose.Page{Number: n + 1, Text: b.String()}
	}
	return out
}

// word is a word of its own for each number.
func word(n uint64) string {
	const syllables = "bacedifogumaneritosulavekojipe"
	var b strings.Builder
	for n += 15; n > 0; n /= 15 {
		b.WriteString(syllables[n%15*2:][:2])
	}
	return b.String()
}

func title(w string) string { return strings.ToUpper(w[:1]) + w[1:] }

// claimsAbout are what a long summary says: some quoted, some not, some of them wrong, some in another language.
func claimsAbout(doc []prose.Page, n int) []Claim {
	r := rand.New(rand.NewPCG(3, 5))
	out := make([]Claim, n)
	for i := range out {
		p := doc[r.IntN(len(doc))]
		w := strings.Fields(p.Text)
		at := r.IntN(len(w) - 30)
		c := Claim{Text: strings.Join(w[at:at+24], " "), Pages: []int{p.Number}, Language: "en"}
		switch i % 4 {
		case 0:
			c.Quote = strings.Join(w[at+4:at+14], " ")
		case 1:
			c.Text += " as Mrs Zorblaxenheim said"
		case 2:
			c.Pages = nil
		case 3:
			c.Language = "fr"
		}
		out[i] = c
	}
	return out
}

// BenchmarkLongDocument looks the statements of one summary up in 200,000 words.
func BenchmarkLongDocument(b *testing.B) {
	doc := longDocument(500)
	claims := claimsAbout(doc, 40)
	b.ReportAllocs()
	for b.Loop() {
		x := New(doc, "en")
		for _, c := range claims {
			x.Check(c)
		}
	}
}

// BenchmarkUsualDocument is the same for ten pages.
func BenchmarkUsualDocument(b *testing.B) {
	doc := longDocument(10)
	claims := claimsAbout(doc, 12)
	b.ReportAllocs()
	for b.Loop() {
		x := New(doc, "en")
		for _, c := range claims {
			x.Check(c)
		}
	}
}
