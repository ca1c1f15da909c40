package encodings

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	uni "golang.org/x/text/encoding/unicode"
)

//go:embed testdata/prose.tsv
var prose string

var westernSets = []encoding.Encoding{charmap.Windows1252, charmap.ISO8859_1, charmap.ISO8859_15, charmap.CodePage850, charmap.CodePage437, charmap.CodePage858, charmap.Macintosh}
var centralSets = []encoding.Encoding{charmap.Windows1250, charmap.ISO8859_2, charmap.CodePage852}
var balticSets = []encoding.Encoding{charmap.Windows1257, charmap.ISO8859_13, charmap.ISO8859_4}
var cyrillicSets = []encoding.Encoding{charmap.Windows1251, charmap.KOI8R, charmap.KOI8U, charmap.ISO8859_5, charmap.CodePage866, charmap.CodePage855, charmap.MacintoshCyrillic}
var wideSets = []encoding.Encoding{uni.UTF16(uni.LittleEndian, uni.IgnoreBOM), uni.UTF16(uni.BigEndian, uni.IgnoreBOM)}

// written says in what encodings texts of a language are found.
var written = map[string][]encoding.Encoding{
	"de": westernSets, "fr": westernSets, "es": westernSets, "pt": append(westernSets, charmap.CodePage860), "it": westernSets, "ca": westernSets, "nl": westernSets, "sv": westernSets, "fi": westernSets, "ga": westernSets, "sq": append(westernSets, charmap.Windows1250, charmap.ISO8859_2),
	"da": append(westernSets, charmap.CodePage865), "no": append(westernSets, charmap.CodePage865), "is": {charmap.Windows1252, charmap.ISO8859_1, charmap.CodePage850, charmap.Macintosh}, "et": {charmap.Windows1257, charmap.Windows1252, charmap.ISO8859_15, charmap.ISO8859_4, charmap.ISO8859_13},
	"cs": centralSets, "sk": centralSets, "pl": centralSets, "hu": centralSets, "ro": append(centralSets, charmap.ISO8859_16), "hr": centralSets, "sl": centralSets,
	"tr": {charmap.Windows1254, charmap.ISO8859_9}, "lt": balticSets, "lv": balticSets, "ru": cyrillicSets, "uk": {charmap.Windows1251, charmap.KOI8U, charmap.ISO8859_5, charmap.MacintoshCyrillic}, "be": {charmap.Windows1251, charmap.ISO8859_5, charmap.CodePage866},
	"bg": cyrillicSets, "sr": {charmap.Windows1251, charmap.ISO8859_5, charmap.CodePage855}, "mk": {charmap.Windows1251, charmap.ISO8859_5, charmap.CodePage855}, "el": {charmap.Windows1253, charmap.ISO8859_7}, "he": {charmap.Windows1255, charmap.ISO8859_8, charmap.CodePage862},
	"ar": {charmap.Windows1256, charmap.ISO8859_6}, "fa": {charmap.Windows1256}, "th": {charmap.Windows874}, "ja": {japanese.ShiftJIS, japanese.EUCJP, japanese.ISO2022JP}, "zh": {simplifiedchinese.GBK, simplifiedchinese.GB18030, simplifiedchinese.HZGB2312}, "tw": {traditionalchinese.Big5},
	"ko": {korean.EUCKR}, "eo": {charmap.ISO8859_3}, "mt": {charmap.ISO8859_3}, "cy": {charmap.ISO8859_14},
}

// sizes are those in which each text is tried.
var sizes = map[string]func(string) string{
	"whole": func(s string) string { return s },
	"sentence": func(s string) string {
		head, _, _ := strings.Cut(s, ". ")
		return head + "\n"
	},
}

// undecided are texts whose letters fit two encodings alike.
var undecided = map[string]bool{
	"ga sentence Macintosh": true, // one ú
	"et whole ISO 8859-15":  true, // two letters that Windows 1257 has elsewhere
	"cy whole ISO 8859-14":  true, // two letters that Windows 1252 does not have
}

func TestLanguagesInEveryEncoding(t *testing.T) {
	n := 0
	for line := range strings.Lines(prose) {
		lang, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		for _, e := range slices.Concat(wideSets, written[lang]) {
			for size, cut := range sizes {
				want := cut(text)
				b, err := e.NewEncoder().String(want)
				if err != nil {
					continue // it has not all letters
				}
				n++
				name := fmt.Sprintf("%s %s %v", lang, size, e)
				if got := Decode([]byte(b)); got != want && !undecided[name] {
					t.Errorf("%s: as %v: %.90q", name, Guess([]byte(b)), got)
				}
			}
		}
	}
	if n < 500 {
		t.Errorf("%d texts, want over 500", n)
	}
}

// What is written in ASCII alone, and what only looks so.
func TestSevenBitEncodings(t *testing.T) {
	for in, want := range map[string]string{
		"Hi Mom +Jjo-!":              "Hi Mom +Jjo-!", // a smile alone is no letter
		"+ZeVnLIqe-":                 "日本語",
		"+BB8EQAQ4BDIENQRC-, world":  "Привет, world",
		"1 +- 2; +BDwEOARA-":         "1 + 2; мир",
		"C++ and +49 30 1234-5":      "C++ and +49 30 1234-5",
		"a+b=c, see +abc-def":        "a+b=c, see +abc-def",
		"~{VPNDNDUB~}":               "中文文章",
		"a ~{ in a script ~} of TeX": "a ~{ in a script ~} of TeX",
		"\x1b$)C\x0eGQ19\x0f 2022":   "한국 2022",
	} {
		if got := Decode([]byte(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Bytes that are no text are no UTF-16 either, and text with a few control characters is not.
func TestWhatIsNotUTF16(t *testing.T) {
	noise, v := make([]byte, 4096), uint32(7)
	for i := range noise {
		v = v*1664525 + 1013904223
		noise[i] = byte(v >> 24)
	}
	for name, in := range map[string]string{
		"noise":           string(noise),
		"fields":          strings.Repeat("8=FIX.4.2\x019=178\x0135=8\x0149=PHLX\x01", 20),
		"words and marks": strings.Repeat("words in small letters \x01\x02\x03 and marks\x04\x05", 40),
	} {
		if e := UTF16([]byte(in)); e != nil {
			t.Errorf("%s: %v", name, e)
		}
	}
}
