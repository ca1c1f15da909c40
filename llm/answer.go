package llm

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/gate"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// answer is a model's summary after the reading: untrusted text as title and blocks.
type answer struct {
	title    string
	blocks   []Block
	draft    bool      // it came as JSON
	valid    bool      // which follows the schema: a short document may have no key points
	quotes   []quoteAt // what key points rest on, where the model said so
	entities Entities
	cut      bool // its end is missing
}

// quoteAt is the quotation of one item of a list.
type quoteAt struct {
	block, item int
	text        string
}

var (
	preamble = pattern.Lazily(`(?i)^(sure|certainly|of course|okay|ok|here|below|this is|the following|hier|voici|aquí|ecco)\b[^\n]{0,200}[:!.]\s*$`)
	epilogue = pattern.Lazily(`(?i)^(let me know|i hope|feel free|if you (need|want|have|would)|would you like|is there anything)\b[^\n]{0,300}$`)
	fullWrap = pattern.Lazily("(?s)^(`{3,}|~{3,})[a-zA-Z]*[ \t]*\n(.*?)\n?(`{3,}|~{3,})\\s*$")
	pageRef  = pattern.Lazily(`\((?:p|pp|S|с|ص)\.? ?\d[^)]{0,60}\)`)
)

// stripWrapping removes what models put around an answer: a code fence, small talk.
func stripWrapping(s string) string {
	s = strings.TrimSpace(s)
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

// parseAnswer reads a summary without thoughts, as JSON or as Markdown. cut says that its end is missing: the last item is dropped then.
func parseAnswer(visible, language string, cut bool) answer {
	s := stripWrapping(prose.Clean(visible))
	if d, ok := readDraft(s, cut); ok {
		a := d.answer(language)
		a.cut = cut
		return a
	}
	if strings.HasPrefix(s, "{") {
		return answer{draft: true} // JSON that cannot be read is nothing to show
	}
	if cut {
		s = dropCutItem(s)
	}
	a := parseMarkdown(s)
	a.cut = cut
	return a
}

// parseMarkdown reads a summary in Markdown. A heading before everything else is its title.
func parseMarkdown(s string) answer {
	blocks := markdown.Parse(s)
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

// dropCutItem removes the last line of an answer that was cut off, or of its last paragraph the sentence that has no end.
func dropCutItem(s string) string {
	s = strings.TrimRight(s, " \n")
	at := strings.LastIndexByte(s, '\n') + 1
	last := s[at:]
	if prose.EndsSentence(last) && !strings.HasSuffix(last, ":") || endsInPageRef(last) {
		return s
	}
	if strings.HasPrefix(last, "- ") || strings.HasPrefix(last, "* ") || strings.HasPrefix(last, "#") || strings.HasPrefix(last, "|") {
		return strings.TrimSpace(s[:at])
	}
	whole := prose.Sentences(last)
	return strings.TrimSpace(s[:at] + strings.Join(whole[:max(0, len(whole)-1)], ""))
}

func endsInPageRef(line string) bool {
	at := pageRef.FindStringSubmatchIndex(line)
	return at != nil && strings.TrimSpace(line[at[1]:]) == ""
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
	if a.valid {
		return a.usable()
	}
	for _, b := range a.blocks {
		if b.Type == "list" {
			return a.usable()
		}
	}
	return false
}

// read is the answer as the gate looks at it.
func (a answer) read(visible string) gate.Answer {
	g := gate.Answer{Visible: visible}
	for _, b := range a.blocks {
		switch b.Type {
		case "paragraph", "quote":
			g.Lines = append(g.Lines, markdown.PlainText(b))
		case "list":
			g.Items += len(b.Items)
			for _, it := range b.Items {
				g.Lines = append(g.Lines, runsText(it))
			}
		}
	}
	g.Prose = strings.Join(g.Lines, "\n")
	return g
}

func runsText(runs []Run) string {
	var s strings.Builder
	for _, r := range runs {
		s.WriteString(r.Text)
	}
	return s.String()
}

// notesOf is a partial summary as the next prompt takes it in.
func notesOf(visible string, cut bool) string {
	s := stripWrapping(visible)
	if strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[{") { // some models answer everything in JSON
		d, ok := readDraft(s, cut)
		if !ok {
			return ""
		}
		return markdown.Write(d.answer("").blocks)
	}
	if cut {
		s = dropCutItem(s)
	}
	return s
}

// readNotes is a list of notes as the gate looks at it.
func readNotes(notes string) gate.Answer {
	g := gate.Answer{Visible: notes}
	for l := range strings.Lines(notes) {
		l = strings.TrimSpace(l)
		if strings.HasPrefix(l, "#") {
			continue
		}
		if strings.HasPrefix(l, "- ") || strings.HasPrefix(l, "* ") || strings.HasPrefix(l, "• ") {
			g.Items++
		}
		if l = strings.TrimLeft(l, "-*•# "); l != "" {
			g.Lines = append(g.Lines, l)
		}
	}
	g.Prose = strings.Join(g.Lines, "\n")
	return g
}
