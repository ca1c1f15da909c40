package doc

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestLinks(t *testing.T) {
	var got Links
	for _, l := range [][2]string{
		{" the\n report\x1d ", " https://example.org/report?a=1 "}, {"the report", "https://example.org/report?a=1"}, {"", "http://example.org/"}, {"write \xffto us", "mailto:a@example.org"},
		{"see https://example.org/said", "https://example.org/said"}, {"example.org/said", "https://example.org/said/"}, {"a@example.org", "mailto:a@example.org"},
		{"x", "javascript:alert(1)"}, {"x", "file:///etc/passwd"}, {"x", "https:///nohost"}, {"x", "data:text/html,x"}, {"x", "#part"}, {"x", ""}, {"x", "https://a b.example"}, {"x", "https://example.org/\u202egnp.exe"},
		{"x", "https://example.org/" + strings.Repeat("a", MaxLinkTarget)}, {"x", "https://example.org/\xff"},
	} {
		got.Add(l[0], l[1])
	}
	want := []Link{{"the report", "https://example.org/report?a=1"}, {"", "http://example.org/"}, {"write to us", "mailto:a@example.org"}}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for n := range 2 * MaxLinks {
		got.Add(strings.Repeat("ä", MaxLinkText), fmt.Sprintf("https://example.org/%d", n))
	}
	if len(got) != MaxLinks || len(got[MaxLinks-1].Text) > MaxLinkText || !got.Full() {
		t.Errorf("%d links", len(got))
	}
}

// However hostile they are, what a child answers with has room for them.
func TestLinksFitAnAnswer(t *testing.T) {
	var got Links
	for n := range 2 * MaxLinks {
		got.Add(strings.Repeat("<", MaxLinkText), fmt.Sprintf("https://example.org/%03d?%s", n, strings.Repeat("&", MaxLinkTarget-24)))
	}
	b, err := json.Marshal(got)
	if err != nil || len(b) > 150<<10 || len(got) < 30 || !got.Full() {
		t.Errorf("%d links in %d bytes, %v", len(got), len(b), err)
	}
}
