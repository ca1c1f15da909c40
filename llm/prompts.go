package llm

import (
	"embed"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// PromptVersion names the prompts in use. It is part of every cache key: a new wording is a new version.
const PromptVersion = "v1"

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
	language string // BCP 47, or ""
	part     int
	parts    int
	words    int
	context  []string // headings in force
	overlap  string
	sections bool
}

func renderPrompt(name string, a promptArgs) Prompt {
	sections := ""
	if a.sections {
		sections = promptText("sections")
	}
	r := strings.NewReplacer(
		"{{language}}", languageName(a.language),
		"{{key_points}}", prose.Label(a.language, "points"),
		"{{sections}}", sections,
		"{{part}}", strconv.Itoa(a.part),
		"{{parts}}", strconv.Itoa(a.parts),
		"{{words}}", strconv.Itoa(a.words),
		"{{text}}", fenced(a),
	)
	return Prompt{System: promptText("system"), User: r.Replace(promptText(name))}
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
