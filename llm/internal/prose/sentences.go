package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Sentences cuts one paragraph (no line breaks that matter) into sentences by UAX #29 and
// joins again what was cut after an abbreviation or an initial. Concatenated, the parts are s.
func Sentences(s string) []string {
	var out []string
	joinNext := false
	for it := sentences.FromString(s); it.Next(); {
		part := it.Value()
		if len(out) > 0 && (joinNext || ordinal.MatchString(out[len(out)-1]) && counted.MatchString(part)) {
			out[len(out)-1] += part
		} else {
			out = append(out, part)
		}
		joinNext = endsInAbbreviation(out[len(out)-1])
	}
	return splitUnpunctuated(out)
}

// "20. Mai": languages that write ordinals with a period have it before the month.
var (
	ordinal = pattern.Lazily(`(^|[\s(])\d{1,2}\.\s*$`)
	counted = pattern.Lazily(`^(?i)(jan(uar|\.)|jänner|feb(ruar|\.)|märz|mars|apr(il|\.)|mai|maj|jun[i.]|jul[i.]|aug(ust|\.)|sept?(ember|\.)|o[kc]t(ober|\.)|nov(ember|\.)|de[zs](ember|\.)|ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince|jahrhundert|quartal|geburtstag|auflage|sitzung|absatz)`)
)

// abbreviations that end in a period without ending a sentence, in the languages of Europe.
var abbreviations = SetOf(`mr mrs ms dr prof fig figs eq eqs e.g i.e al vs no nos vol pp cf sec ch approx st jr sr
dept art abs bzw z.b d.h u.a ca nr bd hrsg vgl evtl ggf inkl zzgl str mme mlle mgr ing sig sra srta dra núm pág p.ex
par env ed eds rev gen col capt lt gov sen rep hon pres ref refs tab resp incl max min s.a o.ä u.s e.v`)

func endsInAbbreviation(s string) bool {
	t := strings.TrimRightFunc(s, unicode.IsSpace)
	if !strings.HasSuffix(t, ".") || len(t) == len(s) {
		return false
	}
	t = t[:len(t)-1]
	i := strings.LastIndexFunc(t, func(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == '[' })
	w := t[i+1:]
	if i >= 0 {
		_, size := utf8.DecodeRuneInString(t[i:])
		w = t[i+size:]
	}
	if w == "" {
		return false
	}
	if r, n := utf8.DecodeRuneInString(w); n == len(w) && unicode.IsUpper(r) {
		return true // an initial: "J. Smith"
	}
	if len(w) == 1 && strings.ContainsAny(w, "zdui") {
		return true // "z. B.", "d. h.", "u. a.", "i. d. R."
	}
	return abbreviations[strings.ToLower(w)]
}

// LongSentence is the length in bytes from which a run without end punctuation (Thai, OCR noise,
// a log) is cut at spaces, so that no sentence can fill a summary.
const LongSentence = 1200

func splitUnpunctuated(in []string) []string {
	long := false
	for _, s := range in {
		long = long || len(s) > LongSentence
	}
	if !long {
		return in
	}
	var out []string
	for _, s := range in {
		for len(s) > LongSentence {
			cut := strings.LastIndexAny(s[:LongSentence], ";:,،、 \t")
			if cut < LongSentence/3 {
				break // no border worth having; selection skips it for its length
			}
			_, size := utf8.DecodeRuneInString(s[cut:])
			out, s = append(out, s[:cut+size]), s[cut+size:]
		}
		out = append(out, s)
	}
	return out
}

// EndsSentence tells whether s ends as a sentence does.
func EndsSentence(s string) bool {
	s = strings.TrimRight(s, "\"'”’»)] ")
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?:;。！？：；؟।…", r)
}

// StartsLower tells whether s begins with a small letter.
func StartsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}
