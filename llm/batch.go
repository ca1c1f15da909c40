package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/price"
)

// Deferrer keeps questions of a document until a provider has answered them in a batch, at half the price and within a day. It is safe
// for concurrent use. See docs/adr/0012-batches-wait-without-a-lease.md.
type Deferrer interface {
	// Deferred tells what became of the question with this key.
	Deferred(ctx context.Context, key string) (Deferred, error)
	// Defer keeps a question for the next batch and reserves what it may cost; it is durable when it returns. Its error ends the document
	// like that of Ledger.Reserve: nothing was kept.
	Defer(ctx context.Context, q BatchQuestion) error
}

// Wait is how far a question has come on its way through a batch.
type Wait int

// How far it may have come.
const (
	NotDeferred Wait = iota
	Waiting          // it is gathered, or its batch is under way
	Answered         // by the model; the gate has not seen it
	GivenUp          // its batch brought no answer: it is to be asked directly
)

// Deferred is a question's state. Answer and Charge are of an Answered one.
type Deferred struct {
	Wait   Wait
	Answer Completion
	Charge Charge
}

// BatchQuestion is one request of a batch.
type BatchQuestion struct {
	Key    string          // of the step; the provider gets it as the request's own id
	Path   string          // of the API; a batch has one
	Body   json.RawMessage // what a direct call would send
	AtMost Charge          // at the price of batches
}

// DeferredError says that questions of a document wait for a batch. Nothing is wrong: summarised again later it goes on.
type DeferredError struct{ Questions int }

func (e *DeferredError) Error() string {
	return fmt.Sprintf("%d questions wait for the answers of a batch", e.Questions)
}

// deferred finds a DeferredError; nil where there is none.
func deferred(err error) *DeferredError {
	var e *DeferredError
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// inBatches says whether a question of this step may wait. Only those about the document's own text do: they are nearly all of the cost, and
// with them a document waits once. What is made of their notes depends on all of them, and would wait a day more for each level.
func inBatches(step string) bool { return step == "map" || step == "single" }

// fromBatch is the answer that a batch has brought to a question, nil where it is to be asked directly. Its error is a *DeferredError
// while the answer is on its way.
func (r *run) fromBatch(ctx context.Context, q question, key string) (*Completion, error) {
	if r.batch == nil || !inBatches(q.step) {
		return nil, nil
	}
	d, err := r.batch.Deferred(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("look for a batch's answer: %w", err)
	}
	switch d.Wait {
	case Answered:
		r.spend.add(d.Charge)
		return &d.Answer, nil
	case GivenUp:
		return nil, nil
	case Waiting:
		return nil, &DeferredError{Questions: 1}
	}
	p := r.roomForThoughts(q).Prompt
	path, body, err := r.provider.(batchProvider).batchRequest(p)
	if err != nil {
		return nil, err
	}
	atMost := r.tariff.charge(price.Usage{In: r.promptTokens(p), Out: p.MaxTokens, Batch: true})
	if err := r.batch.Defer(ctx, BatchQuestion{Key: key, Path: path, Body: body, AtMost: atMost}); err != nil {
		return nil, err
	}
	return nil, &DeferredError{Questions: 1}
}

// batchFirst gives the answer of a batch first, where there is one, and calls the provider from then on.
func (r *run) batchFirst(answered *Completion) func(context.Context, Prompt) (Completion, error) {
	return func(ctx context.Context, p Prompt) (Completion, error) {
		if c := answered; c != nil {
			answered = nil
			return *c, nil
		}
		return r.attempt(ctx, r.asking(p))
	}
}

// waits takes a question that was deferred for an answer to come, and leaves every other error as it is.
func (r *run) waits(err error) error {
	if d := deferred(err); d != nil {
		r.deferred.Add(int64(d.Questions))
		return nil
	}
	return err
}

// allThere is a DeferredError for all questions that wait, or nil.
func (r *run) allThere() error {
	if n := r.deferred.Load(); n > 0 {
		return &DeferredError{Questions: int(n)}
	}
	return nil
}
