package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// SectionKind is what a heading says about the text below it.
type SectionKind int

// Kinds of sections.
const (
	SectionBody SectionKind = iota
	SectionAbstract
	SectionIntro
	SectionConclusion
	SectionSkip // references, contents, acknowledgements: never quoted
)

var markdownHeading = pattern.Lazily(`^(#{1,6})\s+(.+?)\s*#*$`)

// NumberedHeading is a line that begins with the number of a section.
var NumberedHeading = pattern.Lazily(`^((\d{1,2}|[IVX]{1,5}|[A-Z])(\.\d{1,2}){0,3}\.?|(?i:chapter|section|part|kapitel|chapitre|capítulo|appendix|annex|anhang)\s+[\dIVXA-Z]{1,5}[.:]?)\s+(\p{L}.*)$`)

// Heading recognises a heading line: Markdown, numbered, a known name, capitals, or a short line that stands alone.
func Heading(s string, before, after bool) (title string, level int, ok bool) {
	if m := markdownHeading.FindStringSubmatch(s); m != nil {
		return plainInline(m[2]), len(m[1]), true
	}
	if len(s) > 120 || strings.Count(s, " ") > 12 {
		return "", 0, false
	}
	if SectionKindOf(s) != SectionBody {
		return strings.TrimRight(s, " :.-–—"), 2, true
	}
	if EndsSentence(s) || !before {
		return "", 0, false
	}
	if m := NumberedHeading.FindStringSubmatch(s); m != nil && len(m[4]) > 2 && firstUpper(m[4]) && (after || len(s) < 70) {
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
	alone := after && (firstUpper(s) || upper == 0 && !StartsLower(s) && utf8.RuneCountInString(s) < 30)
	return s, 2, alone && !strings.HasSuffix(s, ",") || upper*10 > letters*9 && letters > 5
}

func firstUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "\"'“‘«("))
	return unicode.IsUpper(r)
}

// Section names, lower case, without number. Matched as a whole or as the first words.
var sectionNames = map[SectionKind]map[string]bool{
	SectionAbstract:   namesOf("abstract|summary|executive summary|management summary|key findings|key points|highlights|overview|at a glance|tl;dr|zusammenfassung|kurzfassung|überblick|résumé|resume|synthèse|resumen|resumen ejecutivo|sumario|resumo|sommario|riassunto|samenvatting|摘要|概要|要約|요약|аннотация|резюме|الملخص|ملخص"),
	SectionIntro:      namesOf("introduction|background|purpose|motivation|preface|foreword|vorwort|avant-propos|préface|prólogo|prefacio|prefazione|prefácio|voorwoord|einleitung|einführung|introducción|introdução|introduzione|inleiding|引言|はじめに|서론|введение|مقدمة"),
	SectionConclusion: namesOf("conclusion|conclusions|concluding remarks|discussion and conclusion|discussion and conclusions|conclusion and future work|conclusions and future work|summary and conclusion|summary and conclusions|results and conclusions|recommendations|outlook|fazit|schlussfolgerung|schlussfolgerungen|schluss|conclusiones|conclusión|conclusão|conclusões|conclusioni|conclusie|conclusies|结论|結論|결론|заключение|выводы|الخاتمة|خاتمة"),
	SectionSkip:       namesOf("references|bibliography|works cited|acknowledgment|acknowledgments|acknowledgement|acknowledgements|contents|table of contents|list of figures|list of tables|index|copyright|liste des tableaux|liste des figures|table des figures|abbildungsverzeichnis|tabellenverzeichnis|stichwortverzeichnis|índice de tablas|índice de figuras|lista de tablas|lista de figuras|elenco delle tabelle|elenco delle figure|图目录|表目录|図目次|表目次|literatur|literaturverzeichnis|inhalt|inhaltsverzeichnis|danksagung|quellen|références|bibliographie|remerciements|table des matières|sommaire|referencias|bibliografía|agradecimientos|índice|referências|bibliografia|indice|ringraziamenti|referenties|inhoudsopgave|参考文献|目录|目次|謝辞|참고문헌|список литературы|содержание|المراجع"),
}

func namesOf(list string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Split(list, "|") {
		m[n] = true
	}
	return m
}

var leadingNumber = pattern.Lazily(`^(\d{1,2}(\.\d{1,2})*|[IVXivx]{1,4})[.)]?\s+`)

// SectionKindOf is what the name of a section says about it.
func SectionKindOf(title string) SectionKind {
	if len(title) > 80 {
		return SectionBody
	}
	t := strings.ToLower(strings.TrimSpace(strings.Trim(plainInline(title), " #*:.-–—_")))
	t = leadingNumber.ReplaceAllString(t, "")
	for k := SectionAbstract; k <= SectionSkip; k++ {
		if sectionNames[k][t] {
			return k
		}
	}
	return SectionBody
}
