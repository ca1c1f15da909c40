package markdown

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Write writes blocks as CommonMark that ParseMarkdown reads back as the same blocks.
func Write(blocks []Block) string {
	var b strings.Builder
	for i, k := range blocks {
		if i > 0 {
			b.WriteString("\n")
			if blocks[i-1].Type == "list" && k.Type == "list" {
				b.WriteString("<!-- -->\n\n") // two lists in a row would be read as one
			}
		}
		writeBlock(&b, k)
	}
	return b.String()
}

func writeBlock(b *strings.Builder, k Block) {
	switch k.Type {
	case "heading":
		b.WriteString(strings.Repeat("#", min(4, max(2, k.Level))) + " " + guardEnd(prose.OneLine(inline(k.Runs))) + "\n")
	case "paragraph":
		b.WriteString(guardStart(prose.OneLine(inline(k.Runs))) + "\n")
	case "quote":
		b.WriteString("> " + guardStart(prose.OneLine(inline(k.Runs))) + "\n")
	case "list":
		for i, it := range k.Items {
			mark := "- "
			if k.Ordered {
				mark = strconv.Itoa(i+1) + ". "
			}
			b.WriteString(mark + guardStart(prose.OneLine(inline(it))) + "\n")
		}
	case "code":
		fence := longestRun(k.Text, '`')
		f := strings.Repeat("`", max(3, fence+1))
		b.WriteString(f + "\n" + k.Text + "\n" + f + "\n")
	case "table":
		writeTable(b, k)
	}
}

func writeTable(b *strings.Builder, k Block) {
	row := func(cells [][]Run) {
		b.WriteString("|")
		for _, c := range cells {
			b.WriteString(" " + prose.OneLine(inline(cellRuns(c))) + " |")
		}
		b.WriteString("\n")
	}
	row(k.Header)
	b.WriteString("|" + strings.Repeat(" --- |", len(k.Header)) + "\n")
	for _, r := range k.Rows {
		row(r)
	}
}

// cellRuns shows code with a bar in it as plain text: readers differ on how to escape it in a cell.
func cellRuns(runs []Run) []Run {
	out := make([]Run, len(runs))
	for i, r := range runs {
		r.Code = r.Code && !strings.Contains(r.Text, "|")
		out[i] = r
	}
	return out
}

func inline(runs []Run) string {
	var b strings.Builder
	for i, r := range runs {
		next := ""
		if i+1 < len(runs) {
			next = runs[i+1].Text
		}
		if (r.Italic || r.Bold) && !markable(b.String(), r, next) {
			r.Italic, r.Bold = false, false
		}
		if r.Code && strings.HasSuffix(b.String(), "`") {
			r.Code = false // the marks of two pieces of code that touch would be read as one
		}
		b.WriteString(inlineRun(r))
	}
	return b.String()
}

// markable says whether marks of emphasis around text would be read as such. CommonMark takes a mark between a letter and
// a punctuation mark for plain text ("*!*a"), and marks that touch for others than were meant ("**a***b*").
func markable(before string, run Run, after string) bool {
	text := run.Text
	core := strings.TrimSpace(text)
	first, _ := utf8.DecodeRuneInString(core)
	last, _ := utf8.DecodeLastRuneInString(core)
	if run.Code {
		first, last = '`', '`'
	}
	if strings.HasPrefix(text, core) {
		r, _ := utf8.DecodeLastRuneInString(before)
		if strings.HasSuffix(before, "*") || isWordRune(r) && !isWordRune(first) {
			return false
		}
	}
	if strings.HasSuffix(text, core) {
		r, _ := utf8.DecodeRuneInString(after)
		if isWordRune(r) && !isWordRune(last) {
			return false
		}
	}
	return true
}

// isWordRune says that r is neither space nor punctuation, as CommonMark parts them: a combining mark belongs to a word too.
func isWordRune(r rune) bool {
	return r != utf8.RuneError && !unicode.IsSpace(r) && !unicode.IsPunct(r) && !unicode.IsSymbol(r)
}

// inlineRun keeps outer spaces outside the marks: "** a**" is no emphasis in CommonMark.
func inlineRun(r Run) string {
	core := strings.TrimSpace(r.Text)
	if core == "" {
		return r.Text
	}
	at := strings.Index(r.Text, core)
	head, tail := r.Text[:at], r.Text[at+len(core):]
	if r.Code {
		n := longestRun(core, '`') + 1
		f := strings.Repeat("`", n)
		pad := ""
		if strings.HasPrefix(core, "`") || strings.HasSuffix(core, "`") {
			pad = " "
		}
		core = f + pad + core + pad + f
	} else {
		core = escapeInline(core)
	}
	if r.Italic {
		core = "*" + core + "*"
	}
	if r.Bold {
		core = "**" + core + "**"
	}
	return head + core + tail
}

var inlineEscape = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "~", `\~`, "|", `\|`)

// entityLike is an ampersand that a Markdown reader would take for the start of an entity.
var entityLike = pattern.Lazily(`&(#?\w+;)`)

// escapeInline escapes what would be markup, and leaves the rest as a person would type it.
func escapeInline(s string) string {
	return entityLike.ReplaceAllString(inlineEscape.Replace(s), `\&$1`)
}

// guardStart escapes what would start another kind of block at the beginning of a line.
func guardStart(s string) string {
	if s == "" {
		return s
	}
	if strings.ContainsRune("#+-=>~", rune(s[0])) {
		return `\` + s
	}
	n := 0
	for n < len(s) && n < 10 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 0 && n < len(s) && (s[n] == '.' || s[n] == ')') {
		return s[:n] + `\` + s[n:]
	}
	return s
}

// guardEnd escapes what would be taken for the closing marks of a heading.
func guardEnd(s string) string {
	if t := strings.TrimRight(s, "#"); t != s {
		return t + `\` + s[len(t):]
	}
	return s
}

func longestRun(s string, c byte) int {
	best, n := 0, 0
	for i := range len(s) {
		if s[i] == c {
			n++
			best = max(best, n)
		} else {
			n = 0
		}
	}
	return best
}

// Inline reads one line of Markdown as runs: links and images become their text, raw HTML vanishes, and what would begin another block
// is text.
func Inline(s string) []Run {
	var out []Run
	for i, b := range Parse(guardStart(prose.OneLine(s))) {
		if i > 0 {
			out = append(out, Run{Text: " "})
		}
		out = append(out, b.Runs...)
		for _, it := range b.Items {
			out = append(out, it...)
		}
	}
	return mergeRuns(out)
}
