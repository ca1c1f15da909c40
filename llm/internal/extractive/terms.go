package extractive

import (
	"embed"
	"strings"
	"sync"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

//go:embed stopwords/*.txt
var stopwordFiles embed.FS

var stopwords = sync.OnceValue(func() map[string]map[string]bool {
	m := map[string]map[string]bool{}
	entries, err := stopwordFiles.ReadDir("stopwords")
	if err != nil {
		panic(err) // embedded at build time
	}
	for _, e := range entries {
		b, err := stopwordFiles.ReadFile("stopwords/" + e.Name())
		if err != nil {
			panic(err)
		}
		m[strings.TrimSuffix(e.Name(), ".txt")] = prose.SetOf(string(b))
	}
	return m
})

// termIndex numbers the content terms of one document.
type termIndex struct {
	ids  map[string]int32
	name []string
	stop map[string]bool
	lang string
}

func newTermIndex(lang string) *termIndex {
	stop := stopwords()[lang]
	if stop == nil && lang == "" {
		stop = stopwords()["en"]
	}
	return &termIndex{ids: map[string]int32{}, stop: stop, lang: lang}
}

// spoken adds the words that carry a conversation without saying what it is about.
func (x *termIndex) spoken() {
	if x.lang != "" && x.lang != "en" {
		return
	}
	all := map[string]bool{}
	for w := range x.stop {
		all[w] = true
	}
	for w := range stopwords()["spoken-en"] {
		all[w] = true
		all[strings.ReplaceAll(w, "'", "")] = true
	}
	x.stop = all
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
	var buf []rune
	flush := func() {
		if len(buf) == 0 {
			return
		}
		words++
		w := string(buf)
		buf = buf[:0]
		if t := x.stem(w); t != "" {
			ids = append(ids, x.id(t))
		}
	}
	var prev rune
	dense := 0
	for _, r := range s {
		if prose.IsCJK(r) || prose.IsUnspaced(r) {
			flush()
			dense++
			if prev != 0 {
				ids = append(ids, x.id(string([]rune{prev, r})))
			}
			prev = r
			continue
		}
		prev = 0
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			buf = append(buf, unicode.ToLower(r))
			continue
		}
		if (r == '\'' || r == '’') && len(buf) > 0 {
			continue
		}
		flush()
	}
	flush()
	return ids, words + (dense+1)/2
}

// stem drops stop words, single letters and numbers, and folds the commonest English endings.
func (x *termIndex) stem(w string) string {
	if x.stop[w] || len(w) < 2 {
		return ""
	}
	if w[0] >= '0' && w[0] <= '9' {
		return ""
	}
	if x.lang != "" && x.lang != "en" {
		return prefixStem(w)
	}
	switch n := len(w); {
	case n > 6 && strings.HasSuffix(w, "ing"):
		w = w[:n-3]
	case n > 5 && strings.HasSuffix(w, "ies"):
		w = w[:n-3] + "y"
	case n > 5 && strings.HasSuffix(w, "ed"):
		w = w[:n-2]
	case n > 4 && strings.HasSuffix(w, "es"):
		w = w[:n-2]
	case n > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		w = w[:n-1]
	}
	if n := len(w); n > 4 && w[n-1] == 'e' {
		w = w[:n-1]
	}
	return w
}

// prefixStem keeps the first letters of a long word: a plain stemmer for inflected languages.
func prefixStem(w string) string {
	n := 0
	for i := range w {
		if n == 8 {
			return w[:i]
		}
		n++
	}
	return w
}
