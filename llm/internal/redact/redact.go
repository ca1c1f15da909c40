// Package redact hides personal data from a remote model: what it recognises in a document leaves as a placeholder such as
// [EMAIL-1] and comes back into the summary on this machine. The same value has the same placeholder all over a document, so
// that a model can still tell who is who.
//
// It recognises by form and by check digit, not by meaning: names of people and postal addresses are not recognised.
package redact

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Kind is a sort of personal data, and the word that stands in its placeholders.
type Kind string

const (
	Email      Kind = "EMAIL"
	Phone      Kind = "PHONE"
	IBAN       Kind = "IBAN"
	Card       Kind = "CARD"   // payment cards: 13 to 19 digits, issuer prefix and Luhn digit
	NationalID Kind = "ID"     // numbers of persons, see nationalIDs
	Custom     Kind = "HIDDEN" // matches of the operator's own patterns
	literal    Kind = "TEXT"   // what looks like a placeholder in the document itself
)

// Kinds are those that New may be asked for by name, in the order in which they are looked for.
func Kinds() []Kind { return []Kind{Email, IBAN, Card, NationalID, Phone} }

// KindOf is the kind by the name that settings have for it.
func KindOf(name string) Kind { return Kind(strings.ToUpper(name)) }

// Rules are what a Redactor hides. It is safe for concurrent use.
type Rules struct {
	kinds    []Kind
	patterns []*regexp.Regexp
}

// New makes rules of kinds and of patterns in Go's syntax (RE2). It refuses a pattern that does not compile or that matches
// the empty text, which would hide everything.
func New(kinds []Kind, patterns []string) (*Rules, error) {
	r := &Rules{kinds: kinds}
	for _, k := range kinds {
		if !slices.Contains(Kinds(), k) {
			return nil, fmt.Errorf("%q is no kind of personal data: use email, phone, iban, card or id", strings.ToLower(string(k)))
		}
	}
	for _, p := range patterns {
		re, err := regexp.Compile(p)
		if err != nil {
			return nil, fmt.Errorf("the pattern %q is no regular expression of Go: %w", p, err)
		}
		if re.MatchString("") {
			return nil, fmt.Errorf("the pattern %q matches the empty text: it would hide everything", p)
		}
		r.patterns = append(r.patterns, re)
	}
	return r, nil
}

// Document starts the redaction of one document. language (BCP 47, may be empty) tells which countries' forms of phone numbers
// without a country code are expected.
func (r *Rules) Document(language string) *Document {
	return &Document{rules: r, regions: regionsOf(language), byValue: map[string]string{}, byPlaceholder: map[string]string{}, count: map[Kind]int{}}
}

// Document keeps which placeholder stands for which value. It is not safe for concurrent use; placeholders are numbered by first
// appearance, so the same texts in the same order give the same result, which the cache of paid answers needs.
type Document struct {
	rules         *Rules
	regions       []string
	byValue       map[string]string
	byPlaceholder map[string]string
	count         map[Kind]int
}

// span is a piece of text to hide: bytes from start to end.
type span struct {
	start, end int
	kind       Kind
}

// placeholder is what Hide writes and Restore reads. Models drop brackets, change the case and write another dash for the hyphen.
var placeholder = pattern.Lazily(`(?i)\[?\b(EMAIL|PHONE|IBAN|CARD|ID|HIDDEN|TEXT)[-‐‑–](\d{1,6})\b\]?`)

// passes bound how often Hide looks again: what is left of one number may be another together with what stands after it.
const passes = 4

// Hide returns s with everything recognised replaced. A text that looks like a placeholder already is replaced as well, so that
// Restore brings back exactly what was there. It fails when after a few passes something is still recognised: nothing may be sent then.
func (d *Document) Hide(s string) (string, error) {
	s = d.replace(s, d.find(s))
	for range passes {
		left := d.personal(s)
		if len(left) == 0 {
			return s, nil
		}
		s = d.replace(s, left)
	}
	if left := d.personal(s); len(left) > 0 {
		return "", fmt.Errorf("a number of the kind %s could not be hidden", left[0].kind)
	}
	return s, nil
}

// personal is what find finds without the placeholders.
func (d *Document) personal(s string) []span {
	return slices.DeleteFunc(d.find(s), func(f span) bool { return f.kind == literal })
}

func (d *Document) replace(s string, spans []span) string {
	var b strings.Builder
	at := 0
	for _, f := range spans {
		b.WriteString(s[at:f.start])
		b.WriteString(d.standIn(f.kind, s[f.start:f.end]))
		at = f.end
	}
	b.WriteString(s[at:])
	return b.String()
}

// Restore puts the values back. Placeholders that were never given out stay as they are.
func (d *Document) Restore(s string) string {
	return placeholder.ReplaceAllStringFunc(s, func(m string) string {
		p := placeholder.FindStringSubmatch(m)
		if v, ok := d.byPlaceholder[name(Kind(strings.ToUpper(p[1])), p[2])]; ok {
			return v
		}
		return m
	})
}

// Hidden is how many different values were replaced, by kind.
func (d *Document) Hidden() map[Kind]int {
	out := map[Kind]int{}
	for k, n := range d.count {
		if k != literal {
			out[k] = n
		}
	}
	return out
}

func (d *Document) standIn(k Kind, value string) string {
	if p, ok := d.byValue[value]; ok {
		return p
	}
	d.count[k]++
	p := name(k, strconv.Itoa(d.count[k]))
	d.byValue[value], d.byPlaceholder[p] = p, value
	return p
}

func name(k Kind, number string) string { return "[" + string(k) + "-" + number + "]" }

// find returns what is to be hidden, in order and without overlaps; of two that overlap the longer one is kept.
func (d *Document) find(s string) []span {
	var found []span
	for _, m := range placeholder.FindAllStringIndex(s, -1) {
		found = append(found, span{m[0], m[1], literal})
	}
	for _, re := range d.rules.patterns {
		for _, m := range re.FindAllStringIndex(s, -1) {
			found = append(found, span{m[0], m[1], Custom})
		}
	}
	for _, k := range d.rules.kinds {
		for _, m := range finders[k](s, d.regions) {
			found = append(found, span{m[0], m[1], k})
		}
	}
	sort.SliceStable(found, func(i, j int) bool {
		return found[i].end-found[i].start > found[j].end-found[j].start
	})
	var kept []span
	for _, f := range found {
		if f.start < f.end && !slices.ContainsFunc(kept, func(k span) bool { return f.start < k.end && k.start < f.end }) {
			kept = append(kept, f)
		}
	}
	sort.Slice(kept, func(i, j int) bool { return kept[i].start < kept[j].start })
	return kept
}
