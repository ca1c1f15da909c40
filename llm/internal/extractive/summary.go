// Package extractive makes a summary out of the sentences of the document itself: it reads sections and sentences, rates and picks
// them, in the form that the kind of document asks for. It is deterministic and calls nobody.
package extractive

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/markdown"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Summarise makes the summary of a document out of its own sentences. lang is the language of its text (BCP 47, or ""), title what
// the site or the file's metadata calls it, filename the last resort for a title. The blocks are never empty: a document that could
// not be read well enough is told so in one sentence.
func Summarise(pages []prose.Page, lang, title, filename string) (string, []markdown.Block) {
	r := read(pages)
	r.workbook = isWorkbook(filename)
	s := scoreReading(r, lang, title)
	return s.summaryTitle(title, filename), s.blocks(pages, len(pages) > 1 && hasPages(filename))
}

// flowing are the endings of files whose text has no pages of its own: the agent cut it into pages to work on, and nobody finds
// "p. 3" in them.
var flowing = prose.SetOf(".txt .md .markdown .html .htm .xhtml .xml .json .csv .tsv .eml .msg .mbox .epub .rtf .docx .docm .doc .odt .pages .srt .vtt .xlsx .xls .xlsb .ods .numbers .ics .vcf .log")

// workbooks are the endings of files that are nothing but cells.
var workbooks = prose.SetOf(".csv .tsv .xlsx .xlsm .xls .xlsb .ods .numbers")

func isWorkbook(filename string) bool {
	i := strings.LastIndexByte(filename, '.')
	return i >= 0 && workbooks[strings.ToLower(filename[i:])]
}

func hasPages(filename string) bool {
	i := strings.LastIndexByte(filename, '.')
	return i < 0 || !flowing[strings.ToLower(filename[i:])]
}

// blocks writes the summary in the form of its genre.
func (s *scored) blocks(pages []prose.Page, cite bool) []markdown.Block {
	if b := s.tooPoor(pages); b != nil {
		return b
	}
	var out []markdown.Block
	switch s.genre {
	case genreSheet:
		return s.sheetBlocks()
	case genreDialogue:
		out = s.dialogueBlocks(cite)
	case genreMinutes:
		out = s.minutesBlocks(cite)
	case genreOpinions:
		out = s.opinionBlocks()
	case genreLetter:
		out = s.letterBlocks(cite)
	case genreCode:
		return s.codeBlocks(cite)
	case genreForm:
		out = s.formBlocks()
	default:
		out = s.articleBlocks(prose.CountPages(pages), cite)
	}
	if len(out) == 0 || len(out) == 1 && len(out[0].Runs) == 0 && len(out[0].Items) == 0 {
		return s.asItIs(pages)
	}
	return out
}

func paragraph(text string) markdown.Block {
	return markdown.Block{Type: "paragraph", Runs: []markdown.Run{{Text: text}}}
}

func heading(text string) markdown.Block {
	return markdown.Block{Type: "heading", Level: 2, Runs: []markdown.Run{{Text: text}}}
}

// quoted is a paragraph of sentences in the document's order. Neighbours from one page share its citation.
func (s *scored) quoted(which []int, cite bool) markdown.Block {
	which = slices.Sorted(slices.Values(which))
	var b strings.Builder
	for k, i := range which {
		if k > 0 {
			b.WriteString(gapAfter(b.String()))
		}
		t := s.spoken(i)
		if k+1 == len(which) || s.sentences[which[k+1]].page != s.sentences[i].page {
			t += s.citation(i, cite)
		}
		b.WriteString(t)
	}
	return paragraph(b.String())
}

// listed is a list of sentences under a heading, nothing where there is none.
func (s *scored) listed(label string, which []int, cite bool) []markdown.Block {
	if len(which) == 0 {
		return nil
	}
	l := markdown.Block{Type: "list"}
	for _, i := range slices.Sorted(slices.Values(which)) {
		l.Items = append(l.Items, []markdown.Run{{Text: s.spoken(i) + s.citation(i, cite)}})
	}
	return []markdown.Block{heading(prose.Label(s.lang, label)), l}
}

// spoken is a sentence with who says it.
func (s *scored) spoken(i int) string {
	t := s.tidy(i)
	if s.genre == genreDialogue && s.sentences[i].speaker != "" {
		return s.sentences[i].speaker + ": " + t
	}
	return t
}

func (s *scored) citation(i int, cite bool) string {
	return s.pageReference(s.sentences[i].page, cite)
}

func (s *scored) pageReference(page int, cite bool) string {
	if cite && page > 0 {
		return " (" + prose.Label(s.lang, "page") + " " + strconv.Itoa(page) + ")"
	}
	return ""
}

// gapAfter is the space between two sentences: none behind the full stop of Chinese and Japanese.
func gapAfter(text string) string {
	if strings.HasSuffix(text, "。") || strings.HasSuffix(text, "！") || strings.HasSuffix(text, "？") {
		return ""
	}
	return " "
}

// words is the number of words of all sentences.
func (s *scored) words() int {
	n := 0
	for i := range s.sentences {
		n += s.sentences[i].words
	}
	return n
}
