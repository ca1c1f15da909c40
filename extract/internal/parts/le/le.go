// Package le reads little-endian numbers and strings out of records whose stated lengths may be wrong: what lies behind the end of
// the data reads as zero or as nothing.
package le

import (
	"encoding/binary"
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// U16 reads 16 bits at o, 0 behind the end.
func U16(b []byte, o int) int {
	if o < 0 || o+2 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(b[o:]))
}

// U32 reads 32 bits at o, 0 behind the end.
func U32(b []byte, o int) int {
	if o < 0 || o+4 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(b[o:]))
}

// Float64 reads a number of 64 bits at o, 0 behind the end.
func Float64(b []byte, o int) float64 {
	if o < 0 || o+8 > len(b) {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b[o:]))
}

// Bytes gives n bytes at o, fewer at the end of the data.
func Bytes(b []byte, o, n int) []byte {
	if o < 0 || o > len(b) || n <= 0 {
		return nil
	}
	return b[o:min(len(b), o+min(n, len(b)))]
}

// UTF16 decodes a string of 16-bit units; an odd byte at its end is left out.
func UTF16(b []byte) string {
	var out strings.Builder
	out.Grow(len(b) / 2)
	for ; len(b) >= 2; b = b[2:] {
		r := rune(binary.LittleEndian.Uint16(b))
		if utf16.IsSurrogate(r) && len(b) >= 4 {
			if both := utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(b[2:]))); both != utf8.RuneError {
				r, b = both, b[2:]
			}
		}
		out.WriteRune(r) // half of a character becomes U+FFFD
	}
	return out.String()
}

// Latin1 decodes a string of 8-bit units, which are the first 256 characters of Unicode.
func Latin1(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	for _, c := range b {
		out.WriteRune(rune(c))
	}
	return out.String()
}
