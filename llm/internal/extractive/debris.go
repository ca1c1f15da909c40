package extractive

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Shares of tokens that do not look like words, from which a sentence is debris of recognition.
const (
	debrisInText = 0.3
	debrisInScan = 0.15
	// poorPage is the confidence below which a page is read with suspicion.
	poorPage = 0.75
)

// isDebris says whether a sentence is what recognition left of one.
func (s *scored) isDebris(t *sentence) bool {
	scan := t.confidence > 0
	odd, all := s.oddTokens(t.text, scan)
	if all < 4 {
		return scan && odd > 0
	}
	limit := debrisInText
	if scan {
		limit = debrisInScan
		if t.confidence < poorPage {
			limit /= 2
		}
	}
	return float64(odd) > limit*float64(all)
}

// oddTokens counts the tokens of text that do not look like words. On a scanned page, words of two or three letters that are neither
// stop words nor written elsewhere in the document are odd as well: most debris is so short.
func (s *scored) oddTokens(text string, scan bool) (odd, all int) {
	stop := prose.StopWords(s.lang)
	for w := range strings.FieldsSeq(text) {
		w = strings.Trim(w, `.,;:!?()[]"'“”‘’«»*/`)
		if w == "" || strings.Trim(w, "0123456789.,:%-–/€$£°+") == "" {
			continue
		}
		all++
		switch low := strings.ToLower(w); {
		case !looksLikeWord(w):
			odd++
		case scan && stop != nil && len(w) <= 3 && w == low && !stop[low] && s.seen[low] < 2:
			odd++
		}
	}
	return odd, all
}

// looksLikeWord says whether w could be a word, a name, an abbreviation or a measure of some language.
func looksLikeWord(w string) bool {
	letters, upper, vowels, other, inner := 0, 0, 0, 0, false
	for i, r := range w {
		if r >= 0x250 { // beyond Latin nobody knows vowels; what is a letter counts as good
			return unicode.IsLetter(r) || unicode.IsMark(r)
		}
		switch {
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) {
				upper++
				inner = inner || i > 0
			}
			if strings.ContainsRune("aeiouyäöüáàâãåæéèêëíìîïóòôõøœúùûýAEIOUYÄÖÜÁÀÂÃÅÆÉÈÊËÍÌÎÏÓÒÔÕØŒÚÙÛÝ", r) {
				vowels++
			}
		case r >= '0' && r <= '9', r == '\'', r == '’', r == '-', r == '–', r == '/', r == '.', r == '&':
		default:
			other++
		}
	}
	n := utf8.RuneCountInString(w)
	switch {
	case other > 0 && other*4 >= n:
		return false
	case letters == 0:
		return n > 2 // figures with marks
	case n == 1:
		return strings.ContainsAny(w, "aAIiyYàáéèoOuUwWzZkKsSvVeE") && w != "i" || upper == 1
	case upper == letters:
		return true // an abbreviation
	case inner && upper > 1 && upper*2 < letters*2 && !strings.ContainsAny(w, "-'’/.&") && upper*3 > letters:
		return false // capitals here and there
	}
	return vowels > 0 || letters <= 2 && upper > 0 || digits(w) > 0 || strings.HasSuffix(w, ".")
}

// readability is the share of tokens that look like words, and how many there are.
func (s *scored) readability() (share float64, tokens int) {
	odd := 0
	for i := range s.sentences {
		o, n := s.oddTokens(s.sentences[i].text, s.sentences[i].confidence > 0)
		odd, tokens = odd+o, tokens+n
	}
	if tokens == 0 {
		return 0, 0
	}
	return 1 - float64(odd)/float64(tokens), tokens
}
