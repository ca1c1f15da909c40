// Package batch lets questions to a model wait until its provider has answered them in a batch, at half the price: it keeps them for
// documents, gathers them, sends batches, looks after them, and books what they cost. It knows a journal and a model, no job, lease or site.
// See docs/adr/0012-batches-wait-without-a-lease.md.
package batch

import (
	"context"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Mode says whose questions wait.
type Mode string

// The modes.
const (
	Off      Mode = ""
	All      Mode = "all"
	Backfill Mode = "backfill" // those of documents that nobody has just uploaded
)

// Policy is what the operator wants.
type Policy struct {
	Mode   Mode
	Wait   time.Duration // how long questions are gathered before they are sent
	GiveUp time.Duration // after how long without an answer a document goes on with direct calls
	Look   time.Duration // the shortest time after which a document is looked at again; 0: 15 minutes
}

const (
	shortestLook = 15 * time.Minute
	longestLook  = time.Hour
)

// Takes says whether the questions of a document wait.
func (p Policy) Takes(backfill bool) bool {
	return p.Mode == All || p.Mode == Backfill && backfill
}

// LookAfter is how long a document is left alone whose oldest question has waited for age: most batches are answered within an hour,
// and what has taken long is not hurried by looking often.
func (p Policy) LookAfter(age time.Duration) time.Duration {
	shortest := p.Look
	if shortest <= 0 {
		shortest = shortestLook
	}
	if age < p.Wait {
		return backoff.Jitter(p.Wait-age+shortest, 0.1)
	}
	return backoff.Jitter(min(max(age/3, shortest), max(shortest, longestLook)), 0.1)
}

// Journal is where questions wait.
type Journal interface {
	Deferred(ctx context.Context, key string) (llm.Deferred, error)
}

// Purse holds what a question may cost against the caps of its document.
type Purse interface {
	Defer(ctx context.Context, q journal.Question, atMost llm.Charge) error
}

// Deferrals is where the questions of one document wait.
type Deferrals struct {
	Journal Journal
	Purse   Purse
	// Send: new questions wait too. Else answers that have come are taken, and the rest is asked directly.
	Send bool
}

var _ llm.Deferrer = Deferrals{}

// Deferred implements llm.Deferrer.
func (d Deferrals) Deferred(ctx context.Context, key string) (llm.Deferred, error) {
	state, err := d.Journal.Deferred(ctx, key)
	if !d.Send && state.Wait != llm.Answered {
		state.Wait = llm.GivenUp
	}
	return state, err
}

// Defer implements llm.Deferrer.
func (d Deferrals) Defer(ctx context.Context, q llm.BatchQuestion) error {
	return d.Purse.Defer(ctx, journal.Question{Key: q.Key, Path: q.Path, Body: q.Body}, q.AtMost)
}
