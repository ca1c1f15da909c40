package main

import "strings"

// rouge is the F1 of shared words (one) and pairs of words (two) between a summary and one reference, as Lin (2004) defines
// them: lower case, letters and digits of ASCII, no stemming, no stop words.
type rouge struct{ one, two float64 }

// scoreROUGE is the best of several references, by the sum of both.
func scoreROUGE(refs []string, summary string) rouge {
	var best rouge
	own := rougeWords(summary)
	for _, ref := range refs {
		r := rougeWords(ref)
		if got := (rouge{overlap(r, own, 1), overlap(r, own, 2)}); got.one+got.two > best.one+best.two {
			best = got
		}
	}
	return best
}

func rougeWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// overlap is the F1 of the runs of n words that both have.
func overlap(ref, own []string, n int) float64 {
	a, b := grams(ref, n), grams(own, n)
	shared := 0
	for g, k := range a {
		shared += min(k, b[g])
	}
	if shared == 0 {
		return 0
	}
	p, r := float64(shared)/float64(len(own)-n+1), float64(shared)/float64(len(ref)-n+1)
	return 2 * p * r / (p + r)
}

func grams(words []string, n int) map[string]int {
	m := map[string]int{}
	for i := 0; i+n <= len(words); i++ {
		m[strings.Join(words[i:i+n], " ")]++
	}
	return m
}
