package html

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

func TestHTML(t *testing.T) {
	for in, want := range map[string]string{
		"<p>a<p>b":                                        "a\n\nb",
		"<ul><li>x<ul><li>y</ul><li>z</ul>":               "- x\n  - y\n- z",
		"<p>a<blockquote><p>b<p>c</blockquote>d":          "a\n\n> b\n\n> c\n\nd",
		"<ol><li>x<li>y</ol>":                             "1. x\n2. y",
		"<ol start=4 type=i><li>x<li value=9>y<li>z</ol>": "iv. x\nix. y\nx. z",
		"<pre>a\n  b</pre>":                               "a\n  b",
		`a<iframe srcdoc="&lt;p&gt;in the frame&lt;/p&gt;">no</iframe>b`: "a\n\nin the frame\n\nb",
		"<math><mi>a</mi><mo>=</mo><mn>2</mn></math>":                    "a = 2",
		"a<script>var x='<p>no</p>'</script>b":                           "ab",
		"<table><tr><th>k<th>v<tr><td>1<td>2</table>x":                   "\x1dk\tv\n\x1d1\t2\n\nx",
		"<table><tr><td>only<td></table>":                                "only",
		"x &amp;amp; y":                                                  "x &amp; y",
		"one <b>two</b>three":                                            "one twothree",
	} {
		if got := HTMLText(in).Text; got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestHTMLUnclosedTablesEnd(t *testing.T) {
	if got := HTMLText(strings.Repeat("<table><tr><td>x", 2000)).Text; !strings.Contains(got, "x") {
		t.Errorf("text lost: %q", got)
	}
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte("<table><tr><td><ul><li>a</table>"))
	f.Fuzz(func(t *testing.T, in []byte) { HTML(in, "") })
}

func TestListNumbersAreBounded(t *testing.T) {
	for _, kind := range []string{"a", "I", "1"} {
		if got := HTMLText(`<ol start=999999999 type=` + kind + `><li>x`).Text; len(got) > 200 {
			t.Errorf("%s: %d bytes", kind, len(got))
		}
	}
}

func TestWrongLabels(t *testing.T) {
	latin, _ := charmap.Windows1252.NewEncoder().Bytes([]byte("Grüße"))
	for label, data := range map[string][]byte{"utf-8": latin, "iso-8859-1": []byte("Grüße"), "windows-1252": latin, "no such": []byte("Grüße")} {
		if got := Labelled(data, label); got != "Grüße" {
			t.Errorf("%s: %q", label, got)
		}
	}
	for label, e := range map[string]*charmap.Charmap{"windows-1250": charmap.Windows1250, "iso-8859-2": charmap.ISO8859_2, "koi8-r": charmap.KOI8R, "iso-8859-15": charmap.ISO8859_15, "macintosh": charmap.Macintosh, "windows-1257": charmap.Windows1257, "iso-8859-1": charmap.Windows1252} {
		for _, text := range []string{"ř č", "Жизнь", "ą š", "œuvre à 5 €", "Größe"} {
			data, err := e.NewEncoder().Bytes([]byte("<html><meta charset=" + label + "><p>" + text))
			if got := HTML(data, "").Text; err == nil && got != text {
				t.Errorf("%s: got %q, want %q", label, got, text)
			}
		}
	}
	if got := HTML(append([]byte(`<meta charset="utf-8"><p>`), latin...), "").Text; got != "Grüße" {
		t.Errorf("html: %q", got)
	}
}

func TestLinks(t *testing.T) {
	many := ""
	for i := range 2 * doc.MaxLinks {
		many += fmt.Sprintf("<li><a href='https://example.org/menu/%d'>Menu %d</a>", i, i)
	}
	for name, c := range map[string]struct {
		in   string
		want doc.Links
	}{
		"words":      {`<p>See <a href="https://example.org/one">the <b>report</b></a>, <a href='mailto:a@example.org'>write</a>.`, doc.Links{{Text: "the report", Target: "https://example.org/one"}, {Text: "write", Target: "mailto:a@example.org"}}},
		"relative":   {`<a href="one.html">one</a><a href="#here">here</a>`, nil},
		"base":       {`<base href="https://example.org/a/"><a href="one.html">one</a><a href="//example.com/x">x</a>`, doc.Links{{Text: "one", Target: "https://example.org/a/one.html"}, {Text: "x", Target: "https://example.com/x"}}},
		"picture":    {`<a href="https://example.org/"><img alt="the logo" src=x></a>`, doc.Links{{Text: "the logo", Target: "https://example.org/"}}},
		"not shown":  {`<script>"<a href=https://example.org/>x</a>"</script><template><a href=https://example.org/>x</a></template>`, nil},
		"not ended":  {`<a href="https://example.org/1">one <a href="https://example.org/2">two`, doc.Links{{Text: "one", Target: "https://example.org/1"}, {Text: "two", Target: "https://example.org/2"}}},
		"hostile":    {`<a href="javascript:alert(1)">x</a><a href="java&#10;script:alert(1)">x</a><a href="data:text/html,x">x</a><a href="https://example.org/&#x202e;x">x</a>`, nil},
		"in a table": {`<table><tr><td><a href="https://example.org/a">a</a><td>b<tr><td>c<td>d</table>`, doc.Links{{Text: "a", Target: "https://example.org/a"}}},
		"in a frame": {`<iframe srcdoc="&lt;a href=https://example.org/f&gt;framed&lt;/a&gt;"></iframe>`, doc.Links{{Text: "framed", Target: "https://example.org/f"}}},
		"formatted":  {`<pre><a href="https://example.org/p">pre</a></pre>`, doc.Links{{Text: "pre", Target: "https://example.org/p"}}},
	} {
		if got := HTMLText(c.in).Links; !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := HTMLText(many).Links; len(got) != doc.MaxLinks {
		t.Errorf("%d links", len(got))
	}
	// A menu of many links does not take the place of those of the article.
	prose := strings.Repeat("The council met on Monday and talked about the new bridge over the river, which is to be built next year. ", 12)
	page := Page([]byte("<html><body><nav><ul>"+many+"</ul></nav><article><h1>The bridge</h1><p>"+prose+`</p><p>`+prose+` It has published <a href="https://example.org/plan">the plan of the bridge</a> today.</p></article></body></html>`), "")
	if !page.Article || len(page.Links) != doc.MaxLinks || page.Links[0].Target != "https://example.org/plan" {
		t.Errorf("article: %t, %d links, first %q", page.Article, len(page.Links), page.Links[:1])
	}
}
