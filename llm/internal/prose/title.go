package prose

import (
	"strings"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
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

var (
	fileName  = pattern.Lazily(`(?i)^\S+\.(pdf|docx?|odt|rtf|txt|md|html?|xlsx?|ods|csv|pptx?|odp|tiff?|jpe?g|png|indd|qxd|tex|dvi|ps|eml|msg|epub)$|^[\p{L}\d]+([_-][\p{L}\d]+){2,}$|^(img|dsc|scan|doc|document|dokument|file|page|seite|folie|slide|sheet|tabelle|blatt|feuil|hoja|foglio)[ _-]?\d*$|^\d+[ _-]\S*$|^\[?\S+/\S+\.\w{2,4}\]?$`)
	dateLine  = pattern.Lazily(`(?i)^(\p{L}[\p{L} .-]{1,30}, )?(den |le |il |a |, )?(\p{L}+day,? |\p{L}+tag, |(le|el|il|den|am) )?(\d{1,2}([./-]|\.? | de )(\d{1,2}|\p{L}{3,10})\.?([./-]| | de )\d{2,4}|\p{L}{3,10}\.? \d{1,2}(st|nd|rd|th)?,? \d{4}|\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\p{L}{3,10} \d{4}|\d{4})([ ,T]+\d{1,2}:\d\d(:\d\d)?.{0,8})?$`)
	emptyName = pattern.Lazily(`(?i)^(united states|securities and exchange commission|washington, d\.?\s?c\.?.*|form (10-[kq]|8-k|20-f)|proceedings of the.*|microsoft (word|powerpoint).*|powerpoint[- ]pr.*|(powerpoint )?presentation\d*|untitled.*|\(?(anonymous|unknown|unspecified|author|none|null|test)\)?|no title|title|titel|default|\(?(mark one|missing alt)\)?|draft|entwurf|confidential|for immediate release|press release|internal|memo(randum)?|letter|fax|table of contents|contents|page \d+.*|received .*|n/?a)$|united states securities and exchange|\(use style|\.{3}$|…$`)
)

// IsTitle tells whether t could be what its document is called: no date, no name of a file, nothing that stands on many documents.
func IsTitle(t string) bool {
	return t != "" && !fileName.MatchString(t) && !dateLine.MatchString(t) && !emptyName.MatchString(t) && SectionKindOf(t) == SectionBody
}
