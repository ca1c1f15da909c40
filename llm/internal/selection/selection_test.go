package selection

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// book is a document of parts, each with passages of its own subject; costs are words.
func book(parts ...[]string) (passages []string, costs []int) {
	for _, part := range parts {
		for _, p := range part {
			passages, costs = append(passages, p), append(costs, len(strings.Fields(p)))
		}
	}
	return passages, costs
}

// chapter is n passages about subject; each has words of its own too.
func chapter(subject string, n int) []string {
	words := strings.Fields(subject)
	var out []string
	for i := range n {
		var b strings.Builder
		for j := range 60 {
			if j%3 == 0 {
				fmt.Fprintf(&b, "%s%c%c%c ", words[0], 'a'+i%26, 'a'+i/26, 'a'+j%26)
			} else {
				b.WriteString(words[(i+j)%len(words)] + " ")
			}
		}
		out = append(out, b.String())
	}
	return out
}

func spent(costs, chosen []int) (n int) {
	for _, i := range chosen {
		n += costs[i]
	}
	return n
}

func TestEveryPartIsCoveredWithinTheBudget(t *testing.T) {
	// The appendix is three quarters of the document.
	passages, costs := book(chapter("bridge beams repair engineer", 10), chapter("library readers books opening", 10), chapter("water pipes pump pressure", 10),
		chapter("appendix table rows figures", 90))
	budget := 12 * 60
	got := Choose(passages, ByWords(passages, "en"), costs, budget)
	if n := spent(costs, got); n > budget {
		t.Fatalf("%d of %d", n, budget)
	}
	if len(got) != 12 || !slices.IsSorted(got) || got[0] != 0 {
		t.Fatalf("chosen %v, want twelve, the first among them, in order", got)
	}
	for _, part := range [][2]int{{0, 10}, {10, 20}, {20, 30}, {30, 60}, {60, 90}, {90, 120}} {
		if !slices.ContainsFunc(got, func(i int) bool { return i >= part[0] && i < part[1] }) {
			t.Errorf("nothing of %v in %v", part, got)
		}
	}
}

func TestTheSameIsNotReadTwice(t *testing.T) {
	same := "The council agreed to repair the bridge over the mill stream in spring at a cost of forty thousand euros from the reserve."
	other := "The library opens longer on Saturdays after readers had asked the council for it, and two helpers are employed for that."
	passages := []string{"Minutes of the council about the bridge and the library", same, same, same, other, same}
	costs := []int{10, 20, 20, 20, 20, 20}
	if got := Choose(passages, ByWords(passages, "en"), costs, 50); !slices.Contains(got, 4) || len(got) != 3 {
		t.Errorf("chosen %v: the first, one of the same, and the other", got)
	}
}

func TestTellingPassagesArePreferred(t *testing.T) {
	telling := chapter("inflation prices interest bank", 6)
	passages, costs := book(telling[:2], []string{strings.Repeat("1 2 3 4 5 6 7 8 9 10 ", 6), telling[2], strings.Repeat(". . . . 12 34 ", 10), telling[3]}, telling[4:])
	got := Choose(passages, ByWords(passages, "en"), costs, 4*60)
	if slices.Contains(got, 2) || slices.Contains(got, 4) {
		t.Errorf("chosen %v: figures alone say nothing", got)
	}
}

func TestAllWhereAllFitsAndNothingWhereNothingDoes(t *testing.T) {
	passages, costs := book(chapter("one two three four", 5))
	if got := Choose(passages, ByWords(passages, "en"), costs, 5*60); len(got) != 5 {
		t.Errorf("chosen %v, want all", got)
	}
	if got := Choose(passages, ByWords(passages, "en"), costs, 10); len(got) != 0 {
		t.Errorf("chosen %v of a budget for none", got)
	}
	if got := Choose(nil, ByWords(nil, ""), nil, 10); len(got) != 0 {
		t.Errorf("chosen %v of nothing", got)
	}
}

func TestChoiceIsTheSameEveryTime(t *testing.T) {
	passages, costs := book(chapter("bridge beams repair engineer", 40), chapter("library readers books opening", 40))
	want := Choose(passages, ByWords(passages, "en"), costs, 15*60)
	for range 10 {
		if got := Choose(passages, ByWords(passages, "en"), costs, 15*60); !slices.Equal(got, want) {
			t.Fatalf("%v, then %v", want, got)
		}
	}
}

func TestScriptsWithoutSpaces(t *testing.T) {
	passages := []string{"議会は春に橋を直すことを決めた。", "費用は四万円で積立金から払う。", "議会は春に橋を直すことを決めた。", "図書館は土曜日に長く開く。"}
	got := Choose(passages, ByWords(passages, "ja"), []int{10, 10, 10, 10}, 30)
	if !slices.Equal(got, []int{0, 1, 3}) {
		t.Errorf("chosen %v, want all that is not said twice", got)
	}
}

// What is said in other words lies close by a model's vectors, and apart by the words.
func TestEmbeddingsTellWhatSaysTheSame(t *testing.T) {
	passages := []string{"the bridge is mended", "repairs of the crossing", "readers borrow novels", "pipes carry water"}
	space := ByEmbeddings([][]float32{{2, 0, 0}, {1.98, 0.02, 0}, {0.2, 1, 0.1}, {0.2, 0, 1}})
	costs := []int{10, 10, 10, 10}
	if got := Choose(passages, space, costs, 30); !slices.Equal(got, []int{0, 2, 3}) {
		t.Errorf("by embeddings %v: the second passage says what the first one says", got)
	}
	// With room for all but one, the passage that says the same is still the one left out; with more it is read as well.
	if got := Choose(passages, space, costs, 40); len(got) != 4 {
		t.Errorf("all of them fit: %v", got)
	}
}

func BenchmarkChoose(b *testing.B) {
	passages, costs := book(chapter("bridge beams repair engineer stream council", 200), chapter("library readers books opening hours desk", 200))
	start := time.Now()
	for b.Loop() {
		Choose(passages, ByWords(passages, "en"), costs, 40*60)
	}
	b.ReportMetric(float64(time.Since(start).Milliseconds())/float64(b.N), "ms/op")
}
