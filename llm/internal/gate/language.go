package gate

import (
	"slices"
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Language is told by votes: each paragraph and item has as many as words, weighed by how sure the detector is of it. One of them alone
// may be a quotation or a list of names.
const (
	minVoters = 20  // words that voted
	majority  = 75  // per cent of all votes that the other language has
	sureness  = 0.3 // mean confidence in it
)

// alike are languages that are taken for each other in short texts: no answer is refused for being one of the same group.
var alike = [][]string{
	{"da", "nb", "sv"}, {"es", "pt", "gl", "ca"}, {"hr", "sr", "bs", "sl", "cs", "sk", "pl"}, {"id", "ms", "jv", "tl"}, {"nl", "af"},
	{"ru", "uk", "be", "bg", "mk", "sr"}, {"hi", "mr", "ne"}, {"ar", "fa", "ur", "ps"}, {"tr", "az", "tk", "uz"}, {"fi", "et"},
}

// LanguageOf is the language that most of a text's lines are in (BCP 47), "" where that is not clear.
func LanguageOf(lines []string) string {
	v := ballot(votersOf(lines), nil)
	best := v.best(func(string) bool { return true })
	if v.wins(best) {
		return best
	}
	return ""
}

// foreign says whether lines are clearly in none of the languages that are taken. unless is asked before the detector, which takes longer: true where they
// cannot be.
func foreign(taken []string, lines []string, unless func() bool) bool {
	own := func(lang string) bool {
		for _, t := range taken {
			if t = primary(t); t != "" && (lang == t || sameGroup(lang, t)) {
				return true
			}
		}
		return false
	}
	who := votersOf(lines)
	if who.words < minVoters {
		return false
	}
	if plain := smallWordsOf(who.lines); slices.ContainsFunc(taken, func(t string) bool { return plain.plainly(primary(t)) }) {
		return false
	}
	if unless() {
		return false
	}
	// Every line is a whole detection: where so many have voted for a language that is taken, or so few are left that nobody can win, the others
	// change nothing.
	settled := func(v *votes, left int) bool {
		return v.voters+left < minVoters || v.of(own)*100 > (v.total+float64(left))*(100-majority)
	}
	v := ballot(who, settled)
	other := v.best(func(lang string) bool { return !own(lang) })
	if settled(&v, 0) || !v.wins(other) {
		return false
	}
	small := smallWordsOf(lines)
	return !slices.ContainsFunc(taken, func(t string) bool { return small.speaks(primary(t), other) })
}

// smallWords are the words of a text, of which small ones tell its language: the detector goes by letters, takes long, and takes lists of
// nouns and terms of a trade for any language; "the", "of" and "was" are in no other. Languages without a list of such words have none here.
type smallWords []string

func smallWordsOf(lines []string) smallWords {
	return strings.FieldsFunc(strings.ToLower(strings.Join(lines, " ")), func(r rune) bool { return !unicode.IsLetter(r) })
}

func (s smallWords) of(lang string) (n int, known bool) {
	list := prose.StopWords(lang)
	for _, w := range s {
		if list[w] {
			n++
		}
	}
	return n, list != nil
}

// plainShare is the share of words, in per cent, that are a language's small ones only in a text of that language: running text has 40 to 60
// in most of them, and at most 30 of any other that is not alike.
const plainShare = 35

// plainly says that a text is in a language beyond doubt.
func (s smallWords) plainly(lang string) bool {
	n, _ := s.of(lang)
	return len(s) >= minVoters && n*100 >= len(s)*plainShare
}

// speaks says that a text uses as many of one language's small words as of the other's.
func (s smallWords) speaks(one, other string) bool {
	ours, known := s.of(one)
	theirs, knownToo := s.of(other)
	return known && knownToo && ours > 0 && ours >= theirs
}

// sharesWords says that most words of an answer, small ones included, stand in its source. A detector may be wrong about a list of
// names; such an answer cannot be in another language than its source.
func sharesWords(source, answer string) bool {
	known := map[string]bool{}
	for _, w := range prose.Fold(source) {
		known[w] = true
	}
	words := prose.Fold(answer)
	n := 0
	for _, w := range words {
		if known[w] {
			n++
		}
	}
	return n*2 >= len(words)
}

// votes are what the lines of a text say about its language.
type votes struct {
	votes  map[string]float64
	words  map[string]int
	total  float64
	voters int // words
}

// voters are the lines of a text that are long enough to be asked, without what belongs to no language.
type voters struct {
	lines []string
	sizes []int // in words
	words int   // of all
}

func votersOf(lines []string) (v voters) {
	for _, l := range lines {
		l = plainWords(l)
		if n := prose.CountWords(l); n >= 5 {
			v.lines, v.sizes, v.words = append(v.lines, l), append(v.sizes, n), v.words+n
		}
	}
	return v
}

// ballot asks one after the other, until it is settled whatever the rest says; left are the most votes that are still to come.
func ballot(who voters, settled func(v *votes, left int) bool) votes {
	v := votes{votes: map[string]float64{}, words: map[string]int{}}
	left := who.words
	for i, l := range who.lines {
		if settled != nil && settled(&v, left) {
			break
		}
		n := who.sizes[i]
		left -= n
		info := whatlanggo.Detect(l)
		lang := primary(info.Lang.Iso6391())
		if lang == "" {
			continue
		}
		v.votes[lang] += float64(n) * info.Confidence
		v.words[lang] += n
		v.total += float64(n) * info.Confidence
		v.voters += n
	}
	return v
}

// of are the votes for some languages.
func (v *votes) of(which func(lang string) bool) float64 {
	n := 0.0
	for lang, votes := range v.votes {
		if which(lang) {
			n += votes
		}
	}
	return n
}

// best is the language with the most votes among those that count, "" where there is none.
func (v votes) best(counts func(lang string) bool) string {
	best := ""
	for lang, n := range v.votes {
		if counts(lang) && (best == "" || n > v.votes[best] || n == v.votes[best] && lang < best) {
			best = lang
		}
	}
	return best
}

// wins says that lang is beyond doubt.
func (v votes) wins(lang string) bool {
	return lang != "" && v.voters >= minVoters && v.votes[lang]*100 >= v.total*majority && v.votes[lang] >= sureness*float64(v.words[lang])
}

func primary(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if base == "no" || base == "nn" {
		return "nb"
	}
	return base
}

func sameGroup(a, b string) bool {
	for _, g := range alike {
		in := 0
		for _, l := range g {
			if l == a || l == b {
				in++
			}
		}
		if in == 2 {
			return true
		}
	}
	return false
}

var quotation = pattern.Lazily(`"[^"]{1,300}"|“[^”]{1,300}”|„[^“”]{1,300}[“”]|«[^»]{1,300}»|「[^」]{1,200}」`)

// plainWords is l without what belongs to no language: page references, quotations, and names amid a sentence.
func plainWords(l string) string {
	l = quotation.ReplaceAllString(pageRef.ReplaceAllString(l, ""), "")
	words := strings.Fields(l)
	kept, manyLarge := words[:0], mostlyLarge(words)
	for i, w := range words {
		first := []rune(w)[0]
		if i > 0 && unicode.IsUpper(first) && !unicode.In(first, unicode.Han) && !manyLarge {
			continue
		}
		kept = append(kept, w)
	}
	return strings.Join(kept, " ")
}

// mostlyLarge says that so many words begin with a capital that they are no names: nouns in German, a heading elsewhere.
func mostlyLarge(words []string) bool {
	n := 0
	for _, w := range words {
		if unicode.IsUpper([]rune(w)[0]) {
			n++
		}
	}
	return n*4 > len(words)
}
