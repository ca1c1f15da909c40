package extractive

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// chapters is a report of n pages, a chapter on each, of which the first says the most.
func chapters(n int) []prose.Page {
	subjects := []string{"pumps", "pipes", "wells", "reservoirs", "meters", "bridges", "valves", "filters"}
	var pages []prose.Page
	for i := range n {
		what := subjects[i%len(subjects)]
		var b strings.Builder
		fmt.Fprintf(&b, "# %d. On %s\n\n", i+1, what)
		times := 6
		if i == 0 {
			times = 24
		}
		for k := range times {
			fmt.Fprintf(&b, "The board found in station %c%c that its %s need %s, which the county pays. ", 'a'+k, 'a'+i, what, []string{"paint", "oil", "a new seal", "more room", "a guard", "better steel"}[k%6])
		}
		fmt.Fprintf(&b, "In conclusion, this report recommends that the county replaces all %s before the winter of the next year.\n", what)
		pages = append(pages, prose.Page{Number: i + 1, Text: b.String()})
	}
	return pages
}

func TestKeyPointsAreSpreadOverPagesAndParts(t *testing.T) {
	s := scoreReading(read(chapters(8)), "en", "")
	abstract, points := s.choose(plan{abstract: 1, room: 40, points: 4})
	if len(abstract) != 1 || len(points) != 4 {
		t.Fatalf("%d sentences and %d points", len(abstract), len(points))
	}
	pages := map[int]int{}
	for _, i := range points {
		if pages[s.sentences[i].page]++; pages[s.sentences[i].page] > 2 {
			t.Errorf("more than two points of page %d", s.sentences[i].page)
		}
	}
	if len(pages) < 2 {
		t.Errorf("all points are of one page: %v", pages)
	}
}

func TestNoTwoPointsSayTheSame(t *testing.T) {
	text := filler + "The board recommends a third reservoir on the hill behind the hospital for very dry summers.\nThe board recommends a third reservoir on the hill behind the hospital for all dry summers.\n"
	s := scoreReading(read([]prose.Page{{Number: 1, Text: text + strings.Repeat("\n\nThe weather in the county was mild and the river stood low for most of the year.", 2)}}), "en", "")
	abstract, points := s.choose(plan{abstract: 2, room: 60, points: 5})
	n := 0
	for _, i := range append(abstract, points...) {
		if strings.Contains(s.sentences[i].text, "third reservoir") {
			n++
		}
	}
	if n > 1 {
		t.Errorf("the reservoir is recommended %d times", n)
	}
}

func TestTheLengthOfASummaryFollowsItsDocument(t *testing.T) {
	last := 0
	for _, words := range []int{100, 500, 1000, 5000, 50_000} {
		p := planFor(words)
		if n := p.abstract + p.points; n < last {
			t.Errorf("%d words: %d sentences, fewer than for a shorter document", words, n)
		} else {
			last = n
		}
	}
}

func TestALongDocumentHasAnOutline(t *testing.T) {
	pages := chapters(8)
	for i := range pages {
		pages[i].Text += "\n\n" + strings.Repeat(filler, 40)
	}
	_, blocks := Summarise(pages, "en", "", "report.pdf")
	list := blocks[len(blocks)-1]
	if len(list.Items) < 6 || !list.Items[0][0].Bold {
		t.Fatalf("no outline: %+v", list)
	}
	seen := map[string]bool{}
	for _, item := range list.Items {
		if seen[item[1].Text] {
			t.Errorf("quoted twice: %q", item[1].Text)
		}
		seen[item[1].Text] = true
	}
}
