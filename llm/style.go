package llm

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Style is how the operator wants a summary written. The zero value is a neutral one of usual length in the document's language.
type Style struct {
	Language     string // BCP 47; "": Config.Language
	Length       Length
	Tone         Tone
	Instructions string // the operator's own words, at most MaxInstructions characters; they have a fixed place in the prompt
	Asked        string // what an editor asked of this one summary, at most MaxAsked characters; it stands after the operator's words
}

// Length is how much a summary says.
type Length string

// Lengths of summaries; "" is LengthNormal.
const (
	LengthShort  Length = "short"
	LengthNormal Length = "normal"
	LengthLong   Length = "long"
)

// Tone is who a summary is written for.
type Tone string

// Tones of summaries; "" is ToneNeutral.
const (
	ToneNeutral Tone = "neutral"
	TonePlain   Tone = "plain"  // for readers who do not know the field
	ToneFormal  Tone = "formal" // as in a report to a board
)

// MaxInstructions is the length of Style.Instructions in characters: what is longer crowds out the document.
const MaxInstructions = 2000

// MaxAsked is the length of Style.Asked in characters.
const MaxAsked = 500

var lengths = map[Length]struct{ abstract, points string }{
	LengthShort:  {"one or two sentences", "three to five"},
	LengthNormal: {"two to four sentences", "three to eight"},
	LengthLong:   {"four to seven sentences", "six to twelve"},
}

var tones = map[Tone]string{
	ToneNeutral: "",
	TonePlain:   "Write for readers who do not know the field: short sentences, everyday words, every special term explained.",
	ToneFormal:  "Write formally: whole sentences, no contractions, titles of persons kept.",
}

// Validate names what cannot be asked for.
func (s Style) Validate() error {
	if _, ok := lengths[s.length()]; !ok {
		return fmt.Errorf("the length %q is not known: use short, normal or long", s.Length)
	}
	if _, ok := tones[s.tone()]; !ok {
		return fmt.Errorf("the tone %q is not known: use neutral, plain or formal", s.Tone)
	}
	if n := utf8.RuneCountInString(s.Instructions); n > MaxInstructions {
		return fmt.Errorf("the instructions have %d characters: %d are allowed", n, MaxInstructions)
	}
	if n := utf8.RuneCountInString(s.Asked); n > MaxAsked {
		return fmt.Errorf("the instruction for this document has %d characters: %d are allowed", n, MaxAsked)
	}
	return nil
}

func (s Style) length() Length { return cmp.Or(s.Length, LengthNormal) }
func (s Style) tone() Tone     { return cmp.Or(s.Tone, ToneNeutral) }

// wishes is the part of the system prompt that a style makes, "" where it wishes for nothing special. The words of operator and
// editor are neutralised like a document's: they cannot end the fence either.
func (s Style) wishes() string {
	var lines []string
	for _, wish := range []string{tones[s.tone()], strings.TrimSpace(neutralise(s.Instructions)), strings.TrimSpace(neutralise(s.Asked))} {
		if wish != "" {
			lines = append(lines, wish)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return promptText("wishes") + strings.Join(lines, "\n") + "\n"
}
