package extractive

import (
	"math"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

const (
	// unreadable is the share of words below which a text is not worth quoting, unsure the confidence of recognition.
	unreadable = 0.6
	unsure     = 0.5
	// briefText is the number of words up to which a text is its own summary.
	briefText = 40
)

// tooPoor is the one sentence of a summary that cannot be had, nil where the text is good enough.
func (s *scored) tooPoor(pages []prose.Page) []markdown.Block {
	sum, n := 0.0, 0
	for _, p := range pages {
		if p.Confidence > 0 {
			sum, n = sum+p.Confidence, n+1
		}
	}
	if n > 0 && n*2 > len(pages) && sum/float64(n) < unsure {
		return []markdown.Block{paragraph(prose.Fill(s.lang, "unsure", percent(sum/float64(n))))}
	}
	if share, tokens := s.readability(); tokens >= 12 && share < unreadable {
		return []markdown.Block{paragraph(prose.Fill(s.lang, "unreadable", percent(share)))}
	}
	return nil
}

func percent(share float64) string { return strconv.Itoa(int(math.Round(share * 100))) }

// asItIs is the summary of a text without one quotable sentence: a few readable words as they are, else the truth about it.
func (s *scored) asItIs(pages []prose.Page) []markdown.Block {
	if b := s.formBlocks(); b != nil {
		return b
	}
	if len(s.tables) > 0 {
		return s.sheetBlocks()
	}
	if prose.CountPages(pages) <= briefText {
		var words []string
		for _, l := range s.opening {
			words = append(words, strings.TrimLeft(l, "# "))
		}
		if t := prose.OneLine(prose.Clean(strings.Join(words, " "))); t != "" {
			return []markdown.Block{paragraph(prose.Clip(t, 400))}
		}
	}
	return []markdown.Block{paragraph(prose.Label(s.lang, "nothing"))}
}
