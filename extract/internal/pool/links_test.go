package pool

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// What a child tells of links is held to the bounds that its readers keep.
func TestLinksOfAChildAreBounded(t *testing.T) {
	ok := doc.Link{Text: "a report", Target: "https://example.org/"}
	for name, c := range map[string]struct {
		links []doc.Link
		want  bool
	}{
		"sound": {[]doc.Link{ok}, true}, "many": {slices.Repeat([]doc.Link{ok}, doc.MaxLinks+1), false}, "two lines": {[]doc.Link{{Text: "a\nb", Target: ok.Target}}, false},
		"long text": {[]doc.Link{{Text: strings.Repeat("a", doc.MaxLinkText+1), Target: ok.Target}}, false}, "long target": {[]doc.Link{{Target: strings.Repeat("a", doc.MaxLinkTarget+1)}}, false},
		"escape": {[]doc.Link{{Target: "https://example.org/\x1b[2J"}}, false},
	} {
		if got := ValidDocument(doc.Info{Pages: 1, Links: c.links}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if got := ValidPage(doc.Page{Number: 1, Method: doc.MethodEmpty, Links: c.links}); got != c.want {
			t.Errorf("%s on a page: %v", name, got)
		}
	}
}

// Pages come in any order; the links of the first are told, each once.
func TestLinksOfPagesInAnyOrder(t *testing.T) {
	link := func(n int) doc.Link { return doc.Link{Text: "x", Target: fmt.Sprintf("https://example.org/%d", n)} }
	for _, order := range [][]int{{1, 2, 3}, {3, 2, 1}, {2, 3, 1}} {
		var got pageLinks
		for _, page := range order {
			var links doc.Links
			for i := range doc.MaxLinks / 2 {
				links = append(links, link(100*page+i))
			}
			got.take(page, append(links, link(0)))
		}
		if len(got) != doc.MaxLinks || got[99].page != 2 {
			t.Errorf("%v: %d, %+v", order, len(got), got[min(len(got), 50):])
		}
		for i, l := range got {
			if want := 1 + i/51; l.page != want {
				t.Errorf("%v: %d is %+v", order, i, l)
			}
		}
	}
}
