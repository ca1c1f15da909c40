package extractive

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// flaw is why a sentence is never quoted, "" where it may be.
type flaw string

const (
	flawLength        flaw = "too short or too long"
	flawSymbols       flaw = "cells, figures or code"
	flawCode          flaw = "code or a command"
	flawAddress       flaw = "an address"
	flawNames         flaw = "names or headings that ran together"
	flawCaption       flaw = "a caption"
	flawReference     flaw = "a reference"
	flawIndex         flaw = "a line of an index"
	flawThanks        flaw = "thanks"
	flawCertification flaw = "a certification"
	flawBoilerplate   flaw = "boilerplate"
	flawExhibit       flaw = "an exhibit"
	flawFormerName    flaw = "an empty entry of a form"
	flawFragment      flaw = "a fragment"
	flawDisfluent     flaw = "a turn that starts again"
	flawDebris        flaw = "not recognised well"
)

// rule finds a flaw. Most sentences hold none of its words, and looking for those is a hundred times cheaper than the expression.
type rule struct {
	flaw  flaw
	words []string // one of them is in every sentence with the flaw; nil: look at all
	expr  pattern.Pattern
}

// rules are tried in order on a sentence in small letters.
var rules = []rule{
	{flawAddress, []string{"@"}, pattern.Lazily(`[\w.+-]+@[\w-]+\.\w`)},
	{flawAddress, []string{": "}, written},
	{flawFormerName, []string{"n/a", "n / a", "former name", "not applicable", "none", "keine", "néant", "ninguno", "mark one", "title of", "☐", "☒", "☑"},
		pattern.Lazily(`^n\s?/\s?a\b|\(?former name\b|^(not applicable|none|keine|néant|ninguno)\b.{0,20}$|^\(?(mark one|title of (each )?class)\)?|[☐☒☑]`)},
	{flawExhibit, []string{"exhibit", "herewith"}, pattern.Lazily(`^\(?exhibits? \(?\d|^exhibit (number|no|index)\b|\b(filed|furnished) herewith\b|\bexhibit \d+(\.\d+)?\b`)},
	{flawThanks, []string{"thank", "acknowledge", "grateful", "indebted", "supported", "funded", "sponsored", "financed", "danken", "remercions", "agradec", "ringraziamo", "danke"},
		pattern.Lazily(`\b(we|i|authors?) ((would|should) (also )?like to |also |gratefully |wish to |want to |sincerely |are )*(thank|acknowledge|grateful|indebted)\b|\b(many |special )?thanks (go |are due )?to\b|\b(supported|funded|sponsored|financed)( in part| partially)? (by|under)\b.{0,80}\b(grant|contract|foundation|program(me)?|council|agency|award|fellowship)|\b(wir danken|nous remercions|(agradecemos|agradecimientos) a|ringraziamo|wij danken)\b|\bmöchten? (ich|wir) .{3,200}\bdanken\b`)},
	{flawCertification, []string{"untrue statement", "duly", "certif", "controls and procedures", "internal control", "in witness", "perjury", "my knowledge", "our knowledge", "signed", "executed"},
		pattern.Lazily(`untrue statement of a material fact|\b(thereunto )?duly (authori[sz]ed|caused)|\bhereby certif|^i, .{3,60},? certify that|disclosure controls and procedures|internal control over financial reporting|in witness whereof|penalty of perjury|^based on (my|our) knowledge|\bhave (hereunto )?(signed|executed) th(is|e) (agreement|report)`)},
	{flawBoilerplate, []string{"check mark", "checkmark", "charter", "incorporated", "pursuant", "accompanying", "forward-looking", "safe harbor", "reserved", "©", "copyright", "terms ", "permission", "warranty", "intentionally", " left ", "recipient", "in error", "click here", "unsubscribe", "cookies", "isbn", "commission", "telephone", "i.r.s.", "emerging growth", "licensed", "licenced", "creative commons", "vorbehalten", "réservés", "reservados", "confidentiality", "protected health", "retrieved", "downloaded", "redistribu", "free", "software", "logiciel", "this document", "this manual"},
		pattern.Lazily(`indicate by (a )?check ?mark|as specified in (its|the) charter|incorporated (herein )?by reference|pursuant to (the requirements|(section|rule) \d\w*(\([a-z]\))?( or \d+\([a-z]\))? (of|under) (the securities|this chapter))|\baccompanying (condensed )?(consolidated )?(notes|financial statements)\b|forward-looking statements?|safe harbor|all rights reserved|^©|copyright (©|\(c\)|\d)|terms of (use|service)|permission (is |to )(hereby |make )?(granted|copy)|without (any )?warranty|(page|space) (is )?(intentionally|left) |(intended recipient|received this (e-?mail|message) in error)|click here|unsubscribe|(this|our) (web)?site uses cookies|\bisbn\b|commission file n|registrant.{0,3}s telephone|i\.r\.s\. employer|emerging growth company|(free|licen[cs]ed) under the (terms|gnu|creative)|creative commons|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|^confidentiality notice|protected health information|retrieved on \d|(this|the following) (manual|program|package|document|software) is free|is free software|(freie|libre) software|software libre|logiciel libre|software livre|software libero|redistribu.{0,60}(modif|licen)|downloaded from|this (document|manual) was (last )?(generated|created|printed)|united states securities and exchange`)},
	{flawCaption, []string{"fig", "table", "abb", "tab", "quadro", "chart"}, pattern.Lazily(`^(figure|fig\.|table|abb(ildung|\.)|tab(elle|leau|la|\.)|figura|quadro|chart)\s*\d`)},
	{flawReference, []string{"http"}, pattern.Lazily(`https?://\S{12}`)},
	{flawReference, []string{"cf."}, pattern.Lazily(`^cf\. `)},
	{flawIndex, []string{","}, pattern.Lazily(`(,\s?\d{1,4}([-–]\d{1,4})?[,;.]?\s+\D{2,40}){3,}`)},
}

var (
	written    = pattern.Lazily(`^(to|cc|bcc|from|subject|sent|date|re|von|an|betreff|datum|de|à|objet|para|asunto|fecha)\s?:\s`)
	citation   = pattern.Lazily(`^\s*[\[(]\d`)
	sourced    = pattern.Lazily(`\b(pp?\.\s?\d|vol\.|doi:|isbn|proceedings of|in proc\.|https?://|www\.|arxiv|university press|journal of|eds?\.\)|et al\.,? (19|20)\d\d\.)`)
	listedWork = pattern.Lazily(`^(\[\w{1,12}\]\s+)?\p{Lu}[\p{L}'’.\-]+,? (\p{Lu}[\p{L}'’.\-]*[,.]? ?(and |& )?){1,12}\(?(19|20)\d\d[a-z]?\)?[.:,]`)
)

// manyDigits is the number of digits from which a sentence may be a reference: a year, a volume, pages.
const manyDigits = 5

// isReference says whether text names a work instead of saying something.
func isReference(text, small string, words int) bool {
	n := digits(text)
	return n > 0 && words < 12 && citation.MatchString(text) || n > manyDigits && sourced.MatchString(small) || n >= 4 && listedWork.MatchString(text)
}

// flawOf says why t is not to be quoted. What the document itself is made of counts: where all sentences begin with small letters,
// one that does is no fragment.
func (s *scored) flawOf(t *sentence) flaw {
	text := t.text
	switch {
	case t.words < 4 || t.words > 90:
		return flawLength
	case tooManySymbols(text):
		return flawSymbols
	case isCode(text):
		return flawCode
	case mostlyNames(text):
		return flawNames
	}
	if f := s.brokenOff(t); f != "" {
		return f
	}
	small := strings.ToLower(text)
	for _, r := range rules {
		if containsAny(small, r.words) && r.expr.MatchString(small) {
			return r.flaw
		}
	}
	switch {
	case isReference(text, small, t.words):
		return flawReference
	case s.isDebris(t):
		return flawDebris
	}
	return ""
}

// brokenOff says whether a sentence misses its beginning or end, in the way its genre does.
func (s *scored) brokenOff(t *sentence) flaw {
	text := t.text
	if s.genre == genreLetter && t.inPara == 0 {
		text = capitalised(text) // after the salutation many languages go on with a small letter
	}
	switch {
	case s.genre == genreDialogue:
		if disfluent(text) || prose.StartsLower(text) || speakerOf(text+" x") != "" || strings.HasSuffix(text, ":") {
			return flawDisfluent
		}
	case s.genre == genreOpinions:
		if strings.HasSuffix(text, ":") || strings.HasSuffix(text, ";") {
			return flawFragment
		}
	case !s.lower && isFragment(text):
		return flawFragment
	}
	return ""
}

func containsAny(s string, words []string) bool {
	if words == nil {
		return true
	}
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// tooManySymbols says whether figures and marks outweigh the letters.
func tooManySymbols(text string) bool {
	figures, letters, odd := 0, 0, 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			figures++
		case r == ' ':
		case r < 0x80 && !prose.IsASCIIWordByte(byte(r)):
			odd++
		case r == '\ufffd':
			odd += 3
		default:
			letters++
		}
	}
	return figures*3 > letters || odd*3 > letters || strings.Count(text, "|") > 1
}

func digits(s string) int {
	return len(s) - len(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s))
}

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

var opener = `"'“‘«„‹([¿¡*_ `

// isFragment says whether text is a piece of a sentence: it begins with a small letter, or it ends where something has to follow.
func isFragment(text string) bool {
	if prose.StartsLower(strings.TrimLeft(text, opener)) {
		return true
	}
	end := strings.TrimRight(text, " \"”’»)")
	if end == "" {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(end)
	if strings.ContainsRune(";:,：；،-–—", r) {
		return true
	}
	last := strings.TrimSuffix(end[strings.LastIndexByte(end, ' ')+1:], ".")
	return linking[strings.ToLower(last)] || len(last) == 1 && last[0] >= 'b' && last[0] <= 'z' // a lone letter: the rest was cut off
}

// linking are words that something has to follow.
var linking = prose.SetOf("and or the a an of to in by with for that which und oder der die das et ou de le la y o el")

// isWhole says whether text ends as a sentence does. Headings, items of lists and what a layout cut off do not.
func isWhole(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, "\"'”’»)][ "))
	return strings.ContainsRune(".!?。！？؟।…", r) || prose.IsUnspaced(r)
}

// disfluent says whether a speaker started again inside the sentence: a word twice in a row or cut off, two words repeated.
func disfluent(text string) bool {
	if strings.Contains(text, "--") || strings.HasSuffix(text, "-") || strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...") {
		return true
	}
	w := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",.?!;", r) })
	for i := 1; i < len(w); i++ {
		if w[i] == w[i-1] && len(w[i]) > 1 && w[i] != "that" && w[i] != "had" {
			return true
		}
		// "ch chucking", "Havi having": the beginning of the next word alone.
		if n := len(w[i-1]); n > 1 && n < len(w[i]) && strings.HasPrefix(w[i], w[i-1]) && !shortWords[w[i-1]] && n <= 4 {
			return true
		}
		if i >= 3 && w[i] == w[i-2] && w[i-1] == w[i-3] {
			return true
		}
	}
	return false
}

// shortWords are words that longer ones begin with.
var shortWords = prose.SetOf("a i an as at be by do go he if in is it me my no of on or so to up us we the for you can her his has had not and are but who how all any one out see was were with this that than then them they some so use real just over look work make then want need here")

// muchProse is the number of words in whole sentences from which a document is prose, however many lists it has.
const muchProse = 200

// quotable marks the sentences that may be quoted: those without a flaw. Where most of a document is whole sentences, what misses its end is a
// heading or was cut off; where most is items of lists, they are what it says.
func (s *scored) quotable() []bool {
	out := make([]bool, len(s.sentences))
	whole, words, all := 0, 0, 0
	for i := range s.sentences {
		t := &s.sentences[i]
		if s.sections[t.section].kind == prose.SectionSkip || s.flawOf(t) != "" {
			continue
		}
		out[i] = true
		all += t.words
		if isWhole(t.text) {
			whole++
			words += t.words
		}
	}
	if s.genre == genreOpinions || whole < 3 || words < 40 || words < muchProse && words*2 < all {
		return out
	}
	for i := range out {
		out[i] = out[i] && isWhole(s.sentences[i].text)
	}
	return out
}
