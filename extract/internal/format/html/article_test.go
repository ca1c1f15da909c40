package html

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/view"
)

const page = `<html><head><title>Bridge closed for repairs</title></head><body>
<nav><ul><li><a href=/>Home</a><li><a href=/n>News of the town and the county</a><li><a href=/s>Sports results of the week</a></ul></nav>
<h1>Bridge closed for repairs</h1><p class=byline>By A. Writer, 3 May</p>
<article>
<p>The old bridge over the river will be closed from Monday until the end of June, the council said after its meeting on Thursday evening.</p>
<p>Cars and lorries have to use the road by the mill, which takes about ten minutes longer; people on foot may cross on a footbridge.</p>
<figure><img src=b.jpg alt="The bridge"><figcaption>The bridge in spring. Photo: A. Photographer</figcaption></figure>
<p><a href=/old>READ MORE: how the bridge was built a hundred years ago</a></p>
<h2>What it costs</h2>
<p>The repairs cost 1.2 million euros, of which the county pays one half, and are to be finished before the fair in July.</p>
<ul><li>Steel: 400,000 euros</li><li>Paint: 90,000 euros</li></ul>
</article>
<div class="related-stories"><h3>Related</h3><ul><li><a href=/1>Fair opens with a parade of forty bands</a><li><a href=/2>Mill road gets a new surface at last</a></ul></div>
<footer><p>Published by the county paper, which has been read in this town and everywhere around it since the year 1898.</p></footer>
</body></html>`

// read is what a person and what a model read of a page.
func read(d Doc) (whole, shown string) {
	s := &doc.Static{Texts: []string{d.Text}, Article: d.Article}
	p, _ := s.Page(0)
	p.Number = 1
	return p.Text, view.Markdown([]doc.Page{p})[0]
}

func TestTheArticleOfAPageIsShownAndNothingIsLost(t *testing.T) {
	whole, shown := read(Page([]byte(page), ""))
	inside := []string{"The old bridge over the river", "Cars and lorries", "## What it costs", "1.2 million euros", "- Steel: 400,000 euros", "- Paint: 90,000 euros"}
	around := []string{"Home", "Sports results", "By A. Writer", "Photo: A. Photographer", "READ MORE", "Related", "Fair opens", "since the year 1898"}
	for _, s := range append(inside, around...) {
		if !strings.Contains(whole, s) {
			t.Errorf("the text has no %q", s)
		}
	}
	for _, s := range inside {
		if !strings.Contains(shown, s) {
			t.Errorf("not shown: %q", s)
		}
	}
	for _, s := range around {
		if strings.Contains(shown, s) {
			t.Errorf("shown as a part of the article: %q", s)
		}
	}
	if plain := HTML([]byte(page), "").Text; whole != plain {
		t.Errorf("the text of a page with an article differs:\n%s\n---\n%s", whole, plain)
	}
}

func TestAPageWithoutAnArticleIsShownAsAWhole(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":      "",
		"one sentence": "<p>Closed today.</p>",
		"a list":       "<ul><li>Flour<li>Eggs<li>Milk</ul>",
		"a table":      "<table><tr><th>k<th>v<tr><td>1<td>2</table>",
		"links":        strings.Repeat("<p><a href=x>One of the many pages that this page leads to, as an index does</a></p>", 30),
		"a deep one":   strings.Repeat("<div>", 5000) + "words",
		"many tags":    strings.Repeat("<p>A sentence of some length that could be part of an article.</p>", maxTags+1),
	} {
		d := Page([]byte(in), "")
		whole, shown := read(d)
		wantWhole, wantShown := read(HTML([]byte(in), ""))
		if d.Article || whole != wantWhole || shown != wantShown {
			t.Errorf("%s: an article was found, or the text differs", name)
		}
	}
}

// A page cannot hide its text by writing the sign of an aside itself.
func TestTheSignOfAnAsideIsNotThePages(t *testing.T) {
	_, shown := read(Page([]byte(strings.ReplaceAll(page, "The repairs", "&#30;The repairs")), ""))
	if !strings.Contains(shown, "The repairs cost") {
		t.Errorf("a sign of the page hid its text:\n%s", shown)
	}
	text := "\x1efirst\n\x1esecond"
	p, _ := (&doc.Static{Texts: []string{text}}).Page(0)
	if p.Text != text || len(p.Marks) > 0 {
		t.Errorf("a text that is no web page: %q, %v", p.Text, p.Marks)
	}
}

func TestJapaneseArticle(t *testing.T) {
	var b strings.Builder
	b.WriteString("<nav><a href=/>ホーム</a> <a href=/n>ニュース</a></nav>")
	for range 5 {
		b.WriteString("<p>市は木曜日の会議の後、古い橋を月曜日から六月の末まで通行止めにすると発表した。車は水車小屋の道を使わなければならない。</p>")
		b.WriteString("<p>修理には百二十万ユーロかかり、その半分を県が負担する。七月の祭りの前に完成する予定である。</p>")
	}
	if _, shown := read(Page([]byte(b.String()), "")); strings.Contains(shown, "ホーム") || !strings.Contains(shown, "修理には") {
		t.Errorf("%s", shown)
	}
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(page))
	f.Add([]byte("<table><tr><td><ul><li>a</table>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		d := Page(in, "")
		whole, _ := read(d)
		if want := doc.NoAside(HTML(in, "").Text); d.Article && strings.Join(strings.Fields(whole), " ") != strings.Join(strings.Fields(signs.Replace(strings.ReplaceAll(want, "\x1d", ""))), " ") {
			t.Errorf("text lost: %q, want %q", whole, want)
		}
	})
}
