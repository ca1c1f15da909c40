package llm

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// answer is a model's summary after the reading: untrusted text as title and blocks.
type answer struct {
	title  string
	blocks []Block
}

var (
	thought  = prose.Lazily(`(?is)<(think|thinking|reasoning)>.*?</(think|thinking|reasoning)>`)
	preamble = prose.Lazily(`(?i)^(sure|certainly|of course|okay|ok|here|below|this is|the following|hier|voici|aquí|ecco)\b[^\n]{0,200}[:!.]\s*$`)
	epilogue = prose.Lazily(`(?i)^(let me know|i hope|feel free|if you (need|want|have|would)|would you like|is there anything)\b[^\n]{0,300}$`)
	fullWrap = prose.Lazily("(?s)^(`{3,}|~{3,})[a-zA-Z]*[ \t]*\n(.*?)\n(`{3,}|~{3,})\\s*$")
)

// stripWrapping removes what models put around an answer: thoughts, a code fence, small talk.
func stripWrapping(s string) string {
	s = strings.TrimSpace(thought.ReplaceAllString(s, ""))
	for range 3 { // a preamble may stand before the fence or inside
		before := s
		if m := fullWrap.FindStringSubmatch(s); m != nil && !strings.Contains(m[2], "\n"+m[1]) {
			s = strings.TrimSpace(m[2])
		}
		if head, rest, ok := strings.Cut(s, "\n"); ok && preamble.MatchString(strings.TrimSpace(head)) {
			s = strings.TrimSpace(rest)
		}
		if i := strings.LastIndexByte(s, '\n'); i > 0 && epilogue.MatchString(strings.TrimSpace(s[i:])) {
			s = strings.TrimSpace(s[:i])
		}
		if s == before {
			break
		}
	}
	return s
}

// parseAnswer reads a summary. A heading before everything else is its title.
func parseAnswer(s string) answer {
	blocks := markdown.Parse(stripWrapping(prose.Clean(s)))
	var a answer
	if len(blocks) > 1 && blocks[0].Type == "heading" {
		a.title = prose.TidyTitle(markdown.PlainText(blocks[0]))
		blocks = blocks[1:]
	}
	for len(blocks) > 0 && blocks[len(blocks)-1].Type == "heading" {
		blocks = blocks[:len(blocks)-1] // cut off by the output limit
	}
	a.blocks = blocks
	return a
}

// usable says whether there is prose to show.
func (a answer) usable() bool {
	n := 0
	for _, b := range a.blocks {
		if b.Type == "paragraph" || b.Type == "list" || b.Type == "quote" {
			n += prose.CountWords(markdown.PlainText(b))
		}
	}
	return n >= 5
}

// structured says whether the answer has the form that was asked for: an abstract and a list.
func (a answer) structured() bool {
	if len(a.blocks) == 0 || a.blocks[0].Type != "paragraph" {
		return false
	}
	for _, b := range a.blocks {
		if b.Type == "list" {
			return a.usable()
		}
	}
	return false
}
