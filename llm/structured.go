package llm

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// summarySchema is what a structured answer follows, in the subset that all providers take: every member required, none else.
//
//go:embed summary.schema.json
var summarySchema []byte

var compiledSchema = sync.OnceValue(func() *jsonschema.Resolved {
	var schema jsonschema.Schema
	if err := json.Unmarshal(summarySchema, &schema); err != nil {
		panic(err) // embedded at build time
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		panic(err)
	}
	return resolved
})

// Entities are the names that a document turns on, as the document writes them.
type Entities struct {
	People        []string `json:"people"`
	Organisations []string `json:"organisations"`
	Dates         []string `json:"dates"`
	Amounts       []string `json:"amounts"`
}

// point is a key point with what it rests on.
type point struct {
	Text  string
	Pages []int
	Quote string
}

// draft is a summary in parts, as a structured answer gives it.
type draft struct {
	Title    string
	Abstract string
	Points   []point
	Sections []struct{ Heading, Text string }
	Entities Entities
	valid    bool // it follows the schema
}

// readDraft reads an answer in JSON, bare or in a fence, with words before or after it. ok is false where there is none. An answer that
// was cut off is read up to its last whole element. Other member names than those asked for are understood where their sense is plain.
func readDraft(s string, cut bool) (draft, bool) {
	at := strings.IndexByte(s, '{')
	if at < 0 || prose.CountWords(s[:at]) > 40 {
		return draft{}, false
	}
	s = s[at:]
	var raw json.RawMessage
	if err := json.NewDecoder(strings.NewReader(s)).Decode(&raw); err != nil {
		closed := closeJSON(s)
		if !cut || json.Unmarshal([]byte(closed), &raw) != nil {
			return draft{}, false
		}
	}
	var o map[string]any
	if json.Unmarshal(raw, &o) != nil {
		return draft{}, false
	}
	d := draftOf(o)
	d.valid = compiledSchema().Validate(o) == nil
	return d, d.Title != "" || d.Abstract != "" || len(d.Points) > 0
}

// draftOf reads an object by its members' names, leniently.
func draftOf(o map[string]any) draft {
	d := draft{
		Title:    textOf(member(o, "title", "heading", "name")),
		Abstract: textOf(member(o, "abstract", "summary", "overview", "description", "tldr")),
	}
	for _, it := range listOf(member(o, "key_points", "keypoints", "points", "highlights", "bullets", "key_findings", "main_points")) {
		if p := pointOf(it); p.Text != "" {
			d.Points = append(d.Points, p)
		}
	}
	for _, it := range listOf(member(o, "sections", "parts", "chapters")) {
		if s, ok := it.(map[string]any); ok {
			h, t := textOf(member(s, "heading", "title", "name")), textOf(member(s, "text", "summary", "content", "body"))
			if t != "" {
				d.Sections = append(d.Sections, struct{ Heading, Text string }{h, t})
			}
		}
	}
	if e, ok := member(o, "entities").(map[string]any); ok {
		d.Entities = Entities{
			People: textsOf(member(e, "people", "persons")), Organisations: textsOf(member(e, "organisations", "organizations")),
			Dates: textsOf(member(e, "dates")), Amounts: textsOf(member(e, "amounts")),
		}
	}
	return d
}

func pointOf(v any) point {
	o, ok := v.(map[string]any)
	if !ok {
		return point{Text: textOf(v)}
	}
	p := point{Text: textOf(member(o, "text", "point", "statement", "summary", "key_point", "description")), Quote: textOf(member(o, "quote", "evidence", "source"))}
	for _, n := range listOf(member(o, "pages", "page")) {
		if i, err := strconv.Atoi(strings.Trim(fmt.Sprint(n), "p. ")); err == nil && i > 0 && i < 1_000_000 && len(p.Pages) < 10 {
			p.Pages = append(p.Pages, i)
		}
	}
	return p
}

// member is the first of names that o has, whatever their case.
func member(o map[string]any, names ...string) any {
	for _, n := range names {
		for k, v := range o {
			if strings.EqualFold(strings.NewReplacer(" ", "_", "-", "_").Replace(k), n) {
				return v
			}
		}
	}
	return nil
}

func textOf(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(prose.Clean(s))
}

func listOf(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case nil:
		return nil
	default:
		return []any{v}
	}
}

const maxEntities = 10 // of each kind

func textsOf(v any) []string {
	var out []string
	for _, it := range listOf(v) {
		if t := prose.OneLine(textOf(it)); t != "" && len(out) < maxEntities {
			out = append(out, prose.Clip(t, 120))
		}
	}
	return out
}

// closeJSON ends an object that was cut off after its last whole element.
func closeJSON(s string) string {
	var open []byte
	end, ends := 0, ""
	inString, escaped := false, false
	keep := func(at int) {
		end = at
		b := make([]byte, 0, len(open))
		for i := len(open) - 1; i >= 0; i-- {
			b = append(b, open[i])
		}
		ends = string(b)
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case c == '{':
			open = append(open, '}')
		case c == '[':
			open = append(open, ']')
			keep(i + 1)
		case c == '}' || c == ']':
			if len(open) == 0 {
				return s[:i]
			}
			open = open[:len(open)-1]
			keep(i + 1)
		case c == ',':
			keep(i)
		}
	}
	return s[:end] + ends
}

// answer builds blocks from a draft. Its abstract and sections may hold Markdown of their own.
func (d draft) answer(language string) answer {
	a := answer{title: prose.TidyTitle(d.Title), draft: true, valid: d.valid, entities: d.Entities}
	text := d.Abstract
	if inner := parseMarkdown(text); inner.title != "" || len(inner.blocks) > 1 {
		a.blocks = inner.blocks
		if a.title == "" {
			a.title = inner.title
		}
	} else if t := prose.OneLine(text); t != "" {
		a.blocks = append(a.blocks, plainParagraph(t))
	}
	if len(d.Points) > 0 {
		a.blocks = append(a.blocks, Block{Type: "heading", Level: 2, Runs: []Run{{Text: prose.Label(language, "points")}}})
		list := Block{Type: "list"}
		for _, p := range d.Points {
			a.quotes = append(a.quotes, quoteAt{len(a.blocks), len(list.Items), p.Quote})
			list.Items = append(list.Items, pointRuns(p, language))
		}
		a.blocks = append(a.blocks, list)
	}
	for _, s := range d.Sections {
		if h := prose.OneLine(s.Heading); h != "" {
			a.blocks = append(a.blocks, Block{Type: "heading", Level: 2, Runs: []Run{{Text: prose.Clip(h, 200)}}})
		}
		a.blocks = append(a.blocks, parseMarkdown(s.Text).blocks...)
	}
	return a
}

func plainParagraph(t string) Block { return Block{Type: "paragraph", Runs: markdown.Inline(t)} }

// pointRuns is a key point with its pages, in the form that every summary names them: "(p. 3)", "(p. 3, 5)".
func pointRuns(p point, language string) []Run {
	t := strings.TrimSpace(prose.OneLine(p.Text))
	if len(p.Pages) > 0 && !pageRef.MatchString(t) {
		t += " " + pageMark(p.Pages, language)
	}
	return markdown.Inline(t)
}

func pageMark(pages []int, language string) string {
	n := make([]string, len(pages))
	for i, p := range pages {
		n[i] = strconv.Itoa(p)
	}
	return "(" + prose.Label(language, "page") + " " + strings.Join(n, ", ") + ")"
}
