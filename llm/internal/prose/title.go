package prose

import (
	"strings"
	"unicode"
)

// maxTitle is the length of a summary's title, in characters.
const maxTitle = 120

// TidyTitle is t as a title, "" where it says nothing.
func TidyTitle(t string) string {
	t = Clip(OneLine(plainInline(strings.TrimLeft(Clean(t), "# "))), maxTitle)
	letters := strings.IndexFunc(t, unicode.IsLetter) >= 0
	low := strings.ToLower(t)
	if !letters || low == "untitled" || strings.HasPrefix(low, "microsoft word - ") && len(t) < 20 {
		return ""
	}
	return strings.TrimPrefix(t, "Microsoft Word - ")
}
