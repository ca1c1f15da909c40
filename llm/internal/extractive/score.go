package extractive

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// genre is the shape of a document: what is worth quoting differs between them.
type genre int

const (
	genreArticle  genre = iota // prose in sections: papers, reports, letters
	genreDialogue              // "Speaker: text" lines
	genreOpinions              // many short independent statements about the same things
	genreShort                 // a page of prose
)

// scored is a reading with the numbers that selection works on.
type scored struct {
	*reading
	lang   string
	genre  genre
	index  *termIndex
	sf     []float64 // sentences that hold the term
	weight []float64 // of a term
	title  map[int32]bool
	score  []float64 // of a sentence
	cosine []float64 // of a sentence with the document's centroid
}

func scoreReading(r *reading, lang, title string) *scored {
	x := newTermIndex(lang, r.isDialogue())
	s := &scored{reading: r, lang: lang, index: x}
	for i := range r.sentences {
		t := &r.sentences[i]
		t.terms, t.words = x.terms(t.text)
	}
	if title == "" {
		title = r.title
	}
	s.title = map[int32]bool{}
	ids, _ := x.terms(title)
	for _, id := range ids {
		s.title[id] = true
	}
	s.genre = s.detectGenre()
	s.weighTerms()
	s.centroid()
	s.score = make([]float64, len(r.sentences))
	for i := range r.sentences {
		s.score[i] = s.rate(i)
	}
	return s
}

func (s *scored) detectGenre() genre {
	if s.isDialogue() {
		return genreDialogue
	}
	n := len(s.sentences)
	if n == 0 {
		return genreArticle
	}
	single := 0
	personal := 0
	for i := range s.sentences {
		t := &s.sentences[i]
		if t.paraLen == 1 {
			single++
		}
		if firstPerson.MatchString(t.text) {
			personal++
		}
	}
	if len(s.sections) <= 2 && n >= 20 && s.lines >= n/2 && s.topShare() > 0.3 && (personal*5 > n || single*2 > n) {
		return genreOpinions
	}
	if n <= 40 && len(s.sections) <= 2 {
		return genreShort
	}
	return genreArticle
}

var firstPerson = prose.Lazily(`(?i)\b(i|my|i'm|i've|me|ich|mein|meine|je|mon|ma|yo|mi|io)\b`)

// topShare is the share of sentences that hold the commonest content term: a set of opinions
// about one thing names it again and again.
func (s *scored) topShare() float64 {
	df := map[int32]int{}
	best := 0
	for i := range s.sentences {
		for id := range uniqueTerms(s.sentences[i].terms) {
			df[id]++
			best = max(best, df[id])
		}
	}
	return float64(best) / float64(len(s.sentences))
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

// rate is the score of one sentence, 0 for what is never quoted.
func (s *scored) rate(i int) float64 {
	t := &s.sentences[i]
	sec := &s.sections[t.section]
	if sec.kind == prose.SectionSkip || unquotable(t) {
		return 0
	}
	switch s.genre {
	case genreDialogue:
		return s.rateTurn(i)
	case genreOpinions:
		return s.rateOpinion(i)
	}
	v := 1.0*s.cosine[i] + 0.9*s.position(t, sec) + 0.8*cue(t.text) + 0.35*s.titleShare(t)
	return v * lengthFactor(t.words)
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
	v = max(v, 0.9/(1+0.12*float64(t.index)))
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

var (
	citationOnly = prose.Lazily(`^\s*[\[(]?\d`)
	reference    = prose.Lazily(`(?i)\b(pp?\.|vol\.|doi:|isbn|proceedings of|https?://|www\.)`)
	caption      = prose.Lazily(`^(?i)(figure|fig\.|table|abb(ildung|\.)|tab(elle|\.)|figura|tableau|tabla)\s*\d`)
)

// address is an e-mail address: the sign of a letterhead or of an author's line.
var address = prose.Lazily(`[\w.+-]+@[\w-]+\.\w`)

// mostlyNames says that nearly all words begin with a capital: names, addresses, headings that ran together. German,
// which writes nouns so, stays well below.
func mostlyNames(text string) bool {
	words, capitals := 0, 0
	for w := range strings.FieldsSeq(text) {
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.IsUpper(r):
			words, capitals = words+1, capitals+1
		case unicode.IsLower(r):
			words++
		}
	}
	return words >= 4 && capitals*4 >= words*3
}

// unquotable says whether a sentence is no prose: a table row, a caption, a reference, a fragment.
func unquotable(t *sentence) bool {
	if t.words < 4 || t.words > 120 {
		return true
	}
	digits, letters, odd, total := 0, 0, 0, 0
	for _, r := range t.text {
		total++
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == ' ':
		case r < 0x80 && !prose.IsASCIIWordByte(byte(r)):
			odd++
		case r == '\ufffd':
			odd += 3
		default:
			letters++
		}
	}
	if digits*3 > letters || odd*3 > letters || strings.Contains(t.text, "|") && strings.Count(t.text, "|") > 2 {
		return true
	}
	if address.MatchString(t.text) || mostlyNames(t.text) {
		return true
	}
	return caption.MatchString(t.text) || citationOnly.MatchString(t.text) && t.words < 12 || reference.MatchString(t.text) && digits > 6
}
