// Package encodings turns bytes of an unknown encoding into text.
package encodings

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	uni "golang.org/x/text/encoding/unicode"
)

// HasLetters says whether there is anything to read.
func HasLetters(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return true
		}
	}
	return false
}

// Decode turns bytes of unknown encoding into text with \n line ends: byte order mark, UTF-8,
// UTF-16 by its zeros, else the legacy encoding whose result looks most like language.
func Decode(b []byte) string {
	if len(b) > largeText {
		if e, ok := Stream(b); ok {
			if s, err := inPieces(b, e); err == nil {
				return s
			}
		}
	}
	return tidy(Raw(b))
}

// Raw is Decode with the line ends as they are.
func Raw(b []byte) string {
	if e := UTF32(b); e != nil {
		return With(e, b)
	}
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return string(bytes.ToValidUTF8(b[3:], []byte("\uFFFD")))
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return With(uni.UTF16(uni.LittleEndian, uni.UseBOM), b)
	case bytes.Contains(b[:min(len(b), 64<<10)], []byte(Korean2022)):
		return iso2022KR(b)
	case bytes.Contains(b[:min(len(b), 64<<10)], []byte("\x1b$")):
		return With(japanese.ISO2022JP, b)
	}
	if e := UTF16(b); e != nil && !zeros(b, 0) && !zeros(b, 1) {
		return With(e, b)
	}
	switch {
	case utf8.Valid(b) && !zeros(b, 0) && !zeros(b, 1):
		if s, ok := sevenBit(b); ok {
			return s
		}
		return string(b)
	case zeros(b, 1):
		return With(uni.UTF16(uni.LittleEndian, uni.IgnoreBOM), b)
	case zeros(b, 0):
		return With(uni.UTF16(uni.BigEndian, uni.IgnoreBOM), b)
	}
	if mostlyUTF8(b) {
		return string(bytes.ToValidUTF8(b, []byte("\uFFFD")))
	}
	return With(Guess(b), b)
}

// Stream says whether Decode reads b by one encoding from its first byte to its last and then mends line ends, so that a large text can
// be read so from its file; e is nil for UTF-8 without fault. It is not said of encodings in which bytes below 32 are parts of letters.
func Stream(b []byte) (e encoding.Encoding, ok bool) {
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(b, []byte(mark)) {
			return nil, false
		}
	}
	head := b[:min(len(b), 64<<10)]
	if bytes.Contains(head, []byte(Korean2022)) || bytes.Contains(head, []byte("\x1b$")) || zeros(b, 0) || zeros(b, 1) || UTF16(b) != nil || UTF32(b) != nil {
		return nil, false
	}
	if utf8.Valid(b) {
		_, seven := sevenBit(b)
		return nil, !seven
	}
	if mostlyUTF8(b) {
		return nil, false
	}
	return Guess(b), true
}

// LineEnds writes every end of a line as Decode does. It may be given a text in parts, none of which ends between \r and \n.
func LineEnds(s string) string { return tidy(s) }

// zeros says that a good part of the bytes at even (0) or odd (1) places is zero: UTF-16 of a Latin script.
func zeros(b []byte, at int) bool {
	n, z := 0, 0
	for i := at; i < min(len(b), 4096); i += 2 {
		n++
		if b[i] == 0 {
			z++
		}
	}
	return n > 1 && z*3 > n
}

// mostlyUTF8 accepts text with a few broken bytes in otherwise multi-byte UTF-8.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good > 20*bad && good > 0
}

// shortText is below how many bytes a text is decoded at once.
const shortText = 4 << 10

// With decodes b by e; bytes that e does not know become U+FFFD. The text is written where it stays: a large file would be there
// three times otherwise.
func With(e encoding.Encoding, b []byte) string {
	if len(b) < shortText { // a reader and what it holds would cost many times the text: RTF has a run of text for each word
		if out, err := e.NewDecoder().Bytes(b); err == nil {
			return string(out)
		}
		return string(bytes.ToValidUTF8(b, []byte("\uFFFD")))
	}
	var out strings.Builder
	out.Grow(len(b) + len(b)/8)
	if _, err := io.Copy(&out, e.NewDecoder().Reader(bytes.NewReader(b))); err != nil {
		return string(bytes.ToValidUTF8(b, []byte("\uFFFD")))
	}
	return out.String()
}

// candidates in the order in which ties are decided.
var candidates = []encoding.Encoding{
	charmap.Windows1252, japanese.ShiftJIS, japanese.EUCJP, simplifiedchinese.GB18030, traditionalchinese.Big5, korean.EUCKR,
	charmap.Windows1251, charmap.MacintoshCyrillic, charmap.KOI8R, charmap.KOI8U, charmap.Windows1254, charmap.Windows1250, charmap.ISO8859_2, charmap.Windows1253, charmap.ISO8859_7, charmap.Windows1255, charmap.Windows1256, charmap.Windows1257,
	charmap.CodePage866, charmap.ISO8859_5, charmap.ISO8859_6, charmap.Windows874, charmap.CodePage850, charmap.CodePage437, charmap.CodePage852, charmap.Macintosh,
	charmap.CodePage855, charmap.CodePage862, charmap.ISO8859_4, charmap.ISO8859_3, charmap.ISO8859_14, charmap.ISO8859_15, charmap.CodePage860, charmap.CodePage865,
}

// Guess chooses the encoding whose decoding looks most like language.
func Guess(b []byte) encoding.Encoding {
	part := sample(b)
	best, score := candidates[0], -1e18
	for i, e := range candidates {
		out, err := e.NewDecoder().Bytes(part)
		if err != nil {
			continue
		}
		if s := plausible(string(out)) + oneLanguage(string(out)) - float64(i)*0.003; s > score {
			best, score = e, s
		}
	}
	return best
}

// maxSample bounds what is decoded to compare encodings.
const maxSample = 16 << 10

// sample takes the lines that tell encodings apart: those with bytes outside ASCII, or with the
// escapes of those that have none.
func sample(b []byte) []byte {
	b = b[:min(len(b), 8<<20)]
	var out []byte
	for len(b) > 0 && len(out) < maxSample {
		line := b
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line = b[:i+1]
		}
		b = b[len(line):]
		if bytes.ContainsFunc(line, func(r rune) bool { return r >= 0x80 }) {
			out = append(out, line[:min(len(line), maxSample)]...)
		}
	}
	return out
}

// frequent are the characters that stand most often in Chinese, Japanese and Korean text: a wrong
// decoding gives valid but rare ones.
var frequent = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社術個這說們為時過國來對後樣會學經問間電東發書長見氣話員馬場業報關華語頭檔案裡句個" +
		"年月日本人大国会社名前住所東京市県町番号電話氏男女時分円出来上下中学校先生今何行見言事者" +
		"이다는에의을를고가하은지로한서도기사리어나시자대일인정수해아보과부전제그라만들니으면상있게주스었여장구세조성원무공소국동우할신오비계화선생유안당개발적것" {
		m[r] = true
	}
	return m
}()

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n", "\x00", "", "\ufeff", "")

func tidy(s string) string { return lineEnds.Replace(s) }
