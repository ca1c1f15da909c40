package extractive

import (
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// section is what stands below one heading.
type section struct {
	title string
	level int
	kind  prose.SectionKind
	page  int
	first int // index of its first sentence
	count int
}

// sentence knows its page and its place.
type sentence struct {
	text       string
	page       int
	confidence float64 // of its page's recognition, 0 where it was not recognised
	section    int
	index      int // in the document
	inSec      int // in its section
	inPara     int // in its paragraph
	paraLen    int
	words      int
	speaker    string
	item       bool // list item
	terms      []int32
}

// table is rows of cells with the lines of text before it, the nearest last.
type table struct {
	page    int
	heading string // that it stands below
	above   []string
	rows    [][]string
}

// field is a line of the form "Label: value".
type field struct {
	label, value string
	page         int
}

// reading is a document in sections, sentences, tables and fields.
type reading struct {
	title     string
	heading   string // the last one so far
	sections  []section
	sentences []sentence
	tables    []table
	fields    []field
	opening   []string // the first lines, headings among them
	lines     int      // non-empty lines of source text
	rows      int      // of them cells
	code      int      // of them code
	ends      int      // of them ended like a sentence
	turns     int      // of them "Speaker: text"
	speakers  []string // in the order in which they first speak
	dialogue  bool
	workbook  bool // all there is to a document of its kind is cells
	lower     bool // even sentences begin with small letters here
}

// openingLines is how much of a document tells what it is: letterheads, covers, the heads of mails.
const openingLines = 80

// read turns pages into a reading.
func read(pages []prose.Page) *reading {
	lines := pageLines(pages)
	r := &reading{lines: len(lines)}
	r.survey(lines)
	r.sections = append(r.sections, section{level: 1, page: 1})
	b := paragraphBuilder{r: r, width: wrapWidth(lines)}
	for i, l := range lines {
		switch l.kind {
		case lineText:
			if isComment(lines, i) {
				b.flush()
				continue
			}
			b.add(l, i+1 >= len(lines) || lines[i+1].blank || lines[i+1].kind != lineText)
		case lineTable:
			b.flush()
			r.row(l, i == 0 || lines[i-1].kind != lineTable, lines[max(0, i-6):i])
		default:
			b.flush()
		}
	}
	b.flush()
	r.splitAtAbstract()
	r.finish()
	return r
}

// isComment says whether line i only looks like a heading of Markdown: a comment in a script.
func isComment(lines []line, i int) bool {
	title, ok := strings.CutPrefix(lines[i].text, "# ")
	if !ok {
		return false
	}
	beside := i > 0 && lines[i-1].kind == lineCode || i+1 < len(lines) && lines[i+1].kind == lineCode
	return beside || prose.StartsLower(title) || isCode(title) || strings.HasSuffix(title, ".") && strings.Count(title, " ") > 4
}

// survey counts what the lines are made of.
func (r *reading) survey(lines []line) {
	turns := map[string]int{}
	for _, l := range lines {
		if len(r.opening) < openingLines {
			r.opening = append(r.opening, l.text)
		}
		switch l.kind {
		case lineTable:
			r.rows++
		case lineCode:
			r.code++
		case lineText:
			if isWhole(l.text) {
				r.ends++
			}
			if who := speakerOf(l.text); who != "" {
				r.turns++
				if turns[who]++; turns[who] == 1 {
					r.speakers = append(r.speakers, who)
				}
			}
			if f, ok := fieldOf(l); ok {
				r.fields = append(r.fields, f)
			}
		}
	}
	r.speakers = slices.DeleteFunc(r.speakers, func(who string) bool { return turns[who] < 2 })
	// In a form each label stands once; in a conversation people speak again and again.
	r.dialogue = r.lines >= 8 && r.turns*10 >= r.lines*4 && len(turns)*2 <= r.turns && len(r.speakers) > 0
}

// row adds a line of cells to the table it belongs to.
func (r *reading) row(l line, first bool, before []line) {
	cells := cellsOf(l.text)
	if first {
		t := table{page: l.page, heading: r.heading}
		for _, b := range before {
			t.above = append(t.above, strings.TrimLeft(b.text, "# "))
		}
		r.tables = append(r.tables, t)
	}
	if len(cells) == 2 && strings.HasSuffix(cells[0], ":") && cells[1] != "" {
		r.fields = append(r.fields, field{strings.TrimSuffix(cells[0], ":"), cells[1], l.page})
	}
	if cells != nil {
		t := &r.tables[len(r.tables)-1]
		t.rows = append(t.rows, cells)
	}
}

// cellsOf are the cells of a row, nil for the line below a Markdown table's head.
func cellsOf(s string) []string {
	sep := "\t"
	if strings.Contains(s, "|") {
		sep = "|"
		if strings.Trim(s, "-|: ") == "" && strings.Contains(s, "-") {
			return nil
		}
		s = strings.TrimSuffix(strings.TrimPrefix(s, "|"), "|")
	}
	cells := strings.Split(strings.ReplaceAll(s, `\|`, "\x00"), sep)
	for i := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "\x00", "|"))
	}
	return cells
}

var labelled = pattern.Lazily(`^[-*•]?\s*([\p{L}][\p{L}\p{M}\p{N} /.'’()#-]{1,38}?)\s?:\s+(\S.{0,160})$`)

// total is the line of a bill or receipt that counts.
var total = pattern.Lazily(`(?i)^(grand total|total( due| amount| paid)?|amount due|gesamt(betrag|summe)?|summe|(montant )?total( ttc)?|(importe )?total|totale|totaal)\s*:?\s+([$€£]\s?\d[\d.,]*|\d[\d.,]*\s?([€£$]|eur|usd)?)$`)

func fieldOf(l line) (field, bool) {
	if m := total.FindStringSubmatch(l.text); m != nil {
		return field{m[1], m[len(m)-2], l.page}, true
	}
	m := labelled.FindStringSubmatch(l.text)
	if m == nil || strings.Count(m[1], " ") > 4 {
		return field{}, false
	}
	return field{m[1], m[2], l.page}, true
}

// inlineAbstract finds "Abstract" at the head of running text, as scanned papers have it (also
// with the gaps that bad OCR leaves in it).
var inlineAbstract = pattern.Lazily(`(?:^|\s)A\s?(?:b\s?s\s?t\s?r\s?a\s?c\s?t|B\s?S\s?T\s?R\s?A\s?C\s?T)\s?[.:—–-]?\s+(\p{Lu})`)

// splitAtAbstract opens an abstract section where the word stands inside the first sentences.
// What precedes it is title and authors; what follows the next 12 sentences is body again.
func (r *reading) splitAtAbstract() {
	if len(r.sections) > 1 && r.sections[1].kind == prose.SectionAbstract {
		return
	}
	for i := range min(8, len(r.sentences)) {
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

var inlineIntro = pattern.Lazily(`^(1|I)\.?\s+I\s?n\s?t\s?r\s?o`)

// earlyAbstract is the number of sentences before which an abstract is always one of the whole document.
const earlyAbstract = 60

// finish numbers the sentences and closes what is skipped.
func (r *reading) finish() {
	lower := 0
	for i := range r.sentences {
		s := &r.sentences[i]
		s.index = i
		sec := &r.sections[s.section]
		if sec.count == 0 {
			sec.first = i
		}
		s.inSec = sec.count
		sec.count++
		if prose.StartsLower(s.text) {
			lower++
		}
	}
	r.lower = lower*2 > len(r.sentences)
	for i := range r.sections {
		// A summary of the whole stands at its beginning; later ones are of a chapter.
		if sec := &r.sections[i]; sec.kind == prose.SectionAbstract && sec.first > earlyAbstract && sec.first*5 > len(r.sentences) {
			sec.kind = prose.SectionBody
		}
	}
	r.closeSkipped()
}

var (
	endMatter = pattern.Lazily(`(?i)^((list of )?references|bibliography|works cited|literatur(verzeichnis)?|références|bibliographie|referencias|bibliograf[ií]a|referências|riferimenti|参考文献|참고문헌|список литературы|signatures?|unterschriften|(index|list) of exhibits|exhibit index|index|stichwortverzeichnis)$`)
	attached  = pattern.Lazily(`(?i)^(exhibits?\b|certifications?\b|anlage \d)`)
)

// closeSkipped marks what nobody quotes: subsections of what is skipped, and in the last part of a document all that follows its
// references, signatures or exhibits, whose lines often look like headings.
func (r *reading) closeSkipped() {
	over := len(r.sentences) // index from which all is skipped
	for i := range r.sections {
		sec := &r.sections[i]
		title := strings.Trim(leadingMark.ReplaceAllString(sec.title, ""), " .:")
		late := sec.first*5 > len(r.sentences)*2
		if late && (endMatter.MatchString(title) || attached.MatchString(title)) {
			over = min(over, sec.first)
		}
		if i > 0 && sec.kind == prose.SectionBody {
			if p := r.sections[i-1]; p.kind == prose.SectionSkip && sec.level > p.level {
				sec.kind = prose.SectionSkip
			}
		}
		if sec.first >= over {
			sec.kind = prose.SectionSkip
		}
	}
}

var leadingMark = pattern.Lazily(`^[\d.\sIVX]{1,6}[.)]?\s+`)

var speakerLine = pattern.Lazily(`^(\[?\(?\d{1,2}:\d{2}(:\d{2})?\]?\)?\s*)?([\p{Lu}\p{Lo}][\p{L}\p{M}\p{N}'.\- ]{0,38}(\([\p{L} ,.]{1,24}\))?)\s?:\s+\S`)

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
