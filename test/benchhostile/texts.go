package main

import (
	"fmt"
	"strings"
)

const latin = "M\xfcller gr\xfc\xdft Stra\xdfe und K\xf6nig, \xe4lter als das Haus am See. "

var textKinds = []kind{
	{"text of 95 MB in words", "txt", func(o *out) { o.repeat("the council has agreed to repair the bridge in spring\n", 95_000_000/54) }},
	{"text of 95 MB in one line", "txt", func(o *out) { o.repeat("x", 95_000_000) }},
	{"text of 40 MB of line ends", "txt", func(o *out) { o.printf("a\n"); o.repeat("\n", 40_000_000); o.printf("b") }},
	{"text of 45 MB in Latin-1", "txt", func(o *out) { o.repeat(latin+"\n", 45_000_000/(len(latin)+1)) }},
	{"text of 45 MB in UTF-16", "txt", func(o *out) {
		o.printf("\xff\xfe")
		o.repeat("w\x00o\x00r\x00d\x00 \x00s\x00\n\x00", 45_000_000/14)
	}},
	{"text of 60 MB in EUC-JP", "txt", func(o *out) {
		o.repeat("\xb2\xf1\xb5\xc4\xa4\xcf\xbb\xd4\xb5\xc4\xa4\xce\xb6\xb6\xa4\xf2\xc4\xbe\xa4\xb9\n", 60_000_000/23)
	}},
	{"csv of 10 million cells", "csv", func(o *out) { o.repeat("1,22,333,a,b,,7,8,9,0\n", 1_000_000) }},
	{"csv of one row of 20 million cells", "csv", func(o *out) { o.repeat("1,2,", 10_000_000) }},
	{"csv of one column, 20 million rows", "csv", func(o *out) { o.printf("a,b\n"); o.repeat("7\n", 20_000_000) }},
	{"csv wide row, then 100,000 short ones", "csv", func(o *out) { o.repeat("a,", 2_000_000); o.printf("\n"); o.repeat("b,c\n", 100_000) }},
	{"subtitles of 60 MB", "vtt", func(o *out) {
		o.printf("WEBVTT\n\n")
		o.repeat("00:01.000 --> 00:02.000\n<v Ann>said\n\n", 60_000_000/38)
	}},
	{"xml of 60 MB, 10 million elements", "xml", func(o *out) {
		o.printf("<?xml version=\"1.0\"?><a>")
		o.repeat("<b>1</b>", 8_000_000)
		o.printf("</a>")
	}},
	{"html of one line of 60 MB", "html", func(o *out) { o.printf("<html><body><p>"); o.repeat("word ", 12_000_000) }},
	{"html of a million open elements", "html", func(o *out) { o.printf("<html><body>"); o.repeat("<div><b class=x>a", 1_000_000) }},
	{"html table of 5 million cells", "html", func(o *out) { o.printf("<html><table>"); o.repeat("<tr><td>1<td>2<td>3<td>4<td>5", 1_000_000) }},
	{"html table of one row of 8 million cells", "html", func(o *out) { o.printf("<html><table><tr>"); o.repeat("<td>1", 8_000_000); o.printf("<tr><td>x") }},
	{"html in Latin-1 of 50 MB", "html", func(o *out) {
		o.printf("<html><meta charset=latin1><body>")
		o.repeat("<p>"+latin, 50_000_000/(len(latin)+3))
	}},
	{"html with an article of 40 MB of links", "html", func(o *out) {
		o.printf("<html><body><article><p>")
		o.repeat("a sentence of the article, with commas, and so on. ", 2000)
		o.printf("</article><nav>")
		o.repeat("<li><a href=x>link</a>", 2_000_000)
	}},
	{"html frames in attributes", "html", func(o *out) {
		inner := strings.Repeat("frame ", 1_000_000)
		o.printf("<html><body>")
		for range 8 {
			o.printf("<iframe srcdoc=\"&lt;p&gt;%s\"></iframe>", inner)
		}
	}},
	{"rtf of 8 million groups", "rtf", func(o *out) { o.printf(`{\rtf1\ansi `); o.repeat(`{\b a}`, 8_000_000); o.printf("}") }},
	{"rtf of 7 million cells", "rtf", func(o *out) {
		o.printf(`{\rtf1\ansi `)
		o.repeat(`\trowd\intbl 1\cell 2\cell 3\cell 4\cell 5\cell 6\cell 7\cell\row `, 1_000_000)
		o.printf("}")
	}},
	{"rtf of one row of 7 million cells", "rtf", func(o *out) {
		o.printf(`{\rtf1\ansi \trowd\intbl `)
		o.repeat(`1\cell `, 7_000_000)
		o.printf(`\row text}`)
	}},
	{"rtf of 40 MB of letters by number", "rtf", func(o *out) { o.printf(`{\rtf1\ansi\uc0 `); o.repeat(`\u1078 \'fc`, 4_000_000); o.printf("}") }},
	{"rtf of 30 million line ends", "rtf", func(o *out) {
		o.printf(`{\rtf1\ansi a`)
		o.repeat(`\line `, 12_000_000)
		o.printf(`b\par`)
		o.printf("}")
	}},
	{"rtf of a million notes", "rtf", func(o *out) { o.printf(`{\rtf1\ansi `); o.repeat(`x{\footnote a note}`, 1_000_000); o.printf("}") }},
	{"rtf with an object of 90 MB in digits", "rtf", func(o *out) {
		o.printf(`{\rtf1\ansi text{\object{\*\objdata `)
		o.repeat("0105", 24_000_000)
		o.printf("}}}")
	}},
	{"rtf with a mark, 40 MB of UTF-8", "rtf", func(o *out) { o.printf("\xef\xbb\xbf{\\rtf1\\ansi "); o.repeat("ж", 10_000_000); o.printf("}") }},
	{"markdown table of 4 million rows", "md", func(o *out) { o.printf("# T\n\n|a|b|\n|-|-|\n"); o.repeat("|1|2|\n", 4_000_000) }},
	{"fb2 with 50 MB of pictures in letters", "fb2", func(o *out) {
		o.printf(`<?xml version="1.0"?><FictionBook><body><section><p>text</p></section></body><binary id="a">`)
		o.repeat("QUJDRA==\n", 50_000_000/9)
		o.printf("</binary></FictionBook>")
	}},
}

func cellName(col, row int) string {
	s := ""
	for c := col + 1; c > 0; c = (c - 1) / 26 {
		s = string(rune('A'+(c-1)%26)) + s
	}
	return fmt.Sprintf("%s%d", s, row)
}
