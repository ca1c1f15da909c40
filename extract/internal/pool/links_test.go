package pool

import (
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
	}
}
