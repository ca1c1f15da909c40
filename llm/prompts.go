package llm

import (
	"embed"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// PromptVersion names the prompts in use. It is part of every cache key: a new wording is a new version.
const PromptVersion = "v2"

//go:embed prompts/*/*.txt
var promptFiles embed.FS

const (
	fenceOpen  = "<<<DOCUMENT>>>"
	fenceClose = "<<<END DOCUMENT>>>"
)

func promptText(name string) string {
	b, err := promptFiles.ReadFile("prompts/" + PromptVersion + "/" + name + ".txt")
	if err != nil {
		panic(err) // embedded at build time; a test renders each
	}
	return string(b)
}

// promptArgs fill a prompt. All text that comes from the document goes through neutralise.
type promptArgs struct {
	text     string
	tokens   int    // of text; 0: not known
	language string // BCP 47, or ""
	part     int
	parts    int
	words    int
	context  []string // headings in force
	overlap  string
	sections bool
	style    Style
	redacted bool // the text holds placeholders of Privacy.Redact

	firstPage, lastPage int // what text is from
}

// question is a prompt with what its answer is measured by.
type question struct {
	Prompt
	step         string // the template's name
	part         int    // of a map
	firstPage    int    // of what the document gave it; 0 where it has notes
	lastPage     int
	notes        bool
	firm         bool   // it begins with what was wrong with the answer before
	instructions string // the prompt without the document
	source       string // the text inside the fence
	document     string // what an answer must not merely copy; "" where copying is the task
}

// ask renders a prompt. Those for a summary have two forms, of which the provider sends the one its server takes.
func ask(name string, a promptArgs) question {
	q := question{step: name, part: a.part, firstPage: a.firstPage, lastPage: a.lastPage, notes: name == "map" || name == "reduce"}
	q.System = promptText("system")
	if !q.notes {
		q.System += a.style.wishes()
	}
	if a.redacted {
		q.System += promptText("redacted")
	}
	text := fenced(a)
	q.User, q.instructions = render(name, "form_markdown", a, text)
	if q.long = text; strings.HasSuffix(text, a.text) { // else it held what had to be made harmless, which adds to it
		q.long, q.tokens = a.text, a.tokens
	}
	if !q.notes {
		user, more := render(name, "form_json", a, text)
		q.instructions += more
		q.Structured = &Structured{Name: "summary", User: user, Schema: summarySchema}
	}
	q.source = a.text
	if name == "single" {
		q.document = a.text
	}
	// The words of operator and editor are no secret: an answer that begins as they ask leaks nothing.
	q.instructions = strings.Replace(q.System, a.style.wishes(), "", 1) + "\n" + q.instructions
	return q
}

// firmer is the question once more, after a sentence on what was wrong with the last answer.
func (q question) firmer(sentence string) question {
	q.firm = true
	q.User = sentence + "\n\n" + q.User
	if q.Structured != nil {
		again := *q.Structured
		again.User = sentence + "\n\n" + again.User
		q.Structured = &again
	}
	return q
}

// render fills a template, once with the document's text and once without.
func render(name, form string, a promptArgs, text string) (user, instructions string) {
	sections, jsonSections := "", "an empty list"
	if a.sections {
		sections = promptText("sections")
		jsonSections = `one object for each main part of the document, in its order, with "heading" and "text" (a sentence or two on that part)`
	}
	size := lengths[a.style.length()]
	fill := func(text string) string {
		// The form first: it holds marks of its own. The document last: what looks like a mark in it is text.
		t := strings.ReplaceAll(promptText(name), "{{form}}", strings.TrimSuffix(promptText(form), "\n"))
		return strings.NewReplacer(
			"{{language}}", languageName(a.language),
			"{{key_points}}", prose.Label(a.language, "points"),
			"{{abstract}}", size.abstract,
			"{{points}}", size.points,
			"{{sections}}", sections,
			"{{json_sections}}", jsonSections,
			"{{part}}", strconv.Itoa(a.part),
			"{{parts}}", strconv.Itoa(a.parts),
			"{{words}}", strconv.Itoa(a.words),
			"{{text}}", text,
		).Replace(t)
	}
	return fill(text), strings.NewReplacer(fenceOpen, "", fenceClose, "").Replace(fill(""))
}

// fenced is what stands inside the fence: the section path and the overlap come from the document
// too, so they stand inside as well.
func fenced(a promptArgs) string {
	var b strings.Builder
	if len(a.context) > 0 {
		b.WriteString("[section: " + strings.Join(a.context, " / ") + "]\n")
	}
	if a.overlap != "" {
		b.WriteString("[end of the part before]\n" + a.overlap + "\n[this part]\n")
	}
	b.WriteString(a.text)
	return neutralise(b.String())
}

// neutralise makes document text unable to end the fence or to forge the control tokens of chat
// templates, which local servers recognise inside a message. A reader still sees the same words.
var neutraliser = strings.NewReplacer("<<<", "< < <", ">>>", "> > >", "<|", "< |", "|>", "| >", "[INST]", "[ INST ]", "[/INST]", "[ /INST ]", "<<SYS>>", "< <SYS> >", "<</SYS>>", "< </SYS> >")

func neutralise(s string) string {
	s = neutraliser.Replace(prose.Clean(s))
	// What was replaced may have made a new mark with its neighbours.
	for strings.Contains(s, "<<<") || strings.Contains(s, ">>>") || strings.Contains(s, "<|") {
		s = neutraliser.Replace(s)
	}
	return s
}

var languageNames = map[string]string{
	"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish",
	"ru": "Russian", "uk": "Ukrainian", "cs": "Czech", "sv": "Swedish", "da": "Danish", "nb": "Norwegian", "no": "Norwegian", "fi": "Finnish",
	"hu": "Hungarian", "ro": "Romanian", "bg": "Bulgarian", "el": "Greek", "tr": "Turkish", "ar": "Arabic", "he": "Hebrew", "fa": "Persian",
	"hi": "Hindi", "bn": "Bengali", "th": "Thai", "vi": "Vietnamese", "id": "Indonesian", "zh": "Chinese", "ja": "Japanese", "ko": "Korean",
}

// languageName is how a prompt names a language. The tag may come from a file: only known codes and plain tags are repeated.
func languageName(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	base, _, _ = strings.Cut(base, "_")
	if n := languageNames[base]; n != "" {
		return n
	}
	if len(base) >= 2 && len(base) <= 3 && strings.Trim(base, "abcdefghijklmnopqrstuvwxyz") == "" {
		return "the language with the code " + base
	}
	return "the language of the document"
}
