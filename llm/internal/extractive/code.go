package extractive

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// maxDefined is the number of names that are told of source code.
const maxDefined = 8

var definition = pattern.Lazily(`^\s*(?:pub |public |private |protected |static |export |async |final |abstract )*(?:func|def|class|function|fn|struct|interface|trait|sub|type)\s+(?:\([^)]*\)\s*)?([A-Za-z_][\w]*)`)

// codeBlocks tell how much source there is, what it defines and, where somebody wrote one, what its comment says.
func (s *scored) codeBlocks(cite bool) []markdown.Block {
	var names []string
	for _, l := range s.opening {
		if m := definition.FindStringSubmatch(l); m != nil && !slices.Contains(names, m[1]) && len(names) < maxDefined {
			names = append(names, m[1])
		}
	}
	says := prose.Fill(s.lang, "code", strconv.Itoa(s.code)) + "."
	if len(names) > 0 {
		says += " " + prose.Fill(s.lang, "defines", strings.Join(names, ", ")) + "."
	}
	out := []markdown.Block{paragraph(says)}
	p := newPicker(s)
	if p.best(s.candidates(), 60) {
		out = append(out, s.quoted(p.chosen, cite))
	}
	return out
}

// maxFields is the number of labels of a form that are told.
const maxFields = 8

// formBlocks tell the first filled labels of a form.
func (s *scored) formBlocks() []markdown.Block {
	l := markdown.Block{Type: "list"}
	told := map[string]bool{}
	for _, f := range s.totalFirst() {
		if len(l.Items) == maxFields || told[f.label] || !s.readableField(f) {
			continue
		}
		told[f.label] = true
		l.Items = append(l.Items, []markdown.Run{{Text: f.label, Bold: true}, {Text: ": " + prose.TidySpaces(f.value)}})
	}
	if len(l.Items) < 2 {
		return nil
	}
	return []markdown.Block{l}
}

// totalFirst are the fields, those of a sum before the others.
func (s *scored) totalFirst() []field {
	var sums, rest []field
	for _, f := range s.fields {
		if total.MatchString(f.label + " " + f.value) {
			sums = append(sums, f)
		} else {
			rest = append(rest, f)
		}
	}
	return append(sums, rest...)
}

func (s *scored) readableField(f field) bool {
	odd, all := s.oddTokens(f.label+" "+f.value, false)
	return odd*4 <= all && !written.MatchString(strings.ToLower(f.label)+": x")
}
