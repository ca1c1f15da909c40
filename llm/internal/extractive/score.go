package extractive

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// scored is a reading with the numbers that selection works on.
type scored struct {
	*reading
	lang       string
	genre      genre
	index      *termIndex
	seen       map[string]int // words of a scanned document, in small letters
	sf         []float64      // sentences that hold the term
	weight     []float64      // of a term
	title      map[int32]bool
	dangling   []bool     // of a sentence that is not understood without the one before
	score      []float64  // of a sentence, 0 for one that is not to be quoted
	cosine     []float64  // of a sentence with the document's centroid
	definition int        // the sentence that says what the title names, -1 without one
	figures    *statement // what a filing's table of income says
}

func scoreReading(r *reading, lang, title string) *scored {
	s := &scored{reading: r, lang: lang, index: newTermIndex(lang, r.dialogue)}
	for i := range r.sentences {
		t := &r.sentences[i]
		t.terms, t.words = s.index.terms(t.text)
	}
	if title == "" {
		title = r.title
	}
	s.title = map[int32]bool{}
	ids, _ := s.index.terms(title)
	for _, id := range ids {
		s.title[id] = true
	}
	s.countWords()
	s.figures = r.incomeStatement()
	s.genre = s.detectGenre()
	s.weighTerms()
	s.centroid()
	s.definition = s.findDefinition()
	s.score, s.dangling = make([]float64, len(r.sentences)), make([]bool, len(r.sentences))
	for i, ok := range s.quotable() {
		if ok {
			s.score[i] = s.rate(i)
		}
	}
	return s
}

// countWords counts the words of a scanned document: what is there twice is a word.
func (s *scored) countWords() {
	for i := range s.sentences {
		if s.sentences[i].confidence == 0 {
			continue
		}
		if s.seen == nil {
			s.seen = map[string]int{}
		}
		for w := range strings.FieldsSeq(strings.ToLower(s.sentences[i].text)) {
			s.seen[strings.Trim(w, ".,;:!?()")]++
		}
	}
}

func uniqueTerms(ids []int32) map[int32]bool {
	m := make(map[int32]bool, len(ids))
	for _, id := range ids {
		m[id] = true
	}
	return m
}

// weighTerms gives each term the weight tf·isf of the document, squashed: a term in one sentence
// says nothing about the whole, a term in every sentence nothing about this one.
func (s *scored) weighTerms() {
	n := len(s.index.name)
	s.sf, s.weight = make([]float64, n), make([]float64, n)
	for i := range s.sentences {
		if s.sections[s.sentences[i].section].kind == prose.SectionSkip {
			continue
		}
		for id := range uniqueTerms(s.sentences[i].terms) {
			s.sf[id]++
		}
	}
	total := float64(len(s.sentences) + 1)
	for id, f := range s.sf {
		if f < 2 {
			continue
		}
		s.weight[id] = math.Log(1+f) * math.Log(1+total/f)
		if s.genre == genreOpinions {
			s.weight[id] = f / total
		}
	}
}

func (s *scored) centroid() {
	norm := 0.0
	c := make([]float64, len(s.weight))
	for id, w := range s.weight {
		c[id] = w * s.sf[id]
		norm += c[id] * c[id]
	}
	norm = math.Sqrt(norm)
	s.cosine = make([]float64, len(s.sentences))
	if norm == 0 {
		return
	}
	top := 0.0
	for i := range s.sentences {
		dot, own := 0.0, 0.0
		for id := range sortedUnique(s.sentences[i].terms) {
			w := s.weight[id] + 0.3
			dot += w * c[id]
			own += w * w
		}
		if own > 0 {
			s.cosine[i] = dot / math.Sqrt(own) / norm
		}
		top = max(top, s.cosine[i])
	}
	for i := range s.cosine {
		s.cosine[i] /= max(top, 1e-9)
	}
}

// Rates of what makes a sentence worth quoting, beside its closeness to the whole document, which has 1. Tuned on one half of the benchmark's texts.
const (
	ratePosition = 1.3
	rateCue      = 0.6
	rateTitle    = 0.6
)

// defining begins a sentence that says what something is.
var defining = pattern.Lazily(`^(\p{Lu}[\p{L}\p{N}'’.-]*)( [^.;:]{1,60}?)? (is|are|was|were|ist|war|sind|est|sont|es|son|è|sono|é|são|is een) (an?|the|one of|ein|eine|der|die|das|une?|las?|les?|una|el|los|uno|il|um|uma|o) `)

// findDefinition is the first sentence that says what the document's title names, -1 where there is none.
func (s *scored) findDefinition() int {
	for i := range s.sentences {
		t := &s.sentences[i]
		if len(t.terms) == 0 || !s.title[t.terms[0]] || t.words > 60 {
			continue
		}
		first, _, _ := strings.Cut(t.text, " ")
		if ids, _ := s.index.terms(first); len(ids) == 0 || ids[0] != t.terms[0] {
			continue // "The pump house is …" under the title "Pumps"
		}
		if defining.MatchString(t.text) && !isFragment(t.text) {
			return i
		}
	}
	return -1
}

// rate is the score of a sentence that may be quoted.
func (s *scored) rate(i int) float64 {
	t := &s.sentences[i]
	switch s.genre {
	case genreDialogue:
		return s.rateTurn(i)
	case genreOpinions:
		return s.rateOpinion(i)
	}
	s.dangling[i] = isDangling(t.text)
	v := s.cosine[i] + ratePosition*s.position(t, &s.sections[t.section]) + rateCue*cue(t.text) + rateTitle*s.titleShare(t)
	if i == s.definition {
		v++
	}
	if s.genre == genreFiling {
		v += s.filingCue(t)
	}
	if s.isForeign(t) {
		v *= 0.3
	}
	return v * lengthFactor(t.words) * (1 - formulaShare(t.text)) * s.cleanness(t)
}

// position prefers an abstract, then the opening, the introduction and the conclusion, and the
// first sentences of paragraphs.
func (s *scored) position(t *sentence, sec *section) float64 {
	v := 0.0
	switch sec.kind {
	case prose.SectionAbstract:
		v = 3 / (1 + 0.03*float64(t.inSec)) // the writer's own summary, in its order
	case prose.SectionConclusion:
		v = 0.55 / (1 + 0.06*float64(t.inSec))
	case prose.SectionIntro:
		v = 0.5 / (1 + 0.03*float64(t.inSec))
	}
	v = max(v, 1.1/(1+0.06*float64(t.index)))
	if t.inPara == 0 {
		v += 0.08
	}
	return v
}

func (s *scored) titleShare(t *sentence) float64 {
	if len(s.title) == 0 {
		return 0
	}
	hit := 0
	for id := range uniqueTerms(t.terms) {
		if s.title[id] {
			hit++
		}
	}
	return float64(hit) / float64(len(s.title))
}

func lengthFactor(words int) float64 {
	switch {
	case words < 6:
		return 0.3
	case words < 10:
		return 0.8
	case words > 60:
		return 0.5
	case words > 45:
		return 0.8
	}
	return 1
}

// isForeign says whether a sentence is of another language than the document, as manuals that are half translated have them.
func (s *scored) isForeign(t *sentence) bool {
	if s.lang == "" || s.lang == "en" {
		return false
	}
	if s.lang == "zh" || s.lang == "ja" || s.lang == "ko" || s.lang == "th" {
		latin := 0
		for _, r := range t.text {
			if r < 0x250 {
				latin++
			}
		}
		return latin*4 > utf8.RuneCountInString(t.text)*3
	}
	own, english := prose.StopWords(s.lang), prose.StopWords("en")
	if own == nil {
		return false
	}
	a, b := 0, 0
	for w := range strings.FieldsSeq(strings.ToLower(t.text)) {
		if own[w] {
			a++
		} else if english[w] {
			b++
		}
	}
	return b > a+1
}

// formulaShare is how much of a sentence is single letters and signs, as between formulas.
func formulaShare(text string) float64 {
	single, all := 0, 0
	for w := range strings.FieldsSeq(text) {
		all++
		w = strings.Trim(w, ".,;:()[]{}")
		if r, n := utf8.DecodeRuneInString(w); n == len(w) && !strings.ContainsRune("aAIiyYéàoOuwszkvеваиоуя&–-—", r) && !prose.IsCJK(r) {
			single++
		}
	}
	if all == 0 || single*10 < all {
		return 0
	}
	return min(0.9, 2*float64(single)/float64(all))
}
