package prose

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// Trigrams of whatlanggo lose their confidence the longer a text gets: every close language gains on the first. So the text is cut
// into pieces that vote, and the stop words of the languages that were voted for decide.
const (
	pieceBytes  = 400 // about what whatlanggo is surest of
	maxPieces   = 32
	firstPieces = 8        // from all over the text; where they agree, the others are not asked
	fewPieces   = 3        // are enough where they agree and their stop words say the same
	plainShare  = 0.25     // of the words, stop words of the language that all pieces voted for
	plainWeight = 0.3      // of each one's vote
	agreement   = 0.95     // of the votes
	maxSample   = 64 << 10 // bytes whose stop words are counted
	candidates  = 4
	minEvidence = 0.55
	minWords    = 60 // different words; below, no language is taken from trigrams alone
)

// Language is the language of the pages' text; the hint (BCP 47) is used where the text does not tell.
func Language(pages []Page, hint string) string {
	var b strings.Builder
	step := 1 + len(pages)/maxPieces
	for i := 0; i < len(pages); i += step {
		t := pages[i].Text
		if len(t) > 6000 {
			t = strings.ToValidUTF8(t[:6000], "")
		}
		b.WriteString(t)
		b.WriteByte('\n')
	}
	if l := DetectLanguage(b.String()); l != "" {
		return l
	}
	return hint
}

// DetectLanguage returns the BCP 47 primary language of s, or "" where the text is too short or too mixed to tell.
func DetectLanguage(s string) string {
	s = runningText(s)
	order := spread(pieces(s))
	few := min(fewPieces, len(order))
	if lang := plainly(order[:few]); lang != "" {
		return lang
	}
	first := voices(order[:few])
	if lang := plain(first, order[:few]); lang != "" {
		return lang
	}
	votes, total := vote(first, order[few:])
	if total == 0 {
		return ""
	}
	best, evidence := "", 0.0
	sample := wordsOf(s)
	for _, lang := range candidatesOf(votes) {
		e := votes[lang] / total
		if share, known := stopShare(sample, lang); known {
			e = e/2 + 1.5*share
		} else if distinct(sample) < minWords && sharesScript(s) {
			continue // lists of names look like Igbo or Uzbek
		}
		if e > evidence {
			best, evidence = lang, e
		}
	}
	if evidence < minEvidence {
		return ""
	}
	return best
}

// runningText is what of s was written as sentences: lines of a few words, most of them letters. Where there are none, all of s.
func runningText(s string) string {
	var b strings.Builder
	for l := range strings.Lines(s) {
		if b.Len() >= 4*maxSample {
			break
		}
		if isRunningText(l) {
			b.WriteString(l)
		}
	}
	if b.Len() < pieceBytes/4 {
		return strings.ReplaceAll(s[:cutRune(s, 4*maxSample)], "|", " ")
	}
	return b.String()
}

func isRunningText(l string) bool {
	letters, spaces, other, dense := 0, 0, 0, 0
	for _, r := range l {
		switch {
		case IsCJK(r) || IsUnspaced(r):
			dense++
			letters++
		case unicode.IsLetter(r) || unicode.IsMark(r):
			letters++
		case unicode.IsSpace(r):
			spaces++
		default:
			other++
		}
	}
	return (spaces >= 5 || dense >= 8) && other*6 < letters && !strings.Contains(l, "|")
}

// cutRune is n, or the border of a character before it, and no more than the length of s.
func cutRune(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

// pieces are up to maxPieces pieces of s, from all over it.
func pieces(s string) []string {
	var all []string
	for len(s) > 0 {
		n := cutRune(s, pieceBytes)
		if i := strings.LastIndexFunc(s[:n], unicode.IsSpace); i > n/2 && n < len(s) {
			n = i
		}
		all = append(all, s[:n])
		s = s[n:]
	}
	step := 1 + (len(all)-1)/maxPieces
	var out []string
	for i := 0; i < len(all); i += step {
		out = append(out, all[i])
	}
	return out
}

// voice is what one piece says: its language, "" for none, and what that weighs.
type voice struct {
	lang   string
	weight float64
}

func voices(pieces []string) (out []voice) {
	for _, p := range pieces {
		out = append(out, voiceOf(p))
	}
	return out
}

// vote adds to the first voices those of more pieces from all over the text, until it is clear: a piece costs half a millisecond, and most texts
// are clear after a few.
func vote(first []voice, more []string) (votes map[string]float64, total float64) {
	votes = map[string]float64{}
	count := func(v voice) {
		votes[v.lang] += v.weight
		total += v.weight
	}
	for _, v := range first {
		count(v)
	}
	for i, p := range more {
		if len(first)+i >= firstPieces && agreed(votes, total) {
			break
		}
		count(voiceOf(p))
	}
	delete(votes, "")
	if total < 0.3 {
		return nil, 0
	}
	return votes, total
}

// spread is the pieces in an order in which the first fewPieces, and the first firstPieces, are from all over the text.
func spread(pieces []string) (out []string) {
	step := max(1, len(pieces)/firstPieces)
	for offset := range step {
		for i := offset; i < len(pieces); i += step {
			out = append(out, pieces[i])
		}
	}
	if len(out) < firstPieces {
		return out
	}
	for i := 1; i < fewPieces; i++ { // the others of the first pass move up, so that each stays in it
		out[i], out[i*firstPieces/fewPieces] = out[i*firstPieces/fewPieces], out[i]
	}
	return out
}

// plain is the language of a text that leaves no doubt: fewPieces of it are surely in it, and their stop words say the same. "" where there is
// any.
func plain(said []voice, few []string) string {
	if len(said) < fewPieces {
		return ""
	}
	lang := said[0].lang
	for _, v := range said {
		if v.lang == "" || v.lang != lang || v.weight < plainWeight {
			return ""
		}
	}
	if share, known := stopShare(wordsOf(strings.Join(few, " ")), lang); !known || share < plainShare {
		return ""
	}
	return lang
}

// plainly is the language of a text of which fewPieces leave no doubt by their stop words alone, each of them: trigrams
// take many times as long. "" where there is any.
func plainly(few []string) (lang string) {
	if len(few) < fewPieces {
		return ""
	}
	for _, piece := range few {
		l := byStopWords(wordsOf(piece))
		if l == "" || lang != "" && l != lang {
			return ""
		}
		lang = l
	}
	return lang
}

const (
	sureShare = 0.25 // of the words of a piece, stop words of its language
	sureWords = 30   // of a piece
)

// byStopWords is the one of toldByStopWords with so many stop words among words, and twice as many as any other language, "" where there is none.
func byStopWords(words []string) string {
	list := speakers()
	n := make([]int, len(list.languages))
	for _, w := range words {
		for _, i := range list.of[w] {
			n[i]++
		}
	}
	best, second := 0, 0
	for i := range n[1:] {
		switch i++; {
		case n[i] > n[best]:
			best, second = i, n[best]
		case n[i] > second:
			second = n[i]
		}
	}
	if len(words) < sureWords || float64(n[best]) < sureShare*float64(len(words)) || n[best] < 2*second || !toldByStopWords[list.languages[best]] {
		return ""
	}
	return list.languages[best]
}

// toldByStopWords are the languages whose stop words no language has that there is no list for: Afrikaans would be taken for Dutch, Malay for Indonesian.
var toldByStopWords = SetOf("de en es fr it pt")

// speakers are the languages with a list of stop words, and for each such word those that have it.
var speakers = sync.OnceValue(func() (s struct {
	languages []string
	of        map[string][]uint8
}) {
	s.of = map[string][]uint8{}
	for _, lang := range stopwordLanguages() {
		for w := range StopWords(lang) {
			s.of[w] = append(s.of[w], uint8(len(s.languages)))
		}
		s.languages = append(s.languages, lang)
	}
	return s
})

// agreed says that nearly all votes are for one language.
func agreed(votes map[string]float64, total float64) bool {
	for _, v := range votes {
		if total >= 1 && v >= agreement*total {
			return true
		}
	}
	return false
}

// voiceOf is the language of a piece and what its vote weighs: one that whatlanggo is not sure of counts for the little that it is.
func voiceOf(piece string) voice {
	info := whatlanggo.Detect(piece)
	lang := info.Lang.Iso6391()
	if lang == "zh" && hasKana(piece) {
		lang = "ja" // a piece with many ideographs
	}
	if lang == "" {
		return voice{}
	}
	weight := 0.1 + 0.9*info.Confidence
	if len(piece) < pieceBytes/8 && !info.IsReliable() {
		weight = 0.1
	}
	if !sharesScript(piece) {
		weight *= 2 // Japanese manuals are full of English, English ones hold no Japanese
	}
	return voice{lang, weight}
}

func hasKana(s string) bool {
	kana, all := 0, 0
	for _, r := range s {
		if r < 0x2E80 {
			continue
		}
		all++
		if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
			kana++
		}
	}
	return kana*20 > all
}

// candidatesOf are the languages with most votes, first the one with most; English always has a chance, because its technical prose
// looks like many languages to trigrams.
func candidatesOf(votes map[string]float64) []string {
	var out []string
	for l := range votes {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(votes[b], votes[a]), strings.Compare(a, b)) })
	out = out[:min(candidates, len(out))]
	if !slices.Contains(out, "en") {
		out = append(out, "en")
	}
	return out
}

func distinct(words []string) int {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return len(m)
}

// sharesScript says whether most letters of s are of a script that many languages write with.
func sharesScript(s string) bool {
	shared, letters := 0, 0
	for _, r := range s[:cutRune(s, pieceBytes)] {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Devanagari) {
			shared++
		}
	}
	return shared*2 > letters
}

func wordsOf(s string) []string {
	s = s[:cutRune(s, maxSample)]
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(words, func(w string) bool { return strings.ContainsAny(w, "0123456789") }) // numbers and parts of codes
}

// stopShare is the share of words that are stop words of lang; known is false where there is no list or nothing to count.
func stopShare(words []string, lang string) (share float64, known bool) {
	stop := StopWords(lang)
	if stop == nil || len(words) == 0 {
		return 0, false
	}
	n := 0
	for _, w := range words {
		if stop[w] {
			n++
		}
	}
	return float64(n) / float64(len(words)), true
}
