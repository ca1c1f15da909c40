package extractive

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

var (
	fillers  = prose.Lazily(`(?i)\b(uh|um|uhm|mm|hmm|mm-hmm|er|erm|eh|ah|äh|ähm|euh|yeah|okay|ok|well|you know|i mean|sort of|kind of)\b\s*,?\s*`)
	decision = prose.Lazily(`(?i)\b(we (should|need|have to|decided|agreed|want|will|could|can)|let's|let 's|decid(e|ed|ing)|agree[d]?|proposal|propos(e|ed)|plan|problem|issue|question|important|the idea|result[s]?|recommend(ation)?s?|action item|deadline|next (meeting|week|step)|budget|goal|wir (müssen|sollten|haben)|nous (devons|avons)|tenemos que)\b`)
)

// rateTurn rates a sentence of a transcript: dense in the meeting's topics, long enough to say
// something, with the words by which people decide.
func (s *scored) rateTurn(i int) float64 {
	t := &s.sentences[i]
	if t.words < 8 {
		return 0
	}
	v := s.cosine[i]
	if decision.MatchString(t.text) {
		v += 0.1
	}
	if n := len(uniqueTerms(t.terms)); n < 4 {
		v *= 0.5
	}
	// Where a meeting opens it says what it is for, where it ends what was decided.
	switch at := float64(i) / float64(len(s.sentences)); {
	case at < 0.06:
		v *= 1.25
	case at > 0.96:
		v *= 1.1
	}
	v *= min(1, float64(t.words)/16)
	if strings.HasSuffix(t.text, "?") {
		v *= 0.8
	}
	return v
}

// rateOpinion rates a statement by how many others say the same: the mean frequency of its
// content terms, with a light preference for short ones.
func (s *scored) rateOpinion(i int) float64 {
	t := &s.sentences[i]
	sum, n := 0.0, 0
	for id := range sortedUnique(t.terms) {
		sum += s.weight[id]
		n++
	}
	if n < 2 {
		return 0
	}
	return sum / float64(n+2)
}

// tidy is the sentence as it is shown: spaces of tokenised text repaired, and in transcripts
// without the fillers of speech.
func (s *scored) tidy(i int) string {
	t := strings.TrimSpace(s.sentences[i].text)
	if s.genre == genreDialogue {
		t = fillers.ReplaceAllString(t, "")
		t = collapseRepeats(t)
	}
	return prose.TidySpaces(t)
}

// collapseRepeats drops immediately repeated words ("the the plan").
func collapseRepeats(t string) string {
	w := strings.Fields(t)
	out := w[:0]
	for i, x := range w {
		if i > 0 && len(out) > 0 && strings.EqualFold(out[len(out)-1], x) {
			continue
		}
		out = append(out, x)
	}
	return strings.Join(out, " ")
}
