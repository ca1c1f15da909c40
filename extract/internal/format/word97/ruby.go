package word97

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// maxRuby bounds the code of a field that is looked at.
const maxRuby = 400

// rubyField is how Word 97 stores a word with its reading above: EQ \\* jc2 \\o\\ad(\\s\\up 10(reading),word).
var rubyField = pattern.Lazily(`^\s*EQ .*\\o.*\(\\s\\up \d+\(([^()]*)\)\s*[,;](.*)\)\s*$`)

// rubyCode collects the code of a field that may be one.
type rubyCode struct {
	b    strings.Builder
	left int // runes that are still looked at
}

func (c *rubyCode) begin() {
	c.b.Reset()
	c.left = maxRuby
}

// rune takes one of the code. At its end it gives the word of such a field and its reading in brackets; false before, and for other fields.
// The field has no result of its own: without this the word would be lost.
func (c *rubyCode) rune(r rune) (string, bool) {
	if c.left == 0 {
		return "", false
	}
	c.left--
	if r != 0x14 && r != 0x15 {
		if r != 0x13 {
			c.b.WriteRune(r)
		}
		return "", false
	}
	c.left = 0
	m := rubyField.FindStringSubmatch(c.b.String())
	if m == nil {
		return "", false
	}
	return strings.TrimSpace(m[2]) + " (" + strings.TrimSpace(m[1]) + ")", true
}
