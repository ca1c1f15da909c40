package llm

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/price"
)

// batchProvider is a provider that answers batches.
type batchProvider interface {
	Provider
	batchRequest(p Prompt) (path string, body json.RawMessage, err error)
	submitBatch(ctx context.Context, id, path string, lines []BatchLine) (remote string, err error)
	findBatches(ctx context.Context, lost LostBatch) ([]string, error)
	batchState(ctx context.Context, remote string) (BatchState, error)
	batchAnswers(ctx context.Context, s BatchState, each func(batchLineAnswer) error) error
	cancelBatch(ctx context.Context, remote string) error
	discardBatch(ctx context.Context, s BatchState) error
}

// Batches sends batches with an engine's account and model, and reads what comes back. Every method is one attempt; errors are *Error. A
// fault of the account stops the account, as that of a direct call does.
type Batches struct {
	e *Engine
	p batchProvider
}

// Batches of the engine's provider; ok is false where it has none.
func (e *Engine) Batches() (b *Batches, ok bool) {
	p, ok := e.provider.(batchProvider)
	return &Batches{e: e, p: p}, ok
}

// BatchLine is one question of a batch.
type BatchLine struct {
	Key  string
	Body json.RawMessage
}

// LostBatch is one that was sent and whose answer was not heard.
type LostBatch struct {
	ID        string    // ours
	Since     time.Time // before it was sent
	Questions int
}

// BatchState is how a batch stands at its provider.
type BatchState struct {
	Remote string // the provider's id
	Ended  bool
	// Failed is why it was not begun, in a word of the provider; "" where it was. None of its questions was billed.
	Failed string
	// Passes: it failed for a reason that passes, and may be sent again.
	Passes bool

	files []string // at the provider, to be removed
}

// BatchAnswer is what became of one question of a batch that ended.
type BatchAnswer struct {
	Key    string
	Answer Completion
	Charge Charge // what it has cost, at the price of batches
	Err    *Error // why there is no answer, or nil
}

type batchLineAnswer struct {
	key string
	c   Completion
	err error
}

// Bounds of a batch: well below what the providers take (OpenAI 50,000 requests and 200 MB, Anthropic 100,000 and 256 MB), because a
// batch is held in memory while it is sent.
const (
	MaxBatchQuestions = 10_000
	MaxBatchBytes     = 64 << 20
)

const (
	batchCallTime = time.Minute      // for a call about a batch
	batchFileTime = 15 * time.Minute // for sending one and for reading its answers
	// batchKeep is when files at the provider go by themselves, should this agent not come to remove them.
	batchKeep = 7 * 24 * time.Hour
	// clockSkew is how far the provider's clock may be from ours.
	clockSkew = 10 * time.Minute
)

// Account names the provider, its host, and a fingerprint of the key.
func (b *Batches) Account() string { return b.e.account.Name }

// Provider and Model are what batches are sent to.
func (b *Batches) Provider() string { return b.p.Name() }

// Model is the model that answers.
func (b *Batches) Model() string { return b.p.Model() }

// Submit sends a batch; id is ours, path that of all its questions. Once it has returned an error nobody knows whether the batch is
// there: see Find.
func (b *Batches) Submit(ctx context.Context, id, path string, lines []BatchLine) (remote string, err error) {
	ctx, cancel := context.WithTimeout(ctx, batchFileTime)
	defer cancel()
	remote, err = b.p.submitBatch(ctx, id, path, lines)
	return remote, b.blame(err)
}

// Find looks for a lost batch. At OpenAI a batch carries our id. At Anthropic it carries nothing of ours until it has ended: what is found
// there may be somebody else's of the same size and time, and only the keys of its answers tell.
func (b *Batches) Find(ctx context.Context, lost LostBatch) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, batchCallTime)
	defer cancel()
	found, err := b.p.findBatches(ctx, lost)
	return found, b.blame(err)
}

// State asks how a batch stands. A batch that the provider does not know has ended and failed.
func (b *Batches) State(ctx context.Context, remote string) (BatchState, error) {
	ctx, cancel := context.WithTimeout(ctx, batchCallTime)
	defer cancel()
	s, err := b.p.batchState(ctx, remote)
	return s, b.blame(err)
}

// Answers reads what an ended batch has brought, in the provider's order. It ends with the first error of each.
func (b *Batches) Answers(ctx context.Context, s BatchState, each func(BatchAnswer) error) error {
	ctx, cancel := context.WithTimeout(ctx, batchFileTime)
	defer cancel()
	return b.blame(b.p.batchAnswers(ctx, s, func(l batchLineAnswer) error {
		a := BatchAnswer{Key: l.key, Answer: l.c}
		if l.err != nil && !errors.As(l.err, &a.Err) {
			a.Err = &Error{Code: CodeBadAnswer, Message: "the batch brought no answer that can be read", Err: l.err}
		}
		a.Charge = b.e.tariff.charge(price.Usage{In: l.c.TokensIn, Cached: l.c.TokensCached, Out: l.c.TokensOut, Batch: true})
		return each(a)
	}))
}

// Cancel asks the provider to end a batch; what it has answered by then is there, and billed.
func (b *Batches) Cancel(ctx context.Context, remote string) error {
	ctx, cancel := context.WithTimeout(ctx, batchCallTime)
	defer cancel()
	return b.blame(b.p.cancelBatch(ctx, remote))
}

// Discard removes what the provider keeps of an ended batch.
func (b *Batches) Discard(ctx context.Context, s BatchState) error {
	ctx, cancel := context.WithTimeout(ctx, batchCallTime)
	defer cancel()
	return b.p.discardBatch(ctx, s)
}

// blame stops the account for a fault that every call would meet. The provider's word that something is not there is about the batch.
func (b *Batches) blame(err error) error {
	var e *Error
	if errors.As(err, &e) && e.refusesAccount() && e.Code != CodeNotFound {
		e = e.ofAccount()
		b.e.account.Stop(e, e.RetryAfter)
		return e
	}
	return err
}
