package agent

import (
	"context"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// summarise condenses the pages; finished model calls come from the journal, not from the model.
func (j *job) summarise(ctx context.Context) error {
	sum, err := j.a.opt.Summariser.Summarise(ctx, j.document(), j.a.opt.Journal, func(done, total int) {
		j.h.progress("summarise", done, total)
	})
	if sum.TokensIn+sum.TokensOut > 0 {
		j.spend(sum)
	}
	if err != nil {
		return err
	}
	j.summary = sum
	return nil
}

func (j *job) document() llm.Document {
	title := j.lease.Title
	if title == "" {
		title = j.doc.Title
	}
	return llm.Document{Title: title, Filename: j.lease.Filename, Language: j.lease.Language, Pages: llmPages(j.pages)}
}

func llmPages(pages []extract.Page) []llm.Page {
	out := make([]llm.Page, 0, len(pages))
	for _, p := range pages {
		if p.Text != "" {
			out = append(out, llm.Page{Number: p.Number, Text: p.Text})
		}
	}
	return out
}

// spend books what the models charged. A booking that fails must not fail the job.
func (j *job) spend(s llm.Summary) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := j.a.opt.Journal.AddSpend(ctx, journal.Spending{
		Day: time.Now(), Calls: s.Calls, Provider: s.Provider, Model: s.Model, TokensIn: int64(s.TokensIn), TokensOut: int64(s.TokensOut), USD: s.CostUSD,
	})
	if err != nil {
		j.log.Warn("spend was not booked", "error", err.Error())
	}
}
