package extractive

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// lineKind is what a line is made of; only text is read as sentences.
type lineKind int

const (
	lineText  lineKind = iota
	lineTable          // a row of cells
	lineCode           // source, commands, what a program printed
	lineDrop           // page numbers, rules, contents, signatures: nothing
)

type line struct {
	text       string
	kind       lineKind
	page       int
	confidence float64 // of the page's recognition, 0 where it was not recognised
	blank      bool    // a blank line or page border precedes
}

// pageLines splits pages into trimmed lines without running headers and footers.
func pageLines(pages []prose.Page) []line {
	running := runningLines(pages)
	var out []line
	for _, p := range pages {
		blank, fenced := true, false
		for s := range strings.Lines(p.Text) {
			s = strings.TrimSpace(cleanLine(s))
			if strings.HasPrefix(s, "```") || strings.HasPrefix(s, "~~~") {
				fenced = !fenced
				s = ""
			}
			if s == "" {
				blank = true
				continue
			}
			if len(running) > 0 && running[lineShape(s)] {
				continue
			}
			kind := kindOf(s)
			if fenced {
				kind = lineCode
			}
			if kind == lineDrop {
				blank = true
				continue
			}
			out = append(out, line{text: s, kind: kind, page: p.Number, confidence: p.Confidence, blank: blank})
			blank = kind != lineText
		}
	}
	// A sentence that runs over a page border is one paragraph.
	for i := 1; i < len(out); i++ {
		if out[i].page != out[i-1].page && out[i].kind == lineText && !prose.EndsSentence(out[i-1].text) && prose.StartsLower(out[i].text) {
			out[i].blank = false
		}
	}
	return out
}

var (
	entity = strings.NewReplacer("&quot;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#39;", "'", "&apos;", "'", "&nbsp;", " ", "\u00ad", "", "\ufeff", "", "\x00", "", "\u00a0", " ")
	// linkMark is a Markdown link: its text stays. The second is a word of a page's own machinery ("[edit]", "[update][1]").
	linkMark    = pattern.Lazily(`!?\[([^\]\n]{1,120})\](\[[\w .-]{0,20}\]|\([^()\s]{1,300}\))`)
	machinery   = pattern.Lazily(`(?i)\[(edit|update|source|citation needed|show|hide|bearbeiten|modifier|editar|modifica)\](\[[\w-]*\])?`)
	transcribed = pattern.Lazily(`\{\s?(disfmarker|vocalsound|pause|gap|nonvocalsound|comment)\s?\}|<(laugh|cough|pause|noise)>|\[(laughter|inaudible|crosstalk|pause|noise|applause)\]`)
)

func cleanLine(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if strings.ContainsAny(s, "&\u00ad\ufeff\x00\u00a0") {
		s = entity.Replace(s)
	}
	if strings.ContainsAny(s, "[{<") {
		s = transcribed.ReplaceAllString(s, "")
		s = machinery.ReplaceAllString(s, "")
		s = linkMark.ReplaceAllString(s, "$1")
	}
	return s
}

var (
	pageNumber  = pattern.Lazily(`^(?i:(page|seite|p\.?|página|pagina)\s*)?[-–]?\s*\d{1,4}\s*[-–]?(\s*(/|of|von|de|sur)\s*\d{1,4})?$`)
	dotLeaders  = pattern.Lazily(`(\.\s?){5,}\s*\w{0,6}\s*$|…{2,}`)
	ruleLine    = pattern.Lazily(`^[-=_*~·•.\s]{3,}$|_{3,}`)
	linkTarget  = pattern.Lazily(`^\[[\w-]{1,20}\]:\s`)
	signedLine  = pattern.Lazily(`(?i)^(/s/|signed:|signature\b|by:\s*/s/|unterschrift\b|firma:)`)
	captionLine = pattern.Lazily(`(?i)^(figure|fig\.?|table|abb(ildung|\.)|tab(elle|leau|la|\.)|figura|quadro)\s*\d{1,3}[a-z]?\s*[:.]\s`)
	// furniture is what a page says about itself and its neighbours.
	furniture = pattern.Lazily(`(?i)^(\(?(missing alt|continued|fortsetzung|suite)\)?\s*(on|from|next|auf|page)?\b.{0,30}|back to top|skip to (main )?content|print this page|table of contents|this page (was|is) (last|intentionally)\b.*|last (updated|modified)\b.{0,60}|(draft|confidential|internal use only))$`)
)

// kindOf says what a line of its own is made of.
func kindOf(s string) lineKind {
	switch {
	case len(s) < 24 && pageNumber.MatchString(s), dotLeaders.MatchString(s), ruleLine.MatchString(s), linkTarget.MatchString(s),
		signedLine.MatchString(s), captionLine.MatchString(s), len(s) < 120 && furniture.MatchString(s):
		return lineDrop
	case isRow(s):
		return lineTable
	case isCode(s):
		return lineCode
	}
	return lineText
}

// longCell is the number of words from which what stands before or behind a tab is prose with a gap in it.
const longCell = 8

// isRow says whether s is cells: between bars as Markdown has them, or between tabs.
func isRow(s string) bool {
	if strings.HasPrefix(s, "|") {
		return strings.Count(s, "|") > 1
	}
	if strings.Count(s, "|") > 2 {
		return true
	}
	if !strings.Contains(s, "\t") {
		return false
	}
	for cell := range strings.SplitSeq(s, "\t") {
		if strings.Count(strings.TrimSpace(cell), " ") >= longCell {
			return false
		}
	}
	return true
}

var (
	prompt   = pattern.Lazily(`^([$%>]\s+\S|#!/|>>>\s|(root|\w+)@[\w.-]+[:~].*[$#]|[A-Z]:\\|PS\s?[A-Z]:|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*\s.{0,40}\b(INFO|WARN(ING)?|ERROR|DEBUG|FATAL|TRACE|NOTICE)\b|\p{L}{3} +\d+ \d\d:\d\d:\d\d \S+ \S+:|#\s?(apt|dpkg|mount|cd|ls|cat|echo|sudo)\b)`)
	codeLine = pattern.Lazily(`^(if|for|while|switch|def|class|func|function|import|from|#\s?include|#\s?define|return|var|let|const|public|private|protected|static|void|int|package|using|namespace|SELECT|INSERT|UPDATE|CREATE|export|echo|print|sudo|apt|apt-get|dpkg|git|cd|mkdir|chmod|curl|wget|make)\b.*(\w\(|[{};=]|\s--?\w|:$)|^(import|package|#include|using)\s[\w.:"'<>/*-]+;?$|^[\w.\[\]>-]+\s?(:=|[-+*/|&]?=)\s?\S+|^[\w.]+\([^()]*\);?$|^(</?|<!)[a-zA-Z]`)
)

// isCode says whether s was written for a machine: a prompt, a statement, more marks than a sentence has.
func isCode(s string) bool {
	if prompt.MatchString(s) {
		return true
	}
	if marks := len(s) - len(strings.TrimLeft(s, "#")); marks > 0 && marks <= 6 && strings.HasPrefix(s[marks:], " ") {
		return false // a heading
	}
	marks, letters, words := 0, 0, strings.Count(s, " ")+1
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case strings.ContainsRune("{}[]<>=;\\$_|&*#@~^`", r):
			marks++
		}
	}
	if letters == 0 {
		return false
	}
	return marks*6 > letters && marks > 2 || words < 12 && codeLine.MatchString(s) || words < 10 && strings.HasSuffix(s, "{")
}

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
	out := map[string]bool{}
	for k, n := range count {
		if n >= need {
			out[k] = true
		}
	}
	return out
}

func wrapWidth(lines []line) int {
	// The 80th percentile of line lengths: lines about that long were wrapped by a layout.
	var hist [201]int
	n := 0
	for _, l := range lines {
		if l.kind == lineText {
			hist[min(200, len(l.text))]++
			n++
		}
	}
	need, seen := n*8/10, 0
	for n, c := range hist {
		if seen += c; seen >= need {
			return n
		}
	}
	return 200
}
