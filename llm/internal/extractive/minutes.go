package extractive

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

var (
	// resolved is how minutes write down a decision, and how people in a meeting make one.
	resolved = pattern.Lazily(`(?i)\b((was|were|be|been|it was|has|have|is|are) (\w+ )?(resolved|decided|agreed|approved|adopted|carried|rejected|elected|appointed|accepted)|(board|committee|council|group|members|meeting|we|they) (\w+ )?(resolved|decided|agreed|approved|adopted|voted|accepted|rejected)|resolved that|motion (was )?(carried|passed|approved|adopted)|decision\s?:|(beschließt|beschlossen|genehmigt|einstimmig|beschluss\s?:)|(a décidé|est adoptée?|ont décidé|approuvée?|décision\s?:)|(se (acuerda|aprueba|acordó|aprobó|decidió)|acuerd(o|an)\b|por unanimidad)|(delibera|approva(to|no)?|si decide|decidono)|besloten|goedgekeurd|(решили|постановили|принято решение))`)
	// owed is what somebody is to do.
	owed = pattern.Lazily(`(?i)\b(action( item| point)?s?\s?:|to[- ]do\s?:|(will|shall|is to|are to|agreed to|has to|undertook to) (\w+ )?(send|prepare|write|draft|contact|provide|report|circulate|update|review|check|organi[sz]e|arrange|submit|present|look into|investigate|follow up|schedule|ask|call|finish)\b|(i|we)('ll| will| am going to| are going to|'m gonna|'re gonna) (\w+ )?(send|prepare|write|draft|contact|look into|check with|ask|report|circulate|finish|talk to|e-?mail)\b|by (monday|tuesday|wednesday|thursday|friday|next (week|month|meeting)|the end of)|aufgabe\s?:|(übernimmt|bereitet|erstellt|kümmert sich|klärt|bis zum \d)|(se charge|prépare(ra)?|enverra|contactera|d'ici le)|(se encarga(rá)?|enviará|preparará|queda encargad[oa])|(si occupa|invierà|preparerà)|поручить|(zal|zorgt) )`)
)

// formal is how much of a meeting's summary is told in each part.
const (
	maxDecisions = 4
	maxActions   = 4
)

// minutesBlocks tell who was there, what was decided and who is to do what.
func (s *scored) minutesBlocks(cite bool) []markdown.Block {
	var out []markdown.Block
	if who := s.attendance(); who != "" {
		out = append(out, paragraph(prose.Label(s.lang, "present")+": "+who+"."))
	}
	p := newPicker(s)
	decisions := s.matching(p, resolved, maxDecisions)
	actions := s.matching(p, owed, maxActions)
	var rest []int
	for len(rest) < max(1, 4-len(decisions)-len(actions)) && p.best(s.candidates(), 50) {
		rest = append(rest, p.chosen[len(p.chosen)-1])
	}
	if len(rest) > 0 {
		out = append(out, s.quoted(rest, cite))
	}
	out = append(out, s.listed("decisions", decisions, cite)...)
	return append(out, s.listed("actions", actions, cite)...)
}

// matching takes the best sentences with a pattern. A question decides nothing, and commits nobody.
func (s *scored) matching(p *picker, with pattern.Pattern, most int) []int {
	var found []int
	for _, i := range s.candidates() {
		if t := s.sentences[i].text; with.MatchString(t) && !strings.HasSuffix(strings.TrimSpace(t), "?") {
			found = append(found, i)
		}
	}
	var out []int
	for len(out) < most && p.best(found, 60) {
		out = append(out, p.chosen[len(p.chosen)-1])
	}
	slices.Sort(out)
	return out
}

// attendance is the line that says who was there, or the lines below a heading that says so.
func (s *scored) attendance() string {
	for i, l := range s.opening {
		m := present.FindString(l)
		if m == "" {
			continue
		}
		who := strings.Trim(l[len(m):], " :*.")
		for j := i + 1; who == "" && j < len(s.opening); j++ {
			who = strings.Trim(s.opening[j], " :*.-•")
		}
		return prose.Clip(prose.OneLine(who), 300)
	}
	return ""
}
