package llm

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ExtractiveVersion changes whenever the same document could give another extractive summary.
const ExtractiveVersion = "extractive-1"

// Extractive summarises without a model and without network: it quotes the sentences that say
// most about the document, with their page. It is deterministic.
type Extractive struct{}

var _ Summariser = Extractive{}

// Name is "extractive".
func (Extractive) Name() string { return "extractive" }

// Summarise quotes the document. cache is not used: the work is cheaper than a look-up.
func (Extractive) Summarise(ctx context.Context, d Document, _ Cache, progress func(done, total int)) (Summary, error) {
	start := time.Now()
	if err := ctx.Err(); err != nil {
		return Summary{}, err
	}
	if progress != nil {
		progress(0, 1)
	}
	words := countDocument(d)
	if words == 0 {
		return Summary{}, &Error{Code: CodeNoText, Message: "the document holds no text; if it is a scan, install the OCR language it is written in"}
	}
	lang := detectDocument(d)
	s := scoreReading(read(d.Pages), lang, d.Title)
	title := summaryTitle(d, s.reading)
	blocks := s.summaryBlocks(words, len(d.Pages) > 1)
	if len(blocks) == 0 {
		blocks = quoteOpening(d)
	}
	if progress != nil {
		progress(1, 1)
	}
	return Summary{
		Title: title, Markdown: Markdown(blocks), Blocks: blocks, Language: lang, Words: words, Chunks: 1,
		Provider: "extractive", Model: "", PromptVersion: ExtractiveVersion, Duration: time.Since(start),
	}, nil
}

func countDocument(d Document) int {
	n := 0
	for _, p := range d.Pages {
		n += CountWords(p.Text)
	}
	return n
}

// longDocument is the number of words from which a summary gets a line for each section.
const longDocument = 4000

func (s *scored) summaryBlocks(words int, cite bool) []Block {
	var out []Block
	abstract, points := s.choose(words)
	if len(abstract) > 0 {
		var runs []string
		for _, i := range abstract {
			runs = append(runs, s.quote(i, cite))
		}
		out = append(out, Block{Type: "paragraph", Runs: []Run{{Text: strings.Join(runs, sentenceGap(s.lang))}}})
	}
	if len(points) > 0 {
		l := Block{Type: "list"}
		for _, i := range points {
			l.Items = append(l.Items, []Run{{Text: s.quote(i, cite)}})
		}
		out = append(out, Block{Type: "heading", Level: 2, Runs: []Run{{Text: label(s.lang, "points")}}}, l)
	}
	if words >= longDocument && s.genre == genreArticle {
		out = append(out, s.sectionBlocks(append(slices.Clone(abstract), points...), cite)...)
	}
	return out
}

// choose picks the abstract (2–4 sentences) and the key points (3–8), both in document order.
func (s *scored) choose(words int) (abstract, points []int) {
	nAbstract, nPoints := 3, min(8, max(3, 2+words/600))
	if words < 150 {
		nAbstract, nPoints = 2, 0
	} else if words < 400 {
		nAbstract, nPoints = 2, 3
	}
	p := newPicker(s)
	cands := s.candidates()
	for len(p.chosen) < nAbstract && p.best(cands, 90) {
	}
	abstract = p.ordered()
	for len(p.chosen) < nAbstract+nPoints && p.best(cands, 70) {
	}
	// A document that repeats itself (a form, minutes) still gets its few points.
	for p.loose = true; len(p.chosen) < nAbstract+min(3, nPoints) && p.best(cands, 70); {
	}
	for _, i := range p.ordered() {
		if !slices.Contains(abstract, i) {
			points = append(points, i)
		}
	}
	return abstract, points
}

func (s *scored) sectionBlocks(used []int, cite bool) []Block {
	var items [][]Run
	total := len(s.sentences)
	for _, sec := range s.topSections() {
		best, at := 0.0, -1
		for i := sec.first; i < min(sec.first+sec.count, total); i++ {
			v := s.score[i] / (1 + 0.03*float64(s.sentences[i].inSec))
			if s.sentences[i].section >= 0 && v > best && !slices.Contains(used, i) {
				best, at = v, i
			}
		}
		if at >= 0 {
			items = append(items, []Run{{Text: tidySpaces(sec.title), Bold: true}, {Text: ": " + s.quote(at, cite)}})
		}
	}
	if len(items) < 2 {
		return nil
	}
	return []Block{{Type: "heading", Level: 2, Runs: []Run{{Text: label(s.lang, "sections")}}}, {Type: "list", Items: items}}
}

// maxSections bounds the outline.
const maxSections = 25

// topSections are the sections of the outline: of the deepest level that still gives a readable number.
func (s *scored) topSections() []section {
	for level := 6; level >= 1; level-- {
		var out []section
		for _, sec := range s.sections {
			if sec.title != "" && sec.level <= level && sec.count >= 2 && sec.kind != sectionSkip {
				out = append(out, sec)
			}
		}
		if len(out) <= maxSections || level == 1 {
			return out[:min(len(out), maxSections)]
		}
	}
	return nil
}

func (s *scored) quote(i int, cite bool) string {
	t := s.tidy(i)
	if s.genre == genreDialogue && s.sentences[i].speaker != "" {
		t = s.sentences[i].speaker + ": " + t
	}
	if cite && s.sentences[i].page > 0 {
		t += fmt.Sprintf(" (%s %d)", label(s.lang, "page"), s.sentences[i].page)
	}
	return t
}

func sentenceGap(lang string) string {
	if lang == "zh" || lang == "ja" {
		return ""
	}
	return " "
}

// quoteOpening is the summary of a text without one quotable sentence: its first words.
func quoteOpening(d Document) []Block {
	for _, p := range d.Pages {
		if t := oneLine(cleanText(p.Text)); t != "" {
			return []Block{{Type: "paragraph", Runs: []Run{{Text: clip(t, 400)}}}}
		}
	}
	return nil
}

// clip shortens s to at most n runes at a space where there is one.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:n])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// maxTitle is the length of a summary's title, in characters.
const maxTitle = 120

// summaryTitle is the metadata's title, else the first heading, else the first line, else the file's name.
func summaryTitle(d Document, r *reading) string {
	for _, t := range []string{d.Title, r.title, firstTitleLine(r)} {
		if t = tidyTitle(t); t != "" {
			return t
		}
	}
	name := strings.TrimSuffix(filepath.Base(d.Filename), filepath.Ext(d.Filename))
	name = tidyTitle(strings.NewReplacer("_", " ", "-", " ").Replace(name))
	if name == "" || name == "." {
		return "Untitled document"
	}
	return name
}

func firstTitleLine(r *reading) string {
	for _, sec := range r.sections {
		if sec.title != "" && sec.kind == sectionBody {
			return sec.title
		}
	}
	if len(r.sentences) > 0 && r.sentences[0].words <= 14 && r.sentences[0].speaker == "" {
		return strings.TrimRight(r.sentences[0].text, ". ")
	}
	return ""
}

func tidyTitle(t string) string {
	t = clip(oneLine(plainInline(strings.TrimLeft(cleanText(t), "# "))), maxTitle)
	letters := strings.IndexFunc(t, unicode.IsLetter) >= 0
	low := strings.ToLower(t)
	if !letters || low == "untitled" || strings.HasPrefix(low, "microsoft word - ") && len(t) < 20 {
		return ""
	}
	return strings.TrimPrefix(t, "Microsoft Word - ")
}
