package llm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// paragraphBuilder joins wrapped lines into paragraphs, cuts those into sentences and opens a
// section at each heading.
type paragraphBuilder struct {
	r        *reading
	dialogue bool
	width    int
	text     strings.Builder
	page     int
	pages    []pageMark
	speaker  string
	item     bool
	last     string
}

type pageMark struct{ offset, page int }

func (b *paragraphBuilder) add(l line, nextBlank bool) {
	if h, level, ok := heading(l.text, l.blank, nextBlank); ok && !b.dialogue {
		b.flush()
		b.open(h, level, l.page)
		return
	}
	speaker, text := "", l.text
	if b.dialogue {
		if speaker = speakerOf(text); speaker != "" {
			text = strings.TrimSpace(text[strings.IndexByte(text, ':')+1:])
			if i := strings.Index(l.text, speaker); i >= 0 {
				text = strings.TrimSpace(strings.TrimLeft(l.text[i+len(speaker):], " :"))
			}
		}
	}
	item, text := listItem(text)
	if l.blank || item || speaker != "" || b.closed(text) {
		b.flush()
		b.item = item
		if speaker != "" {
			b.speaker = speaker
		}
	}
	b.append(text, l.page)
}

// closed says whether the line before ended its paragraph although no blank line follows: it
// ended a sentence well short of the layout's width.
func (b *paragraphBuilder) closed(next string) bool {
	return b.text.Len() > 0 && endsSentence(b.last) && (len(b.last) < b.width*7/10 || b.width >= 200)
}

func (b *paragraphBuilder) append(text string, page int) {
	if b.text.Len() == 0 {
		b.page = page
	} else if n := b.text.Len(); strings.HasSuffix(b.last, "-") && startsLower(text) && n > 1 {
		s := b.text.String()
		b.text.Reset()
		b.text.WriteString(strings.TrimSuffix(s, "-"))
	} else if r, _ := utf8.DecodeLastRuneInString(b.last); !isCJK(r) {
		b.text.WriteByte(' ')
	}
	if n := len(b.pages); n == 0 || b.pages[n-1].page != page {
		b.pages = append(b.pages, pageMark{b.text.Len(), page})
	}
	b.text.WriteString(text)
	b.last = text
}

func (b *paragraphBuilder) flush() {
	if b.text.Len() == 0 {
		return
	}
	sec := len(b.r.sections) - 1
	parts := splitSentences(b.text.String())
	offset := 0
	for i, p := range parts {
		page := b.page
		for _, m := range b.pages {
			if m.offset <= offset {
				page = m.page
			}
		}
		offset += len(p)
		t := strings.Join(strings.Fields(p), " ")
		if t == "" {
			continue
		}
		b.r.sentences = append(b.r.sentences, sentence{text: t, page: page, section: sec, inPara: i, paraLen: len(parts), speaker: b.speaker, item: b.item})
	}
	b.text.Reset()
	b.pages, b.item, b.last = b.pages[:0], false, ""
}

func (b *paragraphBuilder) open(title string, level, page int) {
	s := &b.r.sections[len(b.r.sections)-1]
	if len(b.r.sections) == 1 && len(b.r.sentences) == 0 && b.r.title == "" {
		b.r.title = title
		s.page = page
		if kindOf(title) == sectionBody {
			return
		}
		b.r.title = ""
	}
	b.r.sections = append(b.r.sections, section{title: title, level: level, kind: kindOf(title), page: page, first: len(b.r.sentences)})
}

func (r *reading) finish() {
	for i := range r.sentences {
		s := &r.sentences[i]
		s.index = i
		sec := &r.sections[s.section]
		if sec.count == 0 {
			sec.first = i
		}
		s.inSec = sec.count
		sec.count++
	}
	// A subsection of what is skipped is skipped too.
	for i := 1; i < len(r.sections); i++ {
		if p := r.sections[i-1]; p.kind == sectionSkip && r.sections[i].level > p.level && r.sections[i].kind == sectionBody {
			r.sections[i].kind = sectionSkip
		}
	}
}

var (
	markdownHeading = lazily(`^(#{1,6})\s+(.+?)\s*#*$`)
	numberedHeading = lazily(`^((\d{1,2}|[IVX]{1,5}|[A-Z])(\.\d{1,2}){0,3}\.?|(?i:chapter|section|part|kapitel|chapitre|capítulo|appendix|annex|anhang)\s+[\dIVXA-Z]{1,5}[.:]?)\s+(\p{L}.*)$`)
	bullet          = lazily(`^([-*•◦▪‣–·]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+`)
)

// heading recognises a heading line: Markdown, numbered, a known name, capitals, or a short line that stands alone.
func heading(s string, before, after bool) (title string, level int, ok bool) {
	if m := markdownHeading.FindStringSubmatch(s); m != nil {
		return plainInline(m[2]), len(m[1]), true
	}
	if len(s) > 120 || strings.Count(s, " ") > 12 {
		return "", 0, false
	}
	if kindOf(s) != sectionBody {
		return strings.TrimRight(s, " :.-–—"), 2, true
	}
	if endsSentence(s) || !before {
		return "", 0, false
	}
	if m := numberedHeading.FindStringSubmatch(s); m != nil && len(m[4]) > 2 && firstUpper(m[4]) && (after || len(s) < 70) {
		return s, 2 + strings.Count(m[3], "."), true
	}
	letters, upper := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	if letters < 3 || letters*2 < utf8.RuneCountInString(s) {
		return "", 0, false
	}
	alone := after && (firstUpper(s) || upper == 0 && !startsLower(s) && utf8.RuneCountInString(s) < 30)
	return s, 2, alone && !strings.HasSuffix(s, ",") || upper*10 > letters*9 && letters > 5
}

func firstUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "\"'“‘«("))
	return unicode.IsUpper(r)
}

func listItem(s string) (bool, string) {
	if m := bullet.FindString(s); m != "" && len(m) < len(s) {
		return true, s[len(m):]
	}
	return false, s
}

var inlineMarks = strings.NewReplacer("**", "", "__", "", "`", "")

func plainInline(s string) string { return strings.TrimSpace(inlineMarks.Replace(s)) }

// Section names, lower case, without number. Matched as a whole or as the first words.
var sectionNames = map[sectionKind]map[string]bool{
	sectionAbstract:   namesOf("abstract|summary|executive summary|management summary|key findings|key points|highlights|overview|at a glance|tl;dr|zusammenfassung|kurzfassung|überblick|résumé|resume|synthèse|resumen|resumen ejecutivo|sumario|resumo|sommario|riassunto|samenvatting|摘要|概要|要約|요약|аннотация|резюме|الملخص|ملخص"),
	sectionIntro:      namesOf("introduction|background|purpose|motivation|einleitung|einführung|introducción|introdução|introduzione|inleiding|引言|はじめに|서론|введение|مقدمة"),
	sectionConclusion: namesOf("conclusion|conclusions|concluding remarks|discussion and conclusion|discussion and conclusions|conclusion and future work|conclusions and future work|summary and conclusion|summary and conclusions|results and conclusions|recommendations|outlook|fazit|schlussfolgerung|schlussfolgerungen|schluss|conclusiones|conclusión|conclusão|conclusões|conclusioni|conclusie|conclusies|结论|結論|결론|заключение|выводы|الخاتمة|خاتمة"),
	sectionSkip:       namesOf("references|bibliography|works cited|acknowledgment|acknowledgments|acknowledgement|acknowledgements|contents|table of contents|list of figures|list of tables|index|copyright|literatur|literaturverzeichnis|inhalt|inhaltsverzeichnis|danksagung|quellen|références|bibliographie|remerciements|table des matières|sommaire|referencias|bibliografía|agradecimientos|índice|referências|bibliografia|indice|ringraziamenti|referenties|inhoudsopgave|参考文献|目录|目次|謝辞|참고문헌|список литературы|содержание|المراجع"),
}

func namesOf(list string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Split(list, "|") {
		m[n] = true
	}
	return m
}

var leadingNumber = lazily(`^(\d{1,2}(\.\d{1,2})*|[IVXivx]{1,4})[.)]?\s+`)

func kindOf(title string) sectionKind {
	if len(title) > 80 {
		return sectionBody
	}
	t := strings.ToLower(strings.TrimSpace(strings.Trim(plainInline(title), " #*:.-–—_")))
	t = leadingNumber.ReplaceAllString(t, "")
	for k := sectionAbstract; k <= sectionSkip; k++ {
		if sectionNames[k][t] {
			return k
		}
	}
	return sectionBody
}
