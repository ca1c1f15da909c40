package layout

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// firsts and tails are halves of English compounds that keep their hyphen at a line's end. Tails that
// also end a plain word after a syllable (ope-rated, candi-date, holi-day) are left out.
var (
	firsts = words("non self well third one two")
	tails  = words("based related looking party term level wide specific driven free owned scale user known year")
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// compound says that the hyphen at the end of a belongs to the word that goes on in b.
func compound(a, b string) bool {
	a = strings.TrimRightFunc(a, notLetter)
	at := lastWord(a)
	if strings.HasSuffix(a[:at], "-") {
		return true // state-of-the-
	}
	head, tail := strings.ToLower(a[at:]), strings.ToLower(b[:firstWord(b)])
	return firsts[head] || tails[tail] && len(head) >= 4
}

// Rejoin joins a word that was cut at the end of a and goes on in b, with its hyphen where that
// belongs to the word. ok is false when no word was cut.
func Rejoin(a, b string) (joined string, ok bool) { return (&vocabulary{}).rejoin(a, b) }

// cut says that the hyphen at the end of a cuts a word that goes on in b.
func cut(a, b string) bool { return Hyphenated(a, b) && !strings.HasSuffix(a, "--") }

// vocabulary is the words of a page, collected when the first word cut at a line's end asks for them.
type vocabulary struct {
	rows  []row
	words map[string]bool
}

func (v *vocabulary) rejoin(a, b string) (joined string, ok bool) {
	if !cut(a, b) {
		return "", false
	}
	hyphen, n := utf8.DecodeLastRuneInString(a)
	if hyphen != softHyphen && v.keeps(a[:len(a)-n], b, a) {
		return a + b, true
	}
	return a[:len(a)-n] + b, true
}

const softHyphen = '\u00ad'

// leastPart is how long both parts of a compound must be to be known from the page.
const leastPart = 4

// keeps says that the hyphen between a and b is the word's own: what the page itself writes within its
// lines decides, and what is known of English where it says nothing.
func (v *vocabulary) keeps(a, b, cutEnd string) bool {
	v.collect()
	head, tail := strings.ToLower(a[lastWord(a):]), strings.ToLower(b[:firstWord(b)])
	switch {
	case v.words[head+tail]:
		return false
	case v.words[head+"-"+tail]:
		return true
	case len(head) >= leastPart && len(tail) >= leastPart && v.words[head] && v.words[tail]:
		return true
	}
	return compound(cutEnd, b)
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// lastWord is where the last run of letters of s begins, firstWord where the first one ends.
func lastWord(s string) int { return len(strings.TrimRightFunc(s, unicode.IsLetter)) }
func firstWord(s string) int {
	if i := strings.IndexFunc(s, notLetter); i >= 0 {
		return i
	}
	return len(s)
}

// collect gathers the words of the page, and those joined by one hyphen, but not the halves of cut words.
func (v *vocabulary) collect() {
	if v.words != nil {
		return
	}
	v.words = map[string]bool{}
	halved := false
	for i, r := range v.rows {
		t := r.text
		if halved {
			t = t[firstWord(t):]
		}
		if halved = i+1 < len(v.rows) && cut(r.text, v.rows[i+1].text); halved {
			_, n := utf8.DecodeLastRuneInString(t)
			t = t[:max(0, len(t)-n)]
			t = t[:lastWord(t)]
		}
		before := ""
		for t != "" {
			n := firstWord(t)
			if n == 0 {
				r, size := utf8.DecodeRuneInString(t)
				if r != '-' && r != '\u2010' {
					before = ""
				}
				t = t[size:]
				continue
			}
			w := strings.ToLower(t[:n])
			v.words[w] = true
			if before != "" {
				v.words[before+"-"+w] = true
			}
			before, t = w, t[n:]
		}
	}
}

// Hyphenated says that s ends in a hyphen that only the line's end put there.
func Hyphenated(s, next string) bool {
	r, n := utf8.DecodeLastRuneInString(s)
	if r != '-' && r != '\u2010' && r != '\u00ad' && r != '¬' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(s[:len(s)-n])
	first, _ := utf8.DecodeRuneInString(next)
	return unicode.IsLetter(before) && unicode.IsLower(first)
}
