package pipeline

import (
	"context"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// summarise condenses the pages; finished model calls come from the journal, not from the model.
func (j *job) summarise(ctx context.Context) error {
	sum, err := j.env.Summariser.Summarise(ctx, j.document(), j.hand.Cache(), func(done, total int) {
		j.h.Progress("summarise", done, total)
	})
	if sum.TokensIn+sum.TokensOut > 0 {
		j.env.Metrics.Model(sum)
		j.spend(sum)
	}
	if err != nil {
		return err
	}
	j.summary = sum
	return nil
}

func (j *job) document() llm.Document {
	return llm.Document{Style: styleOf(j.env.Style, j.doc.MIME), LocalOnly: j.env.LocalOnly || j.lease.LocalOnly, Title: chooseTitle(j.lease.Title, j.lease.Filename, j.doc.Title), Filename: j.lease.Filename, Language: j.lease.Language, Pages: llmPages(j.pages)}
}

func styleOf(style func(mime string) llm.Style, mime string) llm.Style {
	if style == nil {
		return llm.Style{}
	}
	return style(mime)
}

// chooseTitle prefers what a person wrote. WordPress makes a title of the file name where nobody
// did; then the file's own metadata is better, and where there is none the summariser looks for a
// heading.
func chooseTitle(title, filename, metadata string) string {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, s)
	}
	stem := strings.TrimSuffix(filename, filepath.Ext(filename))
	if title != "" && letters(title) != letters(stem) {
		return title
	}
	return metadata
}

// llmPages are the pages as a model reads them: structure as Markdown, running heads left out.
func llmPages(pages []extract.Page) []llm.Page {
	out := make([]llm.Page, 0, len(pages))
	for i, text := range extract.Markdown(pages) {
		if text != "" {
			page := llm.Page{Number: pages[i].Number, Text: text}
			if pages[i].Method == extract.MethodOCR {
				page.Confidence = pages[i].Confidence
			}
			out = append(out, page)
		}
	}
	return out
}

// spend books what the models charged. A booking that fails must not fail the job.
func (j *job) spend(s llm.Summary) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := j.env.Journal.AddSpend(ctx, journal.Spending{
		Day: time.Now(), Calls: s.Calls, Provider: s.Provider, Model: s.Model, TokensIn: int64(s.TokensIn), TokensOut: int64(s.TokensOut), USD: s.CostUSD,
	})
	if err != nil {
		j.log.Warn("spend was not booked", "error", err.Error())
	}
}
