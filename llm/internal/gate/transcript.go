package gate

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Reasons of transcriptions alone.
const (
	Unlike Reason = "unlike" // not what recognition has read on the page
	Talk   Reason = "talk"   // about the picture instead of what is written in it
)

// SaysOfPage is Says of a transcription.
func (r Reason) SaysOfPage() string {
	switch r {
	case Unlike:
		return "wrote something else than what recognition has read there"
	case Talk:
		return "described the picture instead of writing down its words"
	case Refused, NoDocument:
		return "refused to read it"
	case Loop, Cut:
		return "came to no end"
	case Unfinished:
		return "spent its whole answer on thinking"
	case Leak:
		return "printed its instructions"
	}
	return "gave no usable answer"
}

const (
	fewSure   = 4   // words that recognition has to be sure of before anything is held against them
	sureShare = 0.3 // of them that a transcription must have: on a page that is read badly every second is wrong
)

// talk is how answers begin that describe a picture or announce what they are to be.
var talk = pattern.Lazily(`(?i)^(?:` +
	`(?:the|this) (?:image|picture|photo|photograph|scan|page)(?: \w+){0,3} (?:shows?|contains?|depicts?|appears?|seems?|displays?|features?|is (?:a|an|too|not|blank|blurry|illegible|unreadable))\b` +
	`|(?:sure|certainly|of course)[,!.]|here(?:'s| is| are) (?:the|a|my) (?:transcri|text|content)` +
	`|i (?:can )?(?:see|read|cannot read|can't read|could not read)\b|i(?:'m| am) (?:unable|not able)\b` +
	`|(?:no|there is no) (?:readable|legible|visible|discernible) (?:text|writing|content)` +
	`|(?:das|dieses) (?:bild|foto)(?: \w+){0,3} (?:zeigt|enthält|ist)\b|hier ist (?:die|der|eine) (?:transkri|text|abschrift)|kein (?:lesbarer|erkennbarer) text` +
	`|(?:l'image|cette image)(?: \w+){0,3} (?:montre|contient|représente)|voici (?:la|le) (?:transcription|texte)` +
	`|(?:la|esta) imagen (?:muestra|contiene)|aquí (?:está|tiene) (?:la|el) (?:transcripción|texto)` +
	`)`)

// Transcript finds the first reason to refuse what is said to be written on a page. sure are words that recognition is rather sure to have read
// there: with enough of them they decide; else a transcription must at least not speak about the task.
func Transcript(visible string, sure []string, instructions string) Reason {
	words := prose.CountWords(visible)
	a := Answer{Visible: visible, Prose: visible, Lines: strings.Split(visible, "\n")}
	switch {
	case words == 0:
		return Empty
	case leaks(Asked{Instructions: instructions}, visible):
		return Leak
	case loops(a):
		return Loop
	}
	if len(sure) >= fewSure {
		if shareOf(sure, visible) < sureShare {
			return Unlike
		}
		return "" // a letter that begins with "I am sorry, I cannot come" is one
	}
	if r := aside(a, words); r != "" {
		return r
	}
	if talk.MatchString(strings.TrimLeft(strings.ReplaceAll(visible, "’", "'"), "\"'“„«*_-# \n")) {
		return Talk
	}
	return ""
}

// shareOf is the share of words that text has, spaces and hyphens put aside: lines end where they do.
func shareOf(words []string, text string) float64 {
	in, n := squash(text), 0
	for _, w := range words {
		if s := squash(w); s != "" && strings.Contains(in, s) {
			n++
		}
	}
	return float64(n) / float64(len(words))
}

// squash is the letters and digits of s, in their plain form and in lower case.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(s))
}
