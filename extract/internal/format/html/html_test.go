package html

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
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
