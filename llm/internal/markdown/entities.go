package markdown

import (
	"html"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

const asciiPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// maxEntity bounds the name of an HTML entity, with its & and ;.
const maxEntity = 33

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
			if ent := entityLike.FindString(s[i:min(len(s), i+maxEntity)]); ent != "" && strings.HasPrefix(s[i:], ent) {
				if u := html.UnescapeString(ent); u != ent {
					b.WriteString(prose.Clean(u))
					i += len(ent) - 1
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
