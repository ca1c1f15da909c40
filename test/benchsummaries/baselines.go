package main

import (
	"math"
	"slices"
	"strings"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// The baselines are the plain methods of the literature, with nothing of the agent's in them: sentences by UAX #29, words in
// lower case, no stop words, no stemming.

// baselineSentences is the number of sentences that every baseline takes, as is usual.
const baselineSentences = 3

// maxBaseline bounds the sentences that are compared with each other: their graph is quadratic.
const maxBaseline = 1500

func splitSentences(text string) []string {
	var out []string
	for it := sentences.FromString(text); it.Next(); {
		if s := strings.Join(strings.Fields(it.Value()), " "); len(rougeWords(s)) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// lead is the first sentences; words > 0 takes as many words instead.
func lead(text string, words int) string {
	if words > 0 {
		f := strings.Fields(text)
		return strings.Join(f[:min(words, len(f))], " ")
	}
	s := splitSentences(text)
	return strings.Join(s[:min(baselineSentences, len(s))], " ")
}

// textRank is Mihalcea and Tarau (2004): sentences joined by their shared words over the logarithms of their lengths, ranked by PageRank.
func textRank(text string) string {
	s := splitSentences(text)
	s = s[:min(maxBaseline, len(s))]
	words := make([]map[string]int, len(s))
	for i := range s {
		words[i] = grams(rougeWords(s[i]), 1)
	}
	return topRanked(s, func(i, j int) float64 {
		shared := 0
		for w := range words[i] {
			if words[j][w] > 0 {
				shared++
			}
		}
		if n := math.Log(float64(len(words[i]))) + math.Log(float64(len(words[j]))); n > 0 {
			return float64(shared) / n
		}
		return 0
	})
}

// lexRank is Erkan and Radev (2004), continuous: cosines of tf·idf vectors of 0.1 and more, ranked by PageRank.
func lexRank(text string) string {
	s := splitSentences(text)
	s = s[:min(maxBaseline, len(s))]
	vectors := tfidf(s)
	return topRanked(s, func(i, j int) float64 {
		dot := 0.0
		for _, w := range vectors[i] {
			if at, ok := slices.BinarySearchFunc(vectors[j], w.word, func(x weighted, word int) int { return x.word - word }); ok {
				dot += w.weight * vectors[j][at].weight
			}
		}
		if dot < 0.1 {
			return 0
		}
		return dot
	})
}

type weighted struct {
	word   int
	weight float64
}

// tfidf are the sentences as vectors of length 1, in order of their words' numbers: sums come out the same in every run.
func tfidf(s []string) [][]weighted {
	numbers, df := map[string]int{}, map[int]int{}
	counts := make([]map[int]int, len(s))
	for i := range s {
		counts[i] = map[int]int{}
		for _, w := range rougeWords(s[i]) {
			if _, ok := numbers[w]; !ok {
				numbers[w] = len(numbers)
			}
			counts[i][numbers[w]]++
		}
		for n := range counts[i] {
			df[n]++
		}
	}
	out := make([][]weighted, len(s))
	for i := range s {
		for n, k := range counts[i] {
			out[i] = append(out[i], weighted{n, float64(k) * math.Log(float64(len(s))/float64(df[n]))})
		}
		slices.SortFunc(out[i], func(a, b weighted) int { return a.word - b.word })
		norm := 0.0
		for _, w := range out[i] {
			norm += w.weight * w.weight
		}
		for k := range out[i] {
			out[i][k].weight /= max(1e-12, math.Sqrt(norm))
		}
	}
	return out
}

// topRanked are the sentences of the highest PageRank, in their order.
func topRanked(s []string, similar func(i, j int) float64) string {
	rank := pageRank(len(s), similar)
	order := make([]int, len(s))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rank[a] > rank[b]:
			return -1
		case rank[a] < rank[b]:
			return 1
		}
		return 0
	})
	order = order[:min(baselineSentences, len(order))]
	slices.Sort(order)
	var out []string
	for _, i := range order {
		out = append(out, s[i])
	}
	return strings.Join(out, " ")
}

func pageRank(n int, similar func(i, j int) float64) []float64 {
	const damping, rounds = 0.85, 30
	edges := make([][]float32, n)
	sums := make([]float64, n)
	for i := range n {
		edges[i] = make([]float32, n)
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			v := similar(i, j)
			edges[i][j], edges[j][i] = float32(v), float32(v)
			sums[i] += v
			sums[j] += v
		}
	}
	rank, next := make([]float64, n), make([]float64, n)
	for i := range rank {
		rank[i] = 1 / float64(n)
	}
	for range rounds {
		for i := range next {
			next[i] = (1 - damping) / float64(n)
		}
		for i := range n {
			if sums[i] == 0 {
				continue
			}
			share := damping * rank[i] / sums[i]
			for j, v := range edges[i] {
				next[j] += share * float64(v)
			}
		}
		rank, next = next, rank
	}
	return rank
}
