package main

import (
	"strings"
	"unicode"
)

// shingle is how many words in a row are compared, as in the public benchmark.
const shingle = 4

// score is the mean of the pages' precisions and recalls, and F1 of the means, as the public benchmark defines them.
func score(name string, truth, texts map[string]body) row {
	r := row{name: name}
	said, meant := 0, 0
	for id, want := range truth {
		right, extra, missing := compare(shingles(want.Text), shingles(texts[id].Text))
		if right+extra > 0 {
			r.precision += right / (right + extra)
			said++
		}
		if right+missing > 0 {
			r.recall += right / (right + missing)
			meant++
		}
	}
	r.precision /= float64(max(1, said))
	r.recall /= float64(max(1, meant))
	if r.precision+r.recall > 0 {
		r.f1 = 2 * r.precision * r.recall / (r.precision + r.recall)
	}
	return r
}

func shingles(text string) map[string]int {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_'
	})
	out := map[string]int{}
	for i := range max(1, len(words)-shingle+1) {
		if s := strings.Join(words[i:min(len(words), i+shingle)], " "); s != "" {
			out[s]++
		}
	}
	return out
}

func compare(want, got map[string]int) (right, extra, missing float64) {
	for s, n := range want {
		right += float64(min(n, got[s]))
		missing += float64(max(0, n-got[s]))
	}
	for s, n := range got {
		extra += float64(max(0, n-want[s]))
	}
	return right, extra, missing
}
