package grounding

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// What is looked up by a shortcut is what reading the whole text finds.

func TestTheBestShareOfAPageIsThatOfItsBestWindow(t *testing.T) {
	doc := longDocument(12)
	doc = append(doc, prose.Page{Number: 13, Text: "* * *"}, prose.Page{Number: 14, Text: "One line alone."}, prose.Page{Number: 14, Text: doc[3].Text}, doc[2])
	x := New(doc, "en")
	positive := 0
	for _, c := range claimsAbout(doc[:12], 60) {
		shares := x.bestShares(c.Text)
		for i, r := range x.runs {
			want := 0.0
			for at := r.from; at < r.to; at += stride {
				want = max(want, x.share(c.Text, span{at, min(r.to, at+window)}))
			}
			if shares[i] != want {
				t.Fatalf("page %d, %q: %v, want %v", r.page, c.Text, shares[i], want)
			}
			if want > 0 && want < 1 {
				positive++
			}
		}
	}
	if positive < 100 {
		t.Errorf("only %d shares between none and all prove little", positive)
	}
}

func TestFactsStandNearDigits(t *testing.T) {
	pieces := strings.Fields("the of de May mai 3 12 31. 3rd 1,234,567 2024 14/03/2024 2024-03-14 2024年3月4日 million Mrs €5 12.5% x-7 ; , apples and werden")
	spaces := []string{" ", " ", " ", "\n", "  ", "\t", "\v", ", ", "\u00a0"}
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(30) {
			piece := pieces[r.IntN(len(pieces))]
			if r.IntN(3) > 0 {
				piece = "word"
			}
			b.WriteString(piece + spaces[r.IntN(len(spaces))])
		}
		s := b.String()
		got, want := factsOf(nearDigits(s)), factsOf(s)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q\nkept %q\ngot  %+v\nwant %+v", s, nearDigits(s), got, want)
		}
		found += len(want.dates)
	}
	if found < 1000 {
		t.Errorf("%d dates prove little", found)
	}
	if kept := nearDigits(strings.Repeat("nothing to count ", 1000) + "on 3 May"); len(kept) > 40 {
		t.Errorf("kept %d bytes of a text with one digit", len(kept))
	}
}

func TestANameResemblesAWordByItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	x := New(longDocument(5), "en")
	yes := 0
	for i := range 400 {
		name := []rune(x.vocabulary[r.IntN(len(x.vocabulary))] + "ß"[:i%2*2])
		for range r.IntN(4) {
			name[r.IntN(len(name))] = 'y'
		}
		want := resemblesAny(x.vocabulary, name)
		if got := x.resembles(string(name)); got != want {
			t.Fatalf("%s: %v", string(name), got)
		}
		if want {
			yes++
		}
	}
	if yes < 50 || yes > 350 {
		t.Errorf("%d of 400 names resemble a word: proves little", yes)
	}
}

func resemblesAny(vocabulary []string, name []rune) bool {
	n := len(name)
	for _, w := range vocabulary {
		m := utf8.RuneCountInString(w)
		if n >= 5 && m >= n-2 && m <= n+4 && (strings.HasPrefix(w, string(name[:n-1])) || distanceWithin(name, []rune(w)) <= n/6) {
			return true
		}
	}
	return false
}

// TestAClaimCostsNoReadingOfTheDocument counts what looking a claim up allocates: it was a copy of the document's words.
func TestAClaimCostsNoReadingOfTheDocument(t *testing.T) {
	doc := longDocument(100)
	x := New(doc, "en")
	claims := claimsAbout(doc, 8)
	for _, c := range claims { // the facts of pages are read once
		x.Check(c)
	}
	if n := testing.AllocsPerRun(5, func() {
		for _, c := range claims {
			x.Check(c)
		}
	}); n > 8*1000 {
		t.Errorf("%.0f allocations for 8 claims in 40,000 words", n)
	}
}
