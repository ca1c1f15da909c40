package encodings

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	uni "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

const (
	// wideSample is how much is looked at to tell UTF-16.
	wideSample = 4096
	// wideScore is what plausible gives for text in any script; bytes in pairs that are none get about half of it.
	wideScore = 0.75
)

// UTF16 gives the encoding of UTF-16 that has neither a mark nor zeros: of scripts other than the Latin one. It is nil for anything
// else, of which the most is told by having next to no control characters, which half of the bytes are here.
func UTF16(b []byte) encoding.Encoding {
	b = b[:min(len(b), wideSample)&^1]
	controls, ascii := 0, true
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b && c != 0x1a && c != 0x08 {
			controls++
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if len(b) < 8 || controls*100 < len(b) {
		return nil
	}
	var best encoding.Encoding
	score := wideScore
	for _, order := range []uni.Endianness{uni.LittleEndian, uni.BigEndian} {
		e := uni.UTF16(order, uni.IgnoreBOM)
		if s := wideText(With(e, b), ascii); s > score {
			best, score = e, s
		}
	}
	return best
}

// wideText scores what pairs of bytes give as text, with 0 where some are no characters. Bytes of ASCII alone are not Chinese: its
// characters have others.
func wideText(s string, ascii bool) float64 {
	n, bad, han := 0, 0, 0
	for _, r := range s {
		n++
		switch {
		case r == utf8.RuneError || unicode.Is(unicode.Co, r), !unicode.IsPrint(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r):
			bad++
		case unicode.Is(unicode.Han, r):
			han++
		}
	}
	if bad*100 > n || ascii && han*10 > n {
		return 0
	}
	return plausible(s)
}

// UTF32 gives the encoding of UTF-32, with a mark or without; nil for anything else. Four bytes that happen to be a character are rare.
func UTF32(b []byte) encoding.Encoding {
	sample := b[:min(len(b), wideSample)&^3]
	if len(sample) < 8 {
		return nil
	}
	for _, order := range []utf32.Endianness{utf32.LittleEndian, utf32.BigEndian} {
		e := utf32.UTF32(order, utf32.IgnoreBOM)
		s := strings.TrimPrefix(With(e, sample), "\uFEFF")
		if !strings.ContainsFunc(s, func(r rune) bool {
			return r == utf8.RuneError || !unicode.IsPrint(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r)
		}) {
			return utf32.UTF32(order, utf32.UseBOM)
		}
	}
	return nil
}
