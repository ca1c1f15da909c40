package extractive

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

var (
	fillers  = pattern.Lazily(`(?i)\b(uh|um|uhm|mm|hmm|mm-hmm|er|erm|eh|ah|äh|ähm|euh|yeah|okay|ok|well|you know|i mean|sort of|kind of|alright|all right)\b\s*,?\s*`)
	opening  = pattern.Lazily(`(?i)^((so|and|but|or|oh|now|then|right|anyway|actually|basically|also|because|cause|'cause|like|just|hey|sure|yes|no)\b\s*,?\s*)+`)
	decision = pattern.Lazily(`(?i)\b(we (should|need|have to|decided|agreed|want|will|could|can)|let's|let 's|decid(e|ed|ing)|agree[d]?|proposal|propos(e|ed)|plan|problem|issue|question|important|the idea|result[s]?|recommend(ation)?s?|action item|deadline|next (meeting|week|step)|budget|goal|wir (müssen|sollten|haben)|nous (devons|avons)|tenemos que)\b`)
)

// noteMark points to a list that the summary does not have.
var noteMark = pattern.Lazily(`\s?\[\d{1,3}(\s?[,;–-]\s?\d{1,3}){0,6}\]`)

// vocative is whom a speaker in a parliament or on a board turns to before saying anything.
var vocative = pattern.Lazily(`(?i)^(thank you,?\s+)?(mr|madam|mrs|ms)\.?\s?(chair|chairman|chairwoman|chairperson|speaker|president)\s*[,.]\s*`)

// Bounds of what is told of a conversation.
const (
	maxSpeakers = 8
	maxTopics   = 6
	maxTurns    = 4
)

// dialogueBlocks tell who speaks about what, what is said, what was decided and who is to do what.
func (s *scored) dialogueBlocks(cite bool) []markdown.Block {
	var lead []string
	if who := s.speakers[:min(maxSpeakers, len(s.speakers))]; len(who) > 0 {
		lead = append(lead, prose.Label(s.lang, "speakers")+": "+strings.Join(who, ", ")+".")
	}
	if topics := s.topics(); len(topics) > 0 {
		lead = append(lead, prose.Label(s.lang, "topics")+": "+strings.Join(topics, ", ")+".")
	}
	p := newPicker(s)
	decisions := s.matching(p, resolved, 2)
	actions := s.matching(p, owed, 2)
	cands := s.candidates()
	var said []int
	for len(said) < maxTurns && p.best(cands, 35) {
		said = append(said, p.chosen[len(p.chosen)-1])
	}
	if len(p.chosen) == 0 {
		return nil
	}
	out := []markdown.Block{paragraph(strings.Join(lead, " "))}
	out = append(out, s.listed("points", said, cite)...)
	out = append(out, s.listed("decisions", decisions, cite)...)
	return append(out, s.listed("actions", actions, cite)...)
}

// topics are the words of the commonest terms.
func (s *scored) topics() []string {
	words := map[string]string{} // of a term the commonest
	for w, t := range s.index.stems {
		old, n := words[t], s.index.uses[w]
		if t != "" && (old == "" || n > s.index.uses[old] || n == s.index.uses[old] && w < old) {
			words[t] = w
		}
	}
	names := map[int32]bool{}
	for _, who := range s.speakers {
		terms, _ := s.index.terms(who)
		for _, id := range terms {
			names[id] = true
		}
	}
	ids := make([]int32, 0, len(s.sf))
	for id, name := range s.index.name[:len(s.sf)] {
		if !names[int32(id)] && s.sf[id] >= 3 && utf8.RuneCountInString(name) > 2 && words[name] != "" {
			ids = append(ids, int32(id))
		}
	}
	slices.SortStableFunc(ids, func(a, b int32) int { return cmp.Compare(s.weight[b]*s.sf[b], s.weight[a]*s.sf[a]) })
	var out []string
	for _, id := range ids[:min(maxTopics, len(ids))] {
		out = append(out, words[s.index.name[id]])
	}
	return out
}

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

// tidy is the sentence as it is shown: spaces of tokenised text repaired, and in transcripts
// without the fillers of speech.
func (s *scored) tidy(i int) string {
	t := strings.TrimSpace(s.sentences[i].text)
	switch s.genre {
	case genreDialogue:
		t = collapseRepeats(fillers.ReplaceAllString(vocative.ReplaceAllString(t, ""), ""))
		if short := opening.ReplaceAllString(t, ""); len(short)*3 > len(t)*2 {
			t = short
		}
		t = capitalised(prose.TidySpaces(t))
	case genreOpinions, genreLetter:
		t = capitalised(t)
	default:
		t = strings.TrimRight(noteMark.ReplaceAllString(t, ""), " [(")
	}
	return prose.TidySpaces(t)
}

func capitalised(t string) string {
	r, n := utf8.DecodeRuneInString(t)
	return string(unicode.ToUpper(r)) + t[n:]
}

// collapseRepeats drops immediately repeated words ("the the plan").
func collapseRepeats(t string) string {
	w := strings.Fields(t)
	out := w[:0]
	for _, x := range w {
		if len(out) > 0 && strings.EqualFold(out[len(out)-1], x) {
			continue
		}
		out = append(out, x)
	}
	return strings.Join(out, " ")
}
