package flow

import "strings"

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
