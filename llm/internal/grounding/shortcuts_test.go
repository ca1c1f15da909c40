package grounding

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
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
		got, want := factsNearDigits(s).sorted(), factsOf(s).sorted()
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q\nkept %q\ngot  %+v\nwant %+v", s, nearDigits(s), got, want)
		}
		found += len(want.dates)
	}
	if found < 1000 {
		t.Errorf("%d dates prove little", found)
	}
	if kept := nearDigits(strings.Repeat("nothing to count ", 1000) + "on 3 May"); len(kept) != 1 || len(kept[0]) > 40 {
		t.Errorf("kept %q of a text with one digit", kept)
	}
}

// sorted brings facts into an order that does not depend on where they stand.
func (f facts) sorted() facts {
	slices.SortFunc(f.figures, func(a, b figure) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	slices.SortFunc(f.dates, func(a, b date) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return f
}

// numbers is what numberEnd reads.
var numbers = regexp.MustCompile(`\d{1,3}(?:[.,'’ \x{00a0}\x{202f}]\d{3})+(?:[.,]\d{1,2})?\b|\d+(?:[.,]\d+)?`)

func TestNumbersEndWhereTheirExpressionSays(t *testing.T) {
	pieces := []string{"1", "12", "123", "1234", "007", ".", ",", "'", "’", " ", "\u00a0", "\u202f", "x", "_", "é", "-", "000", "5"}
	r := rand.New(rand.NewPCG(7, 8))
	grouped := 0
	for range 200_000 {
		var b strings.Builder
		for range r.IntN(12) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		s := b.String()
		for from := 0; ; {
			at := numbers.FindStringIndex(s[from:])
			if at == nil {
				break
			}
			if begin := strings.IndexAny(s[from:], asciiDigits); begin != at[0] {
				t.Fatalf("%q from %d: begins at %d, want %d", s, from, begin, at[0])
			}
			if end := numberEnd(s, from+at[0]); end != from+at[1] {
				t.Fatalf("%q from %d: %q, want %q", s, from, s[from+at[0]:end], s[from+at[0]:from+at[1]])
			}
			if at[1]-at[0] > 6 {
				grouped++
			}
			from += at[1]
		}
	}
	if grouped < 5000 {
		t.Errorf("%d long numbers prove little", grouped)
	}
}

// Expressions are spared a text that can hold no date of their form, and no date is lost by it.
func TestNoDateIsLostByNotLookingForIt(t *testing.T) {
	pieces := strings.Fields("3 12 31 2024 24 . / - , st th . de of May may MÄRZ März août Décembre xéMay éMay Septembers 年 月 日 word 1.5 1/2 2024-03-14 3.4.24 x_ º")
	r := rand.New(rand.NewPCG(9, 10))
	found, spared := 0, 0
	for range 100_000 {
		var b strings.Builder
		for range r.IntN(9) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			b.WriteString([]string{"", " ", "\n"}[r.IntN(3)])
		}
		s := b.String()
		may := mayHold(s)
		got, rest := datesIn(s, may)
		want, wantRest := datesIn(s, forms{iso: true, ideograph: true, pointed: true, month: true})
		if !reflect.DeepEqual(got, want) || rest != wantRest {
			t.Fatalf("%q\ngot  %+v, %q\nwant %+v, %q", s, got, rest, want, wantRest)
		}
		found += len(want)
		if may == (forms{}) {
			spared++
		}
	}
	if found < 10_000 || spared < 10_000 {
		t.Errorf("%d dates, and %d texts without any, prove little", found, spared)
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
