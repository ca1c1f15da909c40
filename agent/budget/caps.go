package budget

import (
	"errors"
	"fmt"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Scope is what a cap is of.
type Scope string

// The scopes. All but the document's renew.
const (
	ScopeDocument Scope = "document"
	ScopeDay      Scope = "day"
	ScopeMonth    Scope = "month"
	ScopeSite     Scope = "site" // what the site itself allows
	// What the operator of this agent lets one site cost.
	ScopeSiteDay   Scope = "site_day"
	ScopeSiteMonth Scope = "site_month"
)

// ofSite tells whether documents of other sites go on.
func (e *CapError) ofSite() bool {
	return e.Scope == ScopeSite || e.Scope == ScopeSiteDay || e.Scope == ScopeSiteMonth
}

// CapError says that a call was not made because it could pass a cap.
type CapError struct {
	Scope  Scope
	Renews time.Time // zero: never
	reason llm.Error
}

func (e *CapError) Error() string { return e.reason.Error() }

// Unwrap gives the reason as every error of a model has it, with its code.
func (e *CapError) Unwrap() error { return &e.reason }

// Sentence is for people.
func (e *CapError) Sentence() string { return e.reason.Message }

// Code is the reason's.
func (e *CapError) Code() llm.Code { return e.reason.Code }

// Over finds the cap that stopped a document; nil where none did.
func Over(err error) *CapError {
	var e *CapError
	errors.As(err, &e)
	return e
}

// Passes tells whether waiting helps.
func (e *CapError) Passes() bool { return !e.Renews.IsZero() }

// settings are the names of the caps, by unit.
var settings = map[Scope]map[string]string{
	ScopeDocument: {"usd": "summary.max_usd_per_document", "tokens": "summary.max_tokens_per_document"},
	ScopeDay:      {"usd": "summary.max_usd_per_day", "tokens": "summary.max_tokens_per_day"},
	ScopeMonth:    {"usd": "summary.max_usd_per_month", "tokens": "summary.max_tokens_per_month"},

	ScopeSiteDay:   {"usd": "sites[].max_usd_per_day", "tokens": "sites[].max_tokens_per_day"},
	ScopeSiteMonth: {"usd": "sites[].max_usd_per_month", "tokens": "sites[].max_tokens_per_month"},
}

// tolerance keeps sums of dollars from failing by their last digit.
const tolerance = 1e-9

// exceeded names the unit in which spent and want together are over the cap, or "".
func (a Amount) exceeded(spent, want journal.Spent) string {
	switch {
	case a.USD > 0 && spent.USD+want.USD > a.USD+tolerance:
		return "usd"
	case a.Tokens > 0 && spent.Tokens+want.Tokens > a.Tokens:
		return "tokens"
	}
	return ""
}

// words are an amount of one unit, for people.
func words(unit string, tokens int64, usd float64) string {
	if unit == "usd" {
		return fmt.Sprintf("%.2f US dollars", usd)
	}
	return fmt.Sprintf("%d tokens", tokens)
}

// capped says that there is any cap to hold a call against.
func (p *Purse) capped() bool {
	limits, lease := p.b.limit.Load(), p.doc.Lease
	return limits.Caps != Caps{} || limits.Sites[p.doc.Key.Site] != SiteCaps{} || lease != nil && (lease.Empty || lease.Amount != Amount{})
}

// check holds a call of at most want against every cap.
func (p *Purse) check(t journal.Totals, want journal.Spent) *CapError {
	limits, now := p.b.limit.Load(), p.b.opt.Now().UTC()
	caps, own := limits.Caps, limits.Sites[p.doc.Key.Site]
	if unit := caps.Document.exceeded(t.Document, want); unit != "" && !p.doc.NoDocument {
		return never(fmt.Sprintf("the document needs more than the %s that %s allows: raise it, or set summary.provider to extractive",
			words(unit, caps.Document.Tokens, caps.Document.USD), settings[ScopeDocument][unit]))
	}
	if e := p.checkLease(t, want, now); e != nil {
		return e
	}
	midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, time.UTC)
	first := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		scope  Scope
		cap    Amount
		spent  journal.Spent
		renews time.Time
	}{{ScopeMonth, caps.Month, t.Month, first}, {ScopeDay, caps.Day, t.Day, midnight},
		{ScopeSiteMonth, own.Month, t.SiteMonth, first}, {ScopeSiteDay, own.Day, t.SiteDay, midnight}} {
		if unit := c.cap.exceeded(journal.Spent{}, want); unit != "" {
			return never(fmt.Sprintf("a single call may cost more than the %s that %s allows: raise it, or set summary.chunk_tokens lower",
				words(unit, c.cap.Tokens, c.cap.USD), settings[c.scope][unit]))
		}
		if unit := c.cap.exceeded(c.spent, want); unit != "" {
			return renewing(c.scope, c.renews, now, fmt.Sprintf("the %s that %s allows are spent: work goes on at %s",
				words(unit, c.cap.Tokens, c.cap.USD), settings[c.scope][unit], c.renews.Format("2006-01-02 15:04 MST")))
		}
	}
	return nil
}

// lookAgain is after how long a site whose budget is spent is asked again when it has not said when that renews: an admin may have raised it.
const (
	lookAgain = 15 * time.Minute
	notSooner = time.Second
	soonAgain = 10 * time.Second // where only this lease's share is used up: the next one may have a larger one
)

func (p *Purse) checkLease(t journal.Totals, want journal.Spent, now time.Time) *CapError {
	l := p.doc.Lease
	if l == nil {
		return nil
	}
	if !l.Empty && l.exceeded(p.since(t.Document), want) == "" {
		return nil
	}
	wait := lookAgain
	if l.RenewIn > 0 {
		wait = max(min(wait, l.RenewIn), notSooner)
	}
	if !l.Empty {
		wait = min(wait, p.b.afterShare(p.doc.Key.Site))
	}
	return renewing(ScopeSite, now.Add(wait), now, "what this site allows for models is spent: an administrator can raise it in WordPress, on the settings page of Document Summaries")
}

func never(sentence string) *CapError {
	return &CapError{Scope: ScopeDocument, reason: llm.Error{Code: llm.CodeBudget, Message: sentence}}
}

func renewing(s Scope, at, now time.Time, sentence string) *CapError {
	return &CapError{Scope: s, Renews: at, reason: llm.Error{Code: llm.CodeSpendCap, Message: sentence, RetryAfter: at.Sub(now)}}
}
