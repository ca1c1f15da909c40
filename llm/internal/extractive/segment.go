package extractive

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// The reading of a document that the extractive summariser works on: sections, each with
// sentences that know their page and place.

type section struct {
	title string
	level int
	kind  prose.SectionKind
	page  int
	first int // index of its first sentence
	count int
}

type sentence struct {
	text    string
	page    int
	section int
	index   int // in the document
	inSec   int // in its section
	inPara  int // in its paragraph
	paraLen int
	words   int
	speaker string
	item    bool // list item
	terms   []int32
}

// reading is a document in sections and sentences.
type reading struct {
	title     string
	sections  []section
	sentences []sentence
	lines     int // non-empty lines of source text
	turns     int // lines of the form "Speaker: text"
}

type line struct {
	text  string
	page  int
	blank bool // a blank line or page border precedes
}

// read turns pages into a reading.
func read(pages []prose.Page) *reading {
	lines := pageLines(pages)
	r := &reading{lines: len(lines)}
	for _, l := range lines {
		if speakerOf(l.text) != "" {
			r.turns++
		}
	}
	r.sections = append(r.sections, section{level: 1, page: 1})
	b := paragraphBuilder{r: r, dialogue: r.isDialogue(), width: wrapWidth(lines)}
	for i, l := range lines {
		next := i+1 >= len(lines) || lines[i+1].blank
		b.add(l, next)
	}
	b.flush()
	r.splitAtAbstract()
	r.finish()
	return r
}

// inlineAbstract finds "Abstract" at the head of running text, as scanned papers have it (also
// with the gaps that bad OCR leaves in it).
var inlineAbstract = prose.Lazily(`(?:^|\s)A\s?(?:b\s?s\s?t\s?r\s?a\s?c\s?t|B\s?S\s?T\s?R\s?A\s?C\s?T)\s?[.:—–-]?\s+(\p{Lu})`)

// splitAtAbstract opens an abstract section where the word stands inside the first sentences.
// What precedes it is title and authors; what follows the next 12 sentences is body again.
func (r *reading) splitAtAbstract() {
	if len(r.sections) > 1 && r.sections[1].kind == prose.SectionAbstract {
		return
	}
	for i := 0; i < min(8, len(r.sentences)); i++ {
		m := inlineAbstract.FindStringSubmatchIndex(r.sentences[i].text)
		if m == nil || r.sentences[i].section != r.sentences[0].section {
			continue
		}
		own := r.sentences[i].section
		n := len(r.sections)
		r.sections = append(r.sections, section{kind: prose.SectionSkip, level: 1, page: 1}, section{kind: prose.SectionAbstract, level: 2, page: r.sentences[i].page})
		for j := range i {
			r.sentences[j].section = n
		}
		r.sentences[i].text = r.sentences[i].text[m[2]:]
		for j := i; j < len(r.sentences) && j < i+12 && r.sentences[j].section == own; j++ {
			if j > i && inlineIntro.MatchString(r.sentences[j].text) {
				break
			}
			r.sentences[j].section = n + 1
		}
		return
	}
}

var inlineIntro = prose.Lazily(`^(1|I)\.?\s+I\s?n\s?t\s?r\s?o`)

func (r *reading) isDialogue() bool { return r.lines >= 8 && r.turns*10 >= r.lines*4 }

// pageLines splits pages into trimmed lines without running headers and footers.
func pageLines(pages []prose.Page) []line {
	running := runningLines(pages)
	var out []line
	for _, p := range pages {
		blank := true
		for s := range strings.Lines(p.Text) {
			s = strings.TrimSpace(cleanLine(s))
			if s == "" {
				blank = true
				continue
			}
			if len(running) > 0 && running[lineShape(s)] || isPageNumber(s) {
				continue
			}
			out = append(out, line{text: s, page: p.Number, blank: blank})
			blank = false
		}
	}
	// A sentence that runs over a page border is one paragraph.
	for i := 1; i < len(out); i++ {
		if out[i].page != out[i-1].page && !prose.EndsSentence(out[i-1].text) && prose.StartsLower(out[i].text) {
			out[i].blank = false
		}
	}
	return out
}

var entity = strings.NewReplacer("&quot;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#39;", "'", "&apos;", "'", "&nbsp;", " ", "\u00ad", "", "\ufeff", "", "\x00", "", "\u00a0", " ")

func cleanLine(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if strings.ContainsAny(s, "&\u00ad\ufeff\x00\u00a0") {
		s = entity.Replace(s)
	}
	return s
}

var pageNumber = prose.Lazily(`^(?i:(page|seite|p\.?|página|pagina)\s*)?[-–]?\s*\d{1,4}\s*[-–]?(\s*(/|of|von|de|sur)\s*\d{1,4})?$`)

func isPageNumber(s string) bool { return len(s) < 24 && pageNumber.MatchString(s) }

// lineShape is a line with its numbers hidden, so "Page 3" and "Page 4" are one shape.
func lineShape(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '#'
		}
		return unicode.ToLower(r)
	}, s)
}

// runningLines are the shapes at the top or bottom of many pages: headers and footers.
func runningLines(pages []prose.Page) map[string]bool {
	if len(pages) < 4 {
		return nil
	}
	count := map[string]int{}
	for _, p := range pages {
		ls := strings.FieldsFunc(p.Text, func(r rune) bool { return r == '\n' })
		seen := map[string]bool{}
		for i, l := range ls {
			if i >= 2 && i < len(ls)-2 {
				continue
			}
			l = strings.TrimSpace(cleanLine(l))
			if _, _, ok := prose.Heading(l, true, true); ok && prose.NumberedHeading.MatchString(l) {
				continue // "3. Results" at the top of its page is a heading, not a running header
			}
			if k := lineShape(l); k != "" && len(k) < 160 && !seen[k] {
				seen[k] = true
				count[k]++
			}
		}
	}
	need := max(3, len(pages)*2/5)
	for k, n := range count {
		if n < need {
			delete(count, k)
		}
	}
	out := make(map[string]bool, len(count))
	for k := range count {
		out[k] = true
	}
	return out
}

func wrapWidth(lines []line) int {
	// The 80th percentile of line lengths: lines about that long were wrapped by a layout.
	var hist [201]int
	for _, l := range lines {
		hist[min(200, len(l.text))]++
	}
	need, seen := len(lines)*8/10, 0
	for n, c := range hist {
		if seen += c; seen >= need {
			return n
		}
	}
	return 200
}

var speakerLine = prose.Lazily(`^(\[?\(?\d{1,2}:\d{2}(:\d{2})?\]?\)?\s*)?([\p{Lu}\p{Lo}][\p{L}\p{M}\p{N}'.\- ]{0,38}(\([\p{L} ,.]{1,24}\))?)\s?:\s+\S`)

// speakerOf returns who speaks in a transcript line, or "".
func speakerOf(s string) string {
	head := s
	if len(head) > 90 {
		head = head[:90]
	}
	if strings.IndexByte(head, ':') < 1 {
		return ""
	}
	m := speakerLine.FindStringSubmatch(head)
	if m == nil || strings.Count(m[3], " ") > 4 {
		return ""
	}
	return strings.TrimSpace(m[3])
}
