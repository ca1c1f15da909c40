package llm

import (
	"html"
	"strings"
)

const asciiPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// resolveText resolves backslash escapes and HTML entities of Markdown text in one pass, so that
// an escaped ampersand starts no entity. What comes out is plain text: it is escaped again
// wherever it is shown.
func resolveText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(asciiPunctuation, s[i+1]) >= 0:
			i++
			b.WriteByte(s[i])
		case c == '&':
			if end := strings.IndexByte(s[i:], ';'); end > 1 && end < 32 {
				ent := s[i : i+end+1]
				if u := html.UnescapeString(ent); u != ent {
					b.WriteString(cleanText(u))
					i += end
					continue
				}
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
