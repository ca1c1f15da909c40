package llm_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// longReport has parts of their own subject and a thick appendix; pages hold about 400 tokens.
func longReport(pages int) llm.Document {
	subjects := []string{"bridges beams engineers repair", "library readers shelves opening", "water pipes pumps pressure", "schools teachers pupils lessons", "roads traffic signs junctions", "appendix tables figures sources"}
	d := llm.Document{Title: "Report of the council", Filename: "report.pdf"}
	for p := range pages {
		subject := strings.Fields(subjects[min(len(subjects)-1, p*9/pages)])
		var b strings.Builder
		for i := range 30 {
			fmt.Fprintf(&b, "The %s of %s need %s and %s before the year ends. ", subject[i%4], district(p*30+i), subject[(i+p)%4], district(p*30+i+400))
		}
		d.Pages = append(d.Pages, prose.Page{Number: p + 1, Text: b.String()})
	}
	return d
}

// district is a name made of letters, another one for each number.
func district(n int) string {
	name := "D"
	for ; n > 0; n /= 20 {
		name += string("bcdfghjklmnpqrstvwxz"[n%20]) + string("aeiou"[n%5])
	}
	return name
}

var pageMark = regexp.MustCompile(`\[p\. (\d+)\]`)

func TestLongDocumentIsReadInPartWithinItsCap(t *testing.T) {
	computes(t)
	f, cache := newFixture(t, nil), &memCache{}
	f.cfg.Budget.MaxTokens = 60_000
	e := f.engine(t)
	d := longReport(619)
	s, err := e.Summarise(context.Background(), d, cache, nil)
	if err != nil {
		t.Fatal(err)
	}
	if used := s.TokensIn + s.TokensOut; used > 60_000 || used < 20_000 {
		t.Errorf("%d tokens used of 60000", used)
	}
	sent, parts := map[int]bool{}, map[int]bool{}
	for _, c := range f.srv.Calls() {
		for _, m := range pageMark.FindAllStringSubmatch(c.User, -1) {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			sent[n], parts[(n-1)*9/619] = true, true
		}
	}
	if len(parts) != 9 {
		t.Errorf("only %d of 9 parts of the document were read: %v", len(parts), parts)
	}
	if len(s.PagesRead) != len(sent) || !sent[1] {
		t.Errorf("the summary says that %d pages were read, %d were sent", len(s.PagesRead), len(sent))
	}
	for _, n := range s.PagesRead {
		if !sent[n] {
			t.Errorf("page %d was not sent", n)
		}
	}
	if want := fmt.Sprintf("passages of %d of its 619 pages (1", len(sent)); !strings.Contains(s.Markdown, want) {
		t.Errorf("%q is not said in\n%s", want, s.Markdown)
	}

	// What was paid decides nothing: a second run reads the same passages, from the cache.
	again, err := e.Summarise(context.Background(), d, cache, nil)
	if err != nil {
		t.Fatal(err)
	}
	if again.Calls != 0 || again.Markdown != s.Markdown {
		t.Errorf("the second run made %d calls", again.Calls)
	}
}

func TestPlanOfALongDocumentKeepsToItsCap(t *testing.T) {
	f := newFixture(t, nil)
	f.cfg.Budget.MaxUSD, f.cfg.Prices = 0.02, map[string]llm.Price{"test-model": {In: 0.4, Out: 1.6}}
	p, err := f.engine(t).Plan(context.Background(), longReport(300), nil)
	if err != nil {
		t.Fatal(err)
	}
	if sum := p.AtMost(); sum.USD > 0.02 || sum.USD < 0.01 || len(f.srv.Calls()) != 0 {
		t.Errorf("planned %.4f dollars of 0.02, %d calls made", sum.USD, len(f.srv.Calls()))
	}
}

func TestDocumentThatItsCapAllowsIsReadWhole(t *testing.T) {
	f := newFixture(t, nil)
	f.cfg.Budget.MaxTokens = 60_000
	s, err := f.engine(t).Summarise(context.Background(), longReport(40), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.PagesRead != nil || strings.Contains(s.Markdown, "longer than its budget") {
		t.Errorf("read in part: %v", s.PagesRead)
	}
}
