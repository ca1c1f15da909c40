package rtf

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		`{\rtf1 a\par b}`:                       "a\n\nb",
		`{\rtf1\ansi\ansicpg1251 \'cf\'f0}`:     "Пр",
		`{\rtf1\uc1 \u8364?x}`:                  "€x",
		`{\rtf1\uc2\u-10179\'a1\'a1\u-8704??x}`: "😀x",
		`{\rtf1{\fonttbl{\f0 Arial;}{\f1\fcharset204 T;}}\f1\'cf{\f0\'e4}}`:                      "Пä",
		`{\rtf1{\*\generator X;}a{\*\unknown no}b}`:                                              "ab",
		`{\rtf1{\field{\*\fldinst HYPERLINK "u"}{\fldrslt link}} end}`:                           "link end",
		`{\rtf1\trowd\intbl a\cell b\cell\row\trowd\intbl c\cell d\cell\row\pard after}`:         "\x1da\tb\n\x1dc\td\n\nafter",
		`{\rtf1{\plain\i0\b0\*\cs7 kept}}`:                                                       "kept",
		`{\rtf1 noted{\super\chftn}{\footnote{\super\chftn} a\par b} here{\footnote c}.`:         "noted[1] here[2].\n\n[1] a b\n\n[2] c",
		`{\rtf1{\pntext 1.\tab}{\*\pn\pndec{\pntxta .}}item}`:                                    "1.\titem",
		`{\rtf1\intbl x\nestcell{\nonesttables fallback\par}y\cell\row}`:                         "\x1dx\ty",
		`{\rtf1 see{\*\atnid AB}{\*\atnauthor Ann B.}{\*\annotation why?} it}`:                   "see [Ann B.: why?] it",
		"\r\n {\\rtf1 behind lines}":                                                             "behind lines",
		"\xef\xbb\xbf{\\rtf1\\ansi B\u00fccher \U0001f600 f\\'fcr}":                              "B\u00fccher \U0001f600 f\u00fcr",
		"\xef\xbb\xbf{\\rtf1\\ansi B\xfccher}":                                                   "B\u00fccher",
		`{\rtf1\bin3 }}}x}`:                                                                      "x",
		`{\rtf1 seen{\deleted gone\par} and {\v hidden{\deleted gone} \v0 shown}{\revised new}}`: "seen and shownnew",
		`{\rtf1{\deleted a{\v b\v0 c}\plain d}}`:                                                 "d",
		`{\rtf1 a\~b\_c\-d}`:                                                                     "a b-cd",
	} {
		d, err := Parse([]byte(in))
		if err != nil || d.Text != want {
			t.Errorf("%s: got %q, want %q (%v)", in, d.Text, want, err)
		}
	}
	if _, err := Parse([]byte("plain")); err == nil {
		t.Error("other content was accepted")
	}
	if _, err := Parse([]byte(`{\rtf1` + strings.Repeat("{", 1<<20))); err != nil {
		t.Error(err)
	}
}

func TestFragment(t *testing.T) {
	for in, want := range map[string]string{
		`\pard\plain\fs24 The council\par agreed.\par`:                                "The council\n\nagreed.",
		`{\fonttbl{\f0\fcharset238 Arial;}}\pard\f0 Wyb\'f3r ko\'b6ci\'b3}\par after`: "Wybór ko¶cił\n\nafter",
	} {
		if got := Fragment([]byte(in)).Text; got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

// Words of shapes are properties of them or text in them, and stand in the file once more for programs that know no shapes.
func TestShapes(t *testing.T) {
	copied := `{\shprslt{\*\do\dobxpage\dptxbx{\dptxbxtext words in a box\par}}}`
	for in, want := range map[string]string{
		`Before.\par{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 136}}{\sp{\sn wzName}{\sv Shape1}}{\sp{\sn gtextUNICODE}{\sv Dr\u252?hte}}{\sp{\sn gtextFont}{\sv Arial}}}} after`: "Before.\n\nDrühte\n\n after",
		`{\shp{\*\shpinst{\sp{\sn lTxid}{\sv 65536}}{\shptxt words in a box\par}}` + copied + `}`:                                                                              "words in a box",
		`{\shp` + copied + `}`: "words in a box",
	} {
		d, err := Parse([]byte(`{\rtf1\ansi ` + in + `}`))
		if got := strings.TrimSpace(d.Text); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", in, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{\rtf1{\object{\*\objdata 0105000002000000080000005061636b616765000000000000000000050000000200000000}}}`))
	f.Add([]byte(`{\rtf1\ansi{\fonttbl{\f0\fcharset128 A;}}\f0\'82\'a0\u1234?\cell\row}`))
	f.Add([]byte("\xef\xbb\xbf{\\rtf1 \u00fc\U0001f600}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		_, _ = Parse(append([]byte(`{\rtf1`), in...))
		Fragment(in)
	})
}

// A row is written from where its text stands: a list of its cells would take several times as much.
func TestALongRowIsNoListOfCells(t *testing.T) {
	const cells = 200_000
	text := strings.Repeat("a"+cellMark, cells) + rowMark
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := tidy(text)
	runtime.ReadMemStats(&after)
	if n := strings.Count(got, "\t"); n != cells-1 {
		t.Errorf("%d tabs", n)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 8*uint64(len(text)) {
		t.Errorf("%d bytes for %d", took, len(text))
	}
}

func TestLinks(t *testing.T) {
	field := func(code, result string) string {
		return `{\field{\*\fldinst{` + code + `}}{\fldrslt{` + result + `}}}`
	}
	for in, want := range map[string]doc.Links{
		`{\rtf1 See ` + field(`HYPERLINK "https://example.org/a"`, `the \b report\b0`) + ` now.}`:                                               {{Text: "the report", Target: "https://example.org/a"}},
		`{\rtf1 ` + field(`HYPERLINK \\l "part"`, `x`) + field(` HYPERLINK "file:///etc/passwd" `, `x`) + field(`PAGE`, `3`) + `}`:              nil,
		`{\rtf1 ` + field(`HYPERLINK mailto:a@example.org`, `write to us`) + `}`:                                                                {{Text: "write to us", Target: "mailto:a@example.org"}},
		`{\rtf1 noted{\footnote as ` + field(`HYPERLINK "https://example.org/n"`, `they say`) + `} after}`:                                      {{Text: "they say", Target: "https://example.org/n"}},
		`{\rtf1\trowd\intbl ` + field(`HYPERLINK "https://example.org/c"`, `cell`) + `\cell b\cell\row\pard after}`:                             {{Text: "cell", Target: "https://example.org/c"}},
		`{\rtf1 ` + field(`HYPERLINK "https://example.org/o"`, `outer `+field(`HYPERLINK "https://example.org/i"`, `inner`)+` words`) + ` end}`: {{Text: "inner", Target: "https://example.org/i"}, {Text: "outer inner words", Target: "https://example.org/o"}},
		`{\rtf1 ` + field(`HYPERLINK "https://example.org/x"{\*\datafield 00d0c9ea}`, `x`) + `}`:                                                {{Text: "x", Target: "https://example.org/x"}},
		`{\rtf1 {\field{\*\fldinst HYPERLINK "https://example.org/` + strings.Repeat("a", 1<<20) + `"}{\fldrslt x}}}`:                           nil,
		`{\rtf1 {\field{\*\fldinst HYPERLINK "https://example.org/open"}{\fldrslt never ended`:                                                  nil,
	} {
		d, err := Parse([]byte(in))
		if err != nil || !slices.Equal(d.Links, want) {
			t.Errorf("%.200s: %q, %v", in, d.Links, err)
		}
		if strings.Contains(d.Text, "HYPERLINK") {
			t.Errorf("%.200s: %.200q", in, d.Text)
		}
	}
}
