package grounding

import (
	"sort"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// words are those of a document in their order. Each different one is kept once and has a number, so that a word of the text takes eight
// bytes, and what is asked of words is asked of the different ones: a long document has a thousand times as many.
type words struct {
	ids        []int32 // of the whole document, in order
	vocabulary []string
	number     map[string]int32
	first      []int32            // of each different word the first of its places
	where      []int32            // places of all words, one after the other
	stems      map[string][]int32 // different words by their stem
	letters    map[int32]float64  // values of the different words that are numbers
	runs       []pageRun
}

// span is a run of words of the document.
type span struct{ from, to int }

// pageRun are the words of a page.
type pageRun struct {
	span
	page int
}

func wordsOf(pages []prose.Page) *words {
	w := &words{number: map[string]int32{}, stems: map[string][]int32{}, letters: map[int32]float64{}}
	for _, p := range pages {
		from := len(w.ids)
		for _, word := range prose.Fold(p.Text) {
			w.ids = append(w.ids, w.intern(word))
		}
		switch last := len(w.runs) - 1; {
		case from == len(w.ids):
		case last >= 0 && w.runs[last].page == p.Number:
			w.runs[last].to = len(w.ids)
		default:
			w.runs = append(w.runs, pageRun{span{from, len(w.ids)}, p.Number})
		}
	}
	w.place()
	return w
}

// intern is the number of a word. It keeps words by themselves: those of a page would keep its text in small letters alive.
func (w *words) intern(word string) int32 {
	id, ok := w.number[word]
	if !ok {
		word, id = strings.Clone(word), int32(len(w.vocabulary))
		w.number[word], w.vocabulary = id, append(w.vocabulary, word)
		st := stem(word)
		w.stems[st] = append(w.stems[st], id)
		if v, ok := smallNumbers[word]; ok {
			w.letters[id] = v
		}
	}
	return id
}

// place notes where each word stands.
func (w *words) place() {
	w.first = make([]int32, len(w.vocabulary)+1)
	for _, id := range w.ids {
		w.first[id+1]++
	}
	for i := range w.vocabulary {
		w.first[i+1] += w.first[i]
	}
	w.where = make([]int32, len(w.ids))
	next := append([]int32(nil), w.first...)
	for at, id := range w.ids {
		w.where[next[id]] = int32(at)
		next[id]++
	}
}

// places are where a word stands, in order.
func (w *words) places(word string) []int32 {
	id, ok := w.number[word]
	if !ok {
		return nil
	}
	return w.placesOf(id)
}

func (w *words) placesOf(id int32) []int32 { return w.where[w.first[id]:w.first[id+1]] }

// pageAt is the page of the word at a place.
func (w *words) pageAt(at int) int {
	return w.runs[sort.Search(len(w.runs), func(i int) bool { return w.runs[i].to > at })].page
}

// joinedWords are the words of a run without spaces.
func (w *words) joinedWords(s span) string {
	var b strings.Builder
	for _, id := range w.ids[s.from:s.to] {
		b.WriteString(w.vocabulary[id])
	}
	return b.String()
}

// stem is a word without most of its endings, by length alone: good enough to ask whether two texts speak of the same things.
func stem(w string) string {
	r := []rune(w)
	switch n := len(r); {
	case n <= 4:
		return w
	case n <= 6:
		return string(r[:4])
	default:
		return string(r[:min(6, n-2)])
	}
}
