package html

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// anchors collects where words of a page lead.
type anchors struct {
	base *url.URL // what the page says that its addresses are relative to; nil where it does not
	to   string   // where the open one leads, "" without one
	text strings.Builder
	all  []doc.Link
}

// maxAnchors bounds the links of a page that are looked at: more than doc.MaxLinks, for menus stand before an article.
const maxAnchors = 2000

// begin begins a link; one that was not ended ends.
func (a *anchors) begin(t html.Token) {
	a.end()
	a.to = attribute(t, "href")
}

// setBase takes what the addresses of the page are relative to.
func (a *anchors) setBase(t html.Token) {
	if u, err := url.Parse(strings.TrimSpace(attribute(t, "href"))); err == nil && u.IsAbs() && a.base == nil {
		a.base = u
	}
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// say takes words, which stand in the link that is open.
func (a *anchors) say(words string) {
	if a.to != "" && a.text.Len() <= doc.MaxLinkText {
		a.text.WriteString(words[:min(len(words), 4*doc.MaxLinkText)])
	}
}

// end ends the link that is open.
func (a *anchors) end() {
	if a.to != "" {
		a.add(a.text.String(), a.to)
	}
	a.to = ""
	a.text.Reset()
}

func (a *anchors) add(text, target string) {
	if len(a.all) >= maxAnchors || len(target) > doc.MaxLinkTarget {
		return
	}
	if a.base != nil {
		if u, err := a.base.Parse(strings.TrimSpace(target)); err == nil {
			target = u.String()
		}
	}
	a.all = append(a.all, doc.Link{Text: text, Target: target})
}

// told are the links in their order. Where there are more than are told, those come first whose words are inside, which may be nil.
func (a *anchors) told(inside func(text string) bool) (out doc.Links) {
	a.end()
	for _, l := range a.all {
		out.Add(l.Text, l.Target)
	}
	if inside == nil || !out.Full() {
		return out
	}
	out = nil
	for _, within := range []bool{true, false} {
		for _, l := range a.all {
			if inside(l.Text) == within {
				out.Add(l.Text, l.Target)
			}
		}
	}
	return out
}

// within tells whether words stand in an article, which is the blocks that were found of these.
func within(article []block) func(text string) bool {
	have := map[uint64]bool{}
	for _, b := range article {
		for n := 1; b.found && n <= shingle; n++ {
			for run := range runs(b.words, n) {
				have[run] = true
			}
		}
	}
	return func(text string) bool {
		words := wordsOf(text)
		for run := range runs(words, min(shingle, len(words))) {
			return have[run]
		}
		return false
	}
}
