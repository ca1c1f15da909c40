package word97

import (
	"regexp"
	"strings"
)

// maxRuby bounds the code of a field that is looked at.
const maxRuby = 400

// rubyField is how Word 97 stores a word with its reading above: EQ \\* jc2 \\o\\ad(\\s\\up 10(reading),word).
var rubyField = regexp.MustCompile(`^\s*EQ .*\\o.*\(\\s\\up \d+\(([^()]*)\)\s*[,;](.*)\)\s*$`)

// ruby gives the word of such a field and its reading in brackets, "" for other fields. The field has
// no result of its own: without this the word would be lost. in begins after the field's first mark.
func ruby(in string) string {
	var b strings.Builder
	left := maxRuby
	for _, r := range in {
		if left--; left < 0 {
			break
		}
		if r == 0x14 || r == 0x15 {
			m := rubyField.FindStringSubmatch(b.String())
			if m == nil {
				return ""
			}
			return strings.TrimSpace(m[2]) + " (" + strings.TrimSpace(m[1]) + ")"
		}
		if r != 0x13 {
			b.WriteRune(r)
		}
	}
	return ""
}
