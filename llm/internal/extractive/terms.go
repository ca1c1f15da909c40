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

func (x *termIndex) id(t string) int32 {
	if n, ok := x.ids[t]; ok {
		return n
	}
	n := int32(len(x.name))
	t = strings.Clone(t)
	x.ids[t] = n
	x.name = append(x.name, t)
	return n
}

// terms returns the content terms of s in order: stemmed words without stop words; pairs of
// characters for scripts without spaces. words is the number of words, stop words included.
func (x *termIndex) terms(s string) (ids []int32, words int) {
	words = prose.Terms(s, func(w string) {
		if t := x.stem(w); t != "" {
			ids = append(ids, x.id(t))
		}
	}, func(pair string) { ids = append(ids, x.id(pair)) })
	return ids, words
}

// stem is the term of a word in small letters, "" for stop words, single letters and numbers.
func (x *termIndex) stem(w string) string {
	x.uses[w]++
	if t, ok := x.stems[w]; ok {
		return t
	}
	t := ""
	if !x.talk || !spokenWords()[w] {
		t = prose.Term(x.lang, w)
	}
	x.stems[w] = t
	return t
}
