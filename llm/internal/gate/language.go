package gate

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"

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

// foreign says whether lines are clearly not in the language asked for.
func foreign(asked string, lines []string) bool {
	asked = primary(asked)
	votes, words := map[string]float64{}, map[string]int{}
	total, voters := 0.0, 0
	for _, l := range lines {
		l = plainWords(l)
		n := prose.CountWords(l)
		if n < 5 {
			continue
		}
		info := whatlanggo.Detect(l)
		lang := primary(info.Lang.Iso6391())
		if lang == "" {
			continue
		}
		votes[lang] += float64(n) * info.Confidence
		words[lang] += n
		total += float64(n) * info.Confidence
		voters += n
	}
	if voters < minVoters {
		return false
	}
	own, best := 0.0, ""
	for lang, n := range votes {
		switch {
		case lang == asked || sameGroup(lang, asked):
			own += n
		case best == "" || n > votes[best]:
			best = lang
		}
	}
	sure := best != "" && votes[best]*100 >= total*majority && own*100 <= total*(100-majority) && votes[best] >= sureness*float64(words[best])
	return sure && !speaks(asked, best, lines)
}

// speaks says that lines use as many of the asked language's small words as of the other's. The detector goes by letters, and takes lists of
// nouns and terms of a trade for any language; "the", "of" and "was" are in no other. Languages without a list of such words have none here.
func speaks(asked, other string, lines []string) bool {
	own, foreign := prose.StopWords(asked), prose.StopWords(other)
	if own == nil || foreign == nil {
		return false
	}
	ours, theirs := 0, 0
	for _, w := range strings.FieldsFunc(strings.ToLower(strings.Join(lines, " ")), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if own[w] {
			ours++
		}
		if foreign[w] {
			theirs++
		}
	}
	return ours > 0 && ours >= theirs
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

var quotation = prose.Lazily(`"[^"]{1,300}"|“[^”]{1,300}”|„[^“”]{1,300}[“”]|«[^»]{1,300}»|「[^」]{1,200}」`)

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
