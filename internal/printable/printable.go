// Package printable makes text that strangers wrote (a site's name, a file's name, an error page's title, a document)
// harmless to a terminal and to anybody who reads a log: no escape sequences, no control characters of either set, none of
// the marks that turn the order of letters round.
package printable

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// hostile tells which characters act on a terminal, or on the reading order, in place of being read. Joiners are left:
// several scripts are not written correctly without them.
func hostile(r rune) bool {
	switch {
	case r == '\u200c', r == '\u200d':
		return false
	case r == '\u2028', r == '\u2029':
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)
}

// Line is s on one line: white space becomes one blank, everything hostile the replacement character.
func Line(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case hostile(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// Writer passes text on to W with everything hostile replaced but line ends, tabs and form feeds.
// It is safe for concurrent use.
type Writer struct {
	W    io.Writer
	mu   sync.Mutex
	rest []byte // the beginning of a character whose other bytes are still to come
}

var _ io.Writer = (*Writer)(nil)

func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := append(w.rest, p...)
	n := len(in) - incomplete(in)
	out := bytes.Map(func(r rune) rune {
		if hostile(r) && r != '\n' && r != '\t' && r != '\f' {
			return unicode.ReplacementChar
		}
		return r
	}, in[:n])
	w.rest = bytes.Clone(in[n:])
	if _, err := w.W.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// incomplete is how many bytes at the end may still become a character.
func incomplete(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		tail := b[len(b)-n:]
		if utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
