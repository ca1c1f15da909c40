package extractive

import (
	"path/filepath"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Title is the title of a document that something else has summarised: see summaryTitle.
func Title(pages []prose.Page, title, filename string) string {
	return read(pages[:min(2, len(pages))]).summaryTitle(title, filename)
}

// summaryTitle is the metadata's title, else what a filing's cover or a letter's subject says, the first heading, the first line, and last the file's name. Dates, names of
// files and boilerplate are no titles.
func (r *reading) summaryTitle(title, filename string) string {
	for _, t := range append([]string{title, r.filingTitle(), r.subject(), r.title}, r.titleLines()...) {
		if t = siteName.ReplaceAllString(prose.TidyTitle(t), ""); prose.IsTitle(t) {
			return t
		}
	}
	name := strings.TrimSuffix(filepath.Base(filename), filepath.Ext(filename))
	name = prose.TidyTitle(strings.NewReplacer("_", " ", "-", " ").Replace(name))
	if name == "" || name == "." {
		return "Untitled document"
	}
	return name
}

// subject is what a letter says that it is about.
func (r *reading) subject() string {
	for _, l := range r.opening[:min(40, len(r.opening))] {
		if m := mailTopic.FindStringSubmatch(strings.TrimLeft(l, "#*> ")); m != nil && r.has(salutation, openingLines) {
			return m[2]
		}
	}
	return ""
}

// siteName is what web pages hang behind their titles.
var siteName = pattern.Lazily(`(?i)\s[-–—|]\s(the free encyclopedia|wikip[eé]di[aá].{0,30})$`)

// titleLines are other lines that may be the title, best first: headings of the first page, a first line that is no sentence.
func (r *reading) titleLines() []string {
	var out []string
	for _, sec := range r.sections {
		if sec.title != "" && sec.kind == prose.SectionBody && sec.page <= 2 && !prose.NumberedHeading.MatchString(sec.title) {
			out = append(out, sec.title)
		}
	}
	if len(r.sentences) > 0 && !r.dialogue {
		if t := r.sentences[0]; t.words <= 20 && t.paraLen == 1 && !isWhole(t.text) && !isFragment(t.text) && !firstPerson.MatchString(t.text) {
			out = append(out, t.text)
		}
	}
	return out
}
