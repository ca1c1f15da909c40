package gate

import (
	"slices"
	"strings"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Asked is the question that an answer belongs to.
type Asked struct {
	Languages []string // BCP 47 that the answer may be in; none: any
	// Voted is the document's language told in another way, which takes long: it is asked only about an answer that would be refused.
	// "": it cannot tell, and nothing is refused. Nil: there is no other way.
	Voted        func() string
	Own          bool   // they are guessed from the document: an answer in its words is in its language
	Source       string // the text that the answer is about
	Instructions string // everything that the model was told to do, without the document
	Document     string // what it was to work on
	Fences       []string
}

// Answer is what came back: its text without thoughts, and the same as a reader would see it.
type Answer struct {
	Visible string   // as it came, without thoughts
	Prose   string   // without marks, without its title
	Lines   []string // paragraphs and items of Prose
	Items   int      // how many of them are list items
}

// Check finds the first reason to refuse a.
func Check(q Asked, a Answer) Reason {
	words := prose.CountWords(a.Prose)
	switch {
	case strings.TrimSpace(a.Visible) == "" || words == 0:
		return Empty
	case leaks(q, a.Visible):
		return Leak
	}
	if r := aside(a, words); r != "" {
		return r
	}
	switch {
	case loops(a):
		return Loop
	case copies(q.Document, a.Prose):
		return Echo
	case otherLanguage(q, a):
		return Language
	}
	return ""
}

// otherLanguage says that a is in none of the languages that it may be in, both ways to tell the document's asked.
func otherLanguage(q Asked, a Answer) bool {
	inItsWords := sync.OnceValue(func() bool { return q.Own && sharesWords(q.Source, a.Prose) })
	if len(q.Languages) == 0 || !foreign(q.Languages, a.Lines, inItsWords) {
		return false
	}
	if q.Voted == nil {
		return true
	}
	voted := q.Voted()
	return voted != "" && foreign(append(slices.Clone(q.Languages), voted), a.Lines, inItsWords)
}
