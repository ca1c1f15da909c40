package pipeline

import (
	"context"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// summarise condenses the pages; finished model calls come from the journal, not from the model.
func (j *job) summarise(ctx context.Context) error {
	end, err := j.awaitTurn(ctx)
	if err != nil {
		return err
	}
	defer end()
	defer j.timings.since("summarise", time.Now())
	purse, err := j.openPurse(ctx)
	if err != nil {
		return err
	}
	doc, err := j.document(ctx)
	if err != nil {
		return err
	}
	doc.Ledger, doc.Batch = afterVision{purse, j.forVision}, j.deferrals(purse)
	sum, err := j.env.Summariser.Summarise(ctx, doc, j.hand.Cache(), func(done, total int) {
		j.h.Progress("summarise", done, total)
	})
	j.bookSpent()
	j.waiting = purse.Waiting()
	if j.waits != nil {
		j.tellBilled(ctx, *j.waits)
	}
	if over := budget.Over(err); over != nil && j.env.Budget.Fallback() {
		j.log.Warn("the embedded summary in place of a model's", "reason", over.Sentence())
		j.instead = string(over.Code())
		sum, err = llm.Extractive{}.Summarise(ctx, doc, nil, nil)
	}
	if err != nil {
		j.estimate(ctx, doc, err)
		return err
	}
	if j.lease.Instruction != "" && !followsWishes(sum) {
		j.log.Warn("the editor's instruction was not followed, because the embedded summariser quotes the document and follows none")
	}
	j.summary = sum
	return nil
}

// openPurse begins the spending on the document, or goes on with it.
func (j *job) openPurse(ctx context.Context) (*budget.Purse, error) {
	if j.purse != nil {
		return j.purse, nil
	}
	waits, mine, err := j.awaited(ctx)
	if err != nil {
		return nil, err
	}
	account := j.account()
	if waits != nil && !mine { // given up: what the other agent's batch may have cost counts
		account.Elsewhere = account.Elsewhere.Plus(journal.Spent{Tokens: waits.Spent.Tokens, USD: waits.Spent.USD})
	}
	if waits != nil {
		j.hand.Waits(nil)
	}
	if mine {
		j.waits = waits
	}
	j.purse, err = j.env.Budget.Open(ctx, account)
	return j.purse, err
}

// bookSpent notes what models have cost under this lease.
func (j *job) bookSpent() {
	here := j.purse.SpentHere()
	j.spent = wpclient.Spent{Tokens: here.Tokens, USD: here.USD}
}

// estimate notes what the summary would cost that the site's cap did not pay for: the editor is told.
func (j *job) estimate(ctx context.Context, doc llm.Document, err error) {
	if over := budget.Over(err); over == nil || over.Scope != budget.ScopeSite {
		return
	}
	plan, asks, err := llm.PlanOf(ctx, j.env.Summariser, doc, j.hand.Cache())
	if err != nil || !asks {
		return
	}
	sum := plan.AtMost()
	j.cost = &wpclient.Spent{Tokens: int64(sum.Tokens()), USD: sum.USD}
}

// followsWishes reports whether a model wrote a summary; the embedded summariser quotes the document and follows nobody's wishes.
func followsWishes(s llm.Summary) bool { return s.Provider != llm.Extractive{}.Name() }

// account is the document as the budget knows it.
func (j *job) account() budget.Document {
	before := handover.SpentIn(j.lease.Checkpoint, j.sha256)
	doc := budget.Document{
		Key:       j.key(),
		Elsewhere: journal.Spent{Tokens: before.Tokens, USD: before.USD},
		Changed: func(total, here journal.Spent) {
			j.hand.Spent(handover.Spent{Tokens: total.Tokens, USD: total.USD})
			j.h.SetSpent(wpclient.Spent{Tokens: here.Tokens, USD: here.USD})
		},
	}
	if b := j.lease.Budget; b != nil {
		doc.Lease = leaseCap(*b)
		if e := llm.EngineOf(j.env.Summariser); e != nil && b.MaxUSD != nil {
			if _, known := e.Price(); !known {
				j.log.Warn("the site's cap in US dollars stops nothing here, because the model's price is not known: set summary.usd_per_mtok_in and summary.usd_per_mtok_out")
			}
		}
	}
	return doc
}

// leaseCap is what a site allows for the work under one lease.
func leaseCap(b wpclient.Budget) *budget.Lease {
	l := &budget.Lease{RenewIn: time.Duration(b.RenewsInMS) * time.Millisecond}
	if b.MaxUSD != nil {
		l.USD, l.Empty = *b.MaxUSD, *b.MaxUSD == 0
	}
	if b.MaxTokens != nil {
		l.Tokens, l.Empty = *b.MaxTokens, l.Empty || *b.MaxTokens == 0
	}
	return l
}

func (j *job) document(ctx context.Context) (llm.Document, error) {
	style := styleOf(j.env.Style, j.doc.MIME)
	style.Asked = j.lease.Instruction
	doc := llm.Document{Style: style, LocalOnly: j.env.LocalOnly || j.lease.LocalOnly, Title: chooseTitle(j.lease.Title, j.lease.Filename, j.doc.Title), Filename: j.lease.Filename, Language: j.lease.Language}
	return doc, j.pages.forModel(ctx, &doc)
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
