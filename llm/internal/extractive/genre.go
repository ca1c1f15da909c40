package extractive

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// genre is the shape of a document: what is worth quoting, and the form of its summary, differ between them.
type genre int

const (
	genreArticle  genre = iota // prose in sections: papers, reports, manuals
	genreShort                 // a page of prose
	genreDialogue              // "Speaker: text" lines
	genreMinutes               // what somebody wrote down of a meeting
	genreOpinions              // many short independent statements about the same things
	genreLetter                // a letter or a mail
	genreFiling                // a report of a company with its table of income
	genreSheet                 // cells
	genreCode                  // source code, logs
	genreForm                  // labels and values
)

func (s *scored) detectGenre() genre {
	n := len(s.sentences)
	switch {
	case s.dialogue:
		return genreDialogue
	case s.isSheet():
		return genreSheet
	case s.lines >= 5 && s.code*10 >= s.lines*6:
		return genreCode
	case s.figures != nil:
		return genreFiling
	case s.isMinutes():
		return genreMinutes
	case s.isLetter():
		return genreLetter
	case s.isOpinions():
		return genreOpinions
	case len(s.fields) >= 4 && s.wholeSentences() < 4:
		return genreForm
	case n <= 40 && len(s.sections) <= 2:
		return genreShort
	}
	return genreArticle
}

func (s *scored) wholeSentences() int {
	n := 0
	for i := range s.sentences {
		if t := &s.sentences[i]; t.words >= 6 && isWhole(t.text) && !isFragment(t.text) {
			n++
		}
	}
	return n
}

var firstPerson = pattern.Lazily(`(?i)\b(i|my|i'm|i've|me|ich|mein|meine|je|mon|ma|yo|mi|io)\b`)

func (s *scored) isOpinions() bool {
	n, single, personal := len(s.sentences), 0, 0
	if n < 20 || len(s.sections) > 2 || s.lines < n/2 {
		return false
	}
	for i := range s.sentences {
		t := &s.sentences[i]
		if t.paraLen == 1 {
			single++
		}
		if firstPerson.MatchString(t.text) {
			personal++
		}
	}
	top := s.topShare()
	return top > 0.3 && (personal*5 > n || single*2 > n) || top > 0.6 && s.lines*10 >= n*7 && s.ends*10 >= s.lines*6
}

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

var (
	minutesTitle = pattern.Lazily(`(?i)^#*\s*((draft|approved|board|committee|council|meeting|annual) )*(minutes|protokoll|sitzungsprotokoll|niederschrift|procès[- ]verbal|compte[- ]rendu|acta|ata|verbale|notulen)\b`)
	present      = pattern.Lazily(`(?i)^[#*\s]*((members|those|also) )?(present|in attendance|attendees|attending|participants|anwesend(e)?|teilnehmer(innen)?|présents|participants|asistentes|presentes|presenti|partecipanti|aanwezig(en)?|присутствовали)\s*(\([^)]*\))?\s*:?\**(\s|$)`)
)

func (s *scored) isMinutes() bool {
	named, listed := false, false
	for _, l := range s.opening[:min(25, len(s.opening))] {
		named = named || len(l) < 100 && minutesTitle.MatchString(l)
		listed = listed || len(l) < 400 && present.MatchString(l)
	}
	return named && (listed || s.countMatches(resolved) > 1) || listed && s.countMatches(resolved) > 2
}

func (s *scored) countMatches(p pattern.Pattern) int {
	n := 0
	for i := range s.sentences {
		if p.MatchString(s.sentences[i].text) {
			n++
		}
	}
	return n
}

// isSheet says whether nearly all lines of a workbook are cells.
func (s *scored) isSheet() bool {
	words := 0
	for i := range s.sentences {
		words += s.sentences[i].words
	}
	return s.rows >= 3 && (s.workbook || len(s.fields) < 4) && s.rows*10 >= s.lines*6 && words < 60 && s.wholeSentences() < 4
}

// has says whether one of the first n lines matches.
func (r *reading) has(p pattern.Pattern, n int) bool {
	for _, l := range r.opening[:min(n, len(r.opening))] {
		if p.MatchString(strings.TrimLeft(l, "#*> ")) {
			return true
		}
	}
	return false
}
