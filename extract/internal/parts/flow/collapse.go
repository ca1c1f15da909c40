package flow

import (
	"strings"
	"unicode/utf8"
)

// Hyphens takes out soft hyphens, which show only where a line ends with one, and writes one that keeps a line from ending as the common one: who
// looks for a word types neither.
func Hyphens(s string) string {
	if strings.Contains(s, "\u00ad") {
		s = strings.ReplaceAll(s, "\u00ad", "")
	}
	if strings.Contains(s, "\u2011") {
		s = strings.ReplaceAll(s, "\u2011", "-")
	}
	return s
}

// Collapse folds the white space of the markup; tabs and line breaks were written by the document.
func Collapse(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		if r == ' ' || r == '\r' {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// FoldEmptyLines trims each line by trim, and leaves one empty line at most between two that say something.
func FoldEmptyLines(s string, trim func(string) string) string {
	var b strings.Builder
	b.Grow(len(s))
	empty := 0
	for l := range strings.SplitSeq(s, "\n") {
		if l = trim(l); l == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:min(empty, 1)+1])
		}
		empty = 0
		b.WriteString(l)
	}
	return b.String()
}

// Folder does what FoldEmptyLines does while a text is written, and keeps it in pieces: a large one is in memory once. The zero value is ready;
// each call that ends a line is given the same trim, which returns a part of its line.
type Folder struct {
	pieces []string
	kept   int // bytes in them
	buf    []byte
	end    int  // of the last line in buf that says something
	start  int  // of the line that is written, behind what parts it from that one
	said   bool // a line before said something
	empty  int  // lines since
}

// foldPiece is from how many bytes on a piece is kept.
const foldPiece = 1 << 20

// Len is how many bytes there are.
func (f *Folder) Len() int { return f.kept + f.end }

// Byte writes one byte of a letter, not the end of a line.
func (f *Folder) Byte(c byte) { f.buf = append(f.buf, c) }

// Rune writes a letter.
func (f *Folder) Rune(r rune) { f.buf = utf8.AppendRune(f.buf, r) }

// String writes letters.
func (f *Folder) String(s string) { f.buf = append(f.buf, s...) }

// Line ends a line.
func (f *Folder) Line(trim func([]byte) []byte) {
	l := trim(f.buf[f.start:])
	if len(l) == 0 {
		f.empty++
	} else {
		f.end = f.start + copy(f.buf[f.start:], l)
		f.said, f.empty = true, 0
	}
	f.buf = f.buf[:f.end]
	if len(f.buf) >= foldPiece {
		f.pieces = append(f.pieces, string(f.buf))
		f.kept += len(f.buf)
		f.buf, f.end = f.buf[:0], 0
		if cap(f.buf) > 2*foldPiece {
			f.buf = nil
		}
	}
	if f.said {
		f.buf = append(f.buf, "\n\n"[:min(f.empty, 1)+1]...)
	}
	f.start = len(f.buf)
}

// Done ends the text and gives its pieces.
func (f *Folder) Done(trim func([]byte) []byte) []string {
	f.Line(trim)
	if f.end > 0 {
		f.pieces = append(f.pieces, string(f.buf[:f.end]))
	}
	return f.pieces
}
