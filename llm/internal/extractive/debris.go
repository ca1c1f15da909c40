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

// cleanness lowers the rate of a sentence of a scan by the words in it that were read wrong, so that clean ones are quoted first.
func (s *scored) cleanness(t *sentence) float64 {
	if t.confidence == 0 {
		return 1
	}
	odd, all := s.oddTokens(t.text, true)
	return 1 - min(0.9, 4*float64(odd)/float64(max(1, all)))
}

// oddTokens counts the tokens of text that do not look like words. On a scanned page, words of two or three letters that are neither
// stop words nor written elsewhere in the document are odd as well: most debris is so short.
func (s *scored) oddTokens(text string, scan bool) (odd, all int) {
	stop := prose.StopWords(s.lang)
	for w := range strings.FieldsSeq(text) {
		w = strings.Trim(w, `.,;:!?()[]"'“”‘’«»*/|`)
		if w == "" || strings.Trim(w, "0123456789.,:%-–/€$£°+") == "" {
			continue
		}
		all++
		switch low := strings.ToLower(w); {
		case !looksLikeWord(w) || scan && strings.ContainsFunc(w, func(r rune) bool { return r == '|' || r == '\\' || r == '~' }):
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
	case upper == letters, n <= 5 && upper > 1 && w[len(w)-1] >= 'A' && w[len(w)-1] <= 'Z':
		return true // an abbreviation: NASA, GmbH
	case inner && upper > 1 && upper*3 > letters && !strings.ContainsAny(w, "-'’/.&") || strings.Contains(w, "-") && oddPart(w):
		return false // capitals here and there
	}
	return vowels > 0 || letters <= 2 && upper > 0 || digits(w) > 0 || strings.HasSuffix(w, ".")
}

// oddPart says whether a part of a compound has capitals here and there ("I-XIl").
func oddPart(w string) bool {
	for part := range strings.SplitSeq(w, "-") {
		if utf8.RuneCountInString(part) > 2 && !looksLikeWord(part) {
			return true
		}
	}
	return false
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
