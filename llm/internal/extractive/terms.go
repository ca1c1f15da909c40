package extractive

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// spokenWords carry a conversation without saying what it is about. Lists of stop words are made for written text.
//
//go:embed spoken-en.txt
var spokenFile string

var spokenWords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for w := range prose.SetOf(spokenFile) {
		all[w] = true
		all[strings.ReplaceAll(w, "'", "")] = true
	}
	return all
})

// maxWords bounds the words, and the terms, that are told apart in one document: more than any text for people has, even of 4 MB in a language
// of many forms. Lists of keys, digests or noise have a new one at each place, and each takes some hundred bytes.
const maxWords = 1 << 17

// termIndex numbers the content terms of one document.
type termIndex struct {
	ids   map[string]int32
	name  []string
	stems map[string]string // of the words seen so far; "" for a word that is no term
	uses  map[string]int    // of these words
	lang  string
	talk  bool // a conversation
}

func newTermIndex(lang string, talk bool) *termIndex {
	if lang == "" {
		lang = "en"
	}
	return &termIndex{ids: map[string]int32{}, stems: map[string]string{}, uses: map[string]int{}, lang: lang, talk: talk && lang == "en"}
}

// number appends the number of the term t to ids, unless it is one too many.
func (x *termIndex) number(ids []int32, t string) []int32 {
	n, ok := x.ids[t]
	if !ok {
		if len(x.name) >= maxWords {
			return ids
		}
		n = int32(len(x.name))
		t = strings.Clone(t)
		x.ids[t] = n
		x.name = append(x.name, t)
	}
	return append(ids, n)
}

// terms returns the content terms of s in order: stemmed words without stop words; pairs of
// characters for scripts without spaces. words is the number of words, stop words included.
func (x *termIndex) terms(s string) (ids []int32, words int) {
	words = prose.Terms(s, func(w string) {
		if t := x.stem(w); t != "" {
			ids = x.number(ids, t)
		}
	}, func(pair string) { ids = x.number(ids, pair) })
	return ids, words
}

// stem is the term of a word in small letters, "" for stop words, single letters, numbers, and words that are too many.
func (x *termIndex) stem(w string) string {
	if w[0] >= '0' && w[0] <= '9' { // tables have more of them than a language has words
		return ""
	}
	t, ok := x.stems[w]
	if !ok && len(x.stems) >= maxWords {
		return ""
	}
	x.uses[w]++
	if ok {
		return t
	}
	if !x.talk || !spokenWords()[w] {
		t = prose.Term(x.lang, w)
	}
	x.stems[w] = t
	return t
}
