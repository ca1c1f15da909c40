package encodings

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// sevenBit reads the encodings that write other scripts in ASCII: HZ of Chinese and UTF-7 of old mail. ok is false for what is ASCII.
func sevenBit(b []byte) (s string, ok bool) {
	if bytes.Contains(b, []byte("~{")) && bytes.Contains(b, []byte("~}")) {
		if s := With(simplifiedchinese.HZGB2312, b); !strings.ContainsRune(s, '\uFFFD') && plausible(s) > wideScore {
			return s, true
		}
	}
	if bytes.IndexByte(b, '+') >= 0 {
		if s, ok := utf7(b); ok && plausible(s) > wideScore {
			return s, true
		}
	}
	return "", false
}

var unpadded = base64.RawStdEncoding

// utf7 wants every plus to be one of UTF-7, and one of them at least to stand for letters.
func utf7(b []byte) (string, bool) {
	var out strings.Builder
	letters := false
	for {
		i := bytes.IndexByte(b, '+')
		if i < 0 {
			out.Write(b)
			return out.String(), letters
		}
		out.Write(b[:i])
		b = b[i+1:]
		n := 0
		for n < len(b) && isBase64(b[n]) {
			n++
		}
		if n == 0 && len(b) > 0 && b[0] == '-' {
			out.WriteByte('+')
			b = b[1:]
			continue
		}
		s, ok := shifted(b[:n])
		if !ok {
			return "", false
		}
		letters = letters || strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 && unicode.IsLetter(r) }) >= 0
		out.WriteString(s)
		b = bytes.TrimPrefix(b[n:], []byte("-"))
	}
}

func isBase64(c byte) bool {
	return c == '+' || c == '/' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// shifted decodes what stands after a plus: whole UTF-16 units, with zeros behind them.
func shifted(b []byte) (string, bool) {
	raw, err := unpadded.Strict().DecodeString(string(b))
	if err != nil || len(raw) < 2 || len(raw)%2 == 1 && raw[len(raw)-1] != 0 {
		return "", false
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	s := string(utf16.Decode(units))
	return s, strings.IndexFunc(s, func(r rune) bool { return r == '\uFFFD' || !unicode.IsPrint(r) && !unicode.IsSpace(r) }) < 0
}

// iso2022KR reads Korean between SO and SI, which is EUC-KR without its upper bits.
func iso2022KR(b []byte) string {
	b = bytes.ReplaceAll(b, []byte(Korean2022), nil)
	out, shifted := make([]byte, 0, len(b)), false
	for _, c := range b {
		switch {
		case c == 0x0e || c == 0x0f:
			shifted = c == 0x0e
		case shifted && c > 0x20 && c < 0x7f:
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	return With(korean.EUCKR, out)
}

// Korean2022 stands before Korean in ISO 2022, which has control characters around it.
const Korean2022 = "\x1b$)C"
