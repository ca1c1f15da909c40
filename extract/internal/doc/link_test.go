package doc

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLinks(t *testing.T) {
	var i Info
	for _, l := range [][2]string{
		{" the\n report\x1d ", " https://example.org/report?a=1 "}, {"the report", "https://example.org/report?a=1"}, {"", "http://example.org/"}, {"write to us", "mailto:a@example.org"},
		{"see https://example.org/said", "https://example.org/said"}, {"example.org/said", "https://example.org/said/"}, {"a@example.org", "mailto:a@example.org"},
		{"x", "javascript:alert(1)"}, {"x", "file:///etc/passwd"}, {"x", "https:///nohost"}, {"x", "data:text/html,x"}, {"x", "#part"}, {"x", ""}, {"x", "https://a b.example"}, {"x", "https://example.org/\u202egnp.exe"},
		{"x", "https://example.org/" + strings.Repeat("a", MaxLinkTarget)},
	} {
		i.Link(l[0], l[1])
	}
	want := []Link{{"the report", "https://example.org/report?a=1"}, {"", "http://example.org/"}, {"write to us", "mailto:a@example.org"}}
	if !slices.Equal(i.Links, want) {
		t.Errorf("%q", i.Links)
	}
	for n := range 2 * MaxLinks {
		i.Link(strings.Repeat("ä", MaxLinkText), fmt.Sprintf("https://example.org/%d", n))
	}
	if len(i.Links) != MaxLinks || len(i.Links[MaxLinks-1].Text) > MaxLinkText {
		t.Errorf("%d links", len(i.Links))
	}
}
