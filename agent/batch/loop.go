package batch

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Store is the journal as the loop needs it.
type Store interface {
	Gathered(ctx context.Context, provider, model string) ([]journal.Gathered, error)
	BeginBatch(ctx context.Context, b journal.Batch, provider, model, path string, maxQuestions int, maxBytes int64) ([]journal.Question, error)
	OpenBatches(ctx context.Context) ([]journal.Batch, error)
	SaveBatch(ctx context.Context, b journal.Batch) error
	Regather(ctx context.Context, id string) error
	EndBatch(ctx context.Context, id string, billed bool) error
	Answer(ctx context.Context, batch, key string, c llm.Completion, cost llm.Charge) (bool, error)
	GiveUp(ctx context.Context, batch, key string, used llm.Charge) (bool, error)
	GiveUpGathered(ctx context.Context, olderThan time.Time) error
	BatchTotals(ctx context.Context) (journal.BatchTotals, error)
}

var _ Store = (*journal.Journal)(nil)

// Options of NewLoop; all are required but those said to be optional.
type Options struct {
	Store   Store
	Batches *llm.Batches // of the model in use; nil: it has none, and what is still under way is given up in time
	Policy  Policy
	Booked  func(llm.Charge) // told of every answer that was billed; nil: nobody
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger
}

// Loop sends what is gathered and looks after what was sent.
type Loop struct {
	opt     Options
	next    atomic.Pointer[change]
	foreign map[string]bool // batches at the provider that turned out to be somebody else's
	rest    time.Time       // nothing is sent before
}

const (
	every       = 30 * time.Second // between two rounds
	soonestLook = time.Minute      // at one batch
	rarestLook  = 10 * time.Minute
	// findFor is how long a batch is looked for whose sending had no answer: a provider lists a new one within moments.
	findFor = 2 * time.Minute
	// restAfter is how long nothing is sent after the provider has refused a batch for a reason that passes.
	restAfter = 10 * time.Minute
	// cancelTime is how long a cancelled batch may take to end.
	cancelTime = 2 * time.Hour
)

// NewLoop makes a loop; Run starts it.
func NewLoop(opt Options) *Loop {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Booked == nil {
		opt.Booked = func(llm.Charge) {}
	}
	return &Loop{opt: opt, foreign: map[string]bool{}}
}

// change is another model and another policy.
type change struct {
	batches *llm.Batches
	policy  Policy
}

// Use takes another model (nil: one without batches) and policy from the next round on. Batches of another account are looked after no more and
// given up in time, as after a restart.
func (l *Loop) Use(b *llm.Batches, p Policy) { l.next.Store(&change{b, p}) }

// Run makes rounds until ctx ends.
func (l *Loop) Run(ctx context.Context) {
	for {
		l.Round(ctx, false)
		if !backoff.Sleep(ctx, backoff.Jitter(every, 0.2)) {
			return
		}
	}
}

// Round looks at every batch that is due and sends what has been gathered for long enough. now: at every batch, and all that is
// gathered. Faults are logged; the next round tries again. One round runs at a time.
func (l *Loop) Round(ctx context.Context, now bool) {
	if c := l.next.Swap(nil); c != nil {
		l.opt.Batches, l.opt.Policy = c.batches, c.policy
	}
	err := l.lookAtAll(ctx, now)
	if err == nil {
		err = l.giveUpOld(ctx)
	}
	if err == nil && l.opt.Batches != nil {
		err = l.sendGathered(ctx, now)
	}
	if err != nil && ctx.Err() == nil {
		l.opt.Log.Error("batches: the round ended early and is made again", "error", err.Error())
	}
}

func (l *Loop) lookAtAll(ctx context.Context, now bool) error {
	open, err := l.opt.Store.OpenBatches(ctx)
	if err != nil {
		return err
	}
	for _, b := range open {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !now && l.opt.Now().Before(b.NextAt) {
			continue
		}
		if err := l.look(ctx, b, open); err != nil {
			return err
		}
	}
	return nil
}

// look takes one batch a step further. Its error is the journal's; what the provider did not answer is asked again later.
func (l *Loop) look(ctx context.Context, b journal.Batch, open []journal.Batch) error {
	switch {
	case l.opt.Batches == nil || b.Account != l.opt.Batches.Account():
		if l.age(b) > l.opt.Policy.GiveUp {
			l.opt.Log.Warn("a batch of another account or provider is given up; it counts as if it had been billed in full", "batch", b.ID, "account", b.Account)
			return l.opt.Store.EndBatch(ctx, b.ID, true)
		}
		return l.later(ctx, b)
	case b.Stage == journal.BatchSending:
		return l.find(ctx, b, open)
	}
	s, err := l.opt.Batches.State(ctx, b.Remote)
	switch {
	case err != nil:
		l.opt.Log.Warn("a batch was not looked at", "batch", b.ID, "error", err.Error())
		return l.unfinished(ctx, b)
	case !s.Ended:
		return l.unfinished(ctx, b)
	case s.Failed != "":
		return l.failed(ctx, b, s)
	}
	return l.read(ctx, b, s)
}

// find asks the provider whether it has a batch whose sending had no answer: sent again it would be paid twice.
func (l *Loop) find(ctx context.Context, b journal.Batch, open []journal.Batch) error {
	found, err := l.opt.Batches.Find(ctx, llm.LostBatch{ID: b.ID, Since: b.SentAt, Questions: b.Questions})
	if err != nil {
		l.opt.Log.Warn("a batch that may have been sent was not looked for", "batch", b.ID, "error", err.Error())
		return l.later(ctx, b)
	}
	taken := map[string]bool{}
	for _, o := range open {
		taken[o.Remote] = true
	}
	for _, remote := range found {
		if !taken[remote] && !l.foreign[remote] {
			l.opt.Log.Info("found a batch whose sending had no answer", "batch", b.ID, "remote", remote)
			b.Remote, b.Stage = remote, journal.BatchSent
			return l.later(ctx, b)
		}
	}
	if l.age(b) > findFor {
		l.opt.Log.Info("a batch did not reach the provider; its questions are sent anew", "batch", b.ID)
		return l.opt.Store.Regather(ctx, b.ID)
	}
	return l.later(ctx, b)
}

// unfinished cancels a batch that takes too long, and one day gives up on one that does not end.
func (l *Loop) unfinished(ctx context.Context, b journal.Batch) error {
	giveUp := l.opt.Policy.GiveUp
	switch {
	case l.age(b) > giveUp+cancelTime:
		l.opt.Log.Warn("a batch does not end; its questions are asked directly, and it counts as if it had been billed in full", "batch", b.ID, "remote", b.Remote)
		return l.opt.Store.EndBatch(ctx, b.ID, true)
	case l.age(b) > giveUp && b.Stage == journal.BatchSent:
		if err := l.opt.Batches.Cancel(ctx, b.Remote); err != nil {
			l.opt.Log.Warn("a batch was not cancelled", "batch", b.ID, "error", err.Error())
			break
		}
		l.opt.Log.Info("a batch took too long and is cancelled", "batch", b.ID, "remote", b.Remote)
		b.Stage = journal.BatchCancelling
	}
	return l.later(ctx, b)
}

// failed ends a batch that the provider did not begin, or does not know.
func (l *Loop) failed(ctx context.Context, b journal.Batch, s llm.BatchState) error {
	l.opt.Log.Warn("a batch failed", "batch", b.ID, "remote", b.Remote, "reason", s.Failed, "passes", s.Passes)
	l.discard(ctx, s)
	if s.Passes {
		l.rest = l.opt.Now().Add(restAfter)
		return l.opt.Store.Regather(ctx, b.ID)
	}
	return l.opt.Store.EndBatch(ctx, b.ID, s.Failed == "not_found")
}

// read keeps the answers of a batch. The gate sees them when their documents come back: it needs the documents.
func (l *Loop) read(ctx context.Context, b journal.Batch, s llm.BatchState) error {
	lines, ours, answered := 0, 0, 0
	var broken error // the journal's
	err := l.opt.Batches.Answers(ctx, s, func(a llm.BatchAnswer) error {
		lines++
		known, err := l.keep(ctx, b, a)
		if err != nil {
			broken = err
			return err
		}
		if known {
			ours++
			if a.Err == nil {
				answered++
			}
		}
		return nil
	})
	switch {
	case broken != nil:
		return broken
	case err != nil:
		l.opt.Log.Warn("the answers of a batch were not read", "batch", b.ID, "error", err.Error())
		return l.unfinished(ctx, b)
	case lines > 0 && ours == 0:
		l.foreign[s.Remote] = true
		b.Remote, b.Stage = "", journal.BatchSending
		return l.later(ctx, b)
	}
	l.opt.Log.Info("a batch has ended", "batch", b.ID, "remote", b.Remote, "questions", b.Questions, "answered", answered)
	if err := l.opt.Store.EndBatch(ctx, b.ID, true); err != nil { // of what is missing nobody knows
		return err
	}
	l.discard(ctx, s)
	return nil
}

func (l *Loop) keep(ctx context.Context, b journal.Batch, a llm.BatchAnswer) (known bool, err error) {
	if a.Err != nil {
		known, err = l.opt.Store.GiveUp(ctx, b.ID, a.Key, a.Charge)
	} else {
		known, err = l.opt.Store.Answer(ctx, b.ID, a.Key, a.Answer, a.Charge)
	}
	if known && a.Charge.Calls > 0 {
		l.opt.Booked(a.Charge)
	}
	return known, err
}

// discard removes what the provider keeps; what it does not remove now goes there by itself.
func (l *Loop) discard(ctx context.Context, s llm.BatchState) {
	if err := l.opt.Batches.Discard(ctx, s); err != nil {
		l.opt.Log.Warn("what the provider keeps of a batch was not removed", "remote", s.Remote, "error", err.Error())
	}
}

// giveUpOld lets documents go on whose questions were gathered and not sent: for too long, or because nothing is sent any more.
func (l *Loop) giveUpOld(ctx context.Context) error {
	limit := l.opt.Now().Add(-l.opt.Policy.GiveUp)
	if l.opt.Batches == nil || l.opt.Policy.Mode == Off {
		limit = l.opt.Now().Add(time.Millisecond)
	}
	return l.opt.Store.GiveUpGathered(ctx, limit)
}

func (l *Loop) sendGathered(ctx context.Context, now bool) error {
	if l.opt.Now().Before(l.rest) {
		return nil
	}
	for ctx.Err() == nil {
		all, err := l.opt.Store.Gathered(ctx, l.opt.Batches.Provider(), l.opt.Batches.Model())
		if err != nil {
			return err
		}
		sent := false
		for _, g := range all {
			if !now && !l.full(g) && l.opt.Now().Sub(g.Oldest) < l.opt.Policy.Wait {
				continue
			}
			if sent, err = l.send(ctx, g.Path); err != nil {
				return err
			}
		}
		if !sent {
			return nil
		}
	}
	return nil
}

func (l *Loop) full(g journal.Gathered) bool {
	return g.Questions >= llm.MaxBatchQuestions || g.Bytes >= llm.MaxBatchBytes
}

// send makes one batch of the oldest questions; sent is false where the provider did not take it.
func (l *Loop) send(ctx context.Context, path string) (sent bool, err error) {
	b := journal.Batch{ID: uuid.NewString(), Account: l.opt.Batches.Account(), Stage: journal.BatchSending, SentAt: l.opt.Now()}
	questions, err := l.opt.Store.BeginBatch(ctx, b, l.opt.Batches.Provider(), l.opt.Batches.Model(), path, llm.MaxBatchQuestions, llm.MaxBatchBytes)
	if err != nil || len(questions) == 0 {
		return false, err
	}
	lines := make([]llm.BatchLine, 0, len(questions))
	for _, q := range questions {
		lines = append(lines, llm.BatchLine{Key: q.Key, Body: q.Body})
	}
	b.Questions = len(lines)
	if b.Remote, err = l.opt.Batches.Submit(ctx, b.ID, path, lines); err != nil {
		return false, l.notSent(ctx, b, err)
	}
	l.opt.Log.Info("sent a batch", "batch", b.ID, "remote", b.Remote, "questions", b.Questions)
	b.Stage = journal.BatchSent
	return true, l.later(ctx, b)
}

// notSent decides what follows from an error of sending: a refusal says that there is no batch, anything else may have come after it was made.
func (l *Loop) notSent(ctx context.Context, b journal.Batch, err error) error {
	l.opt.Log.Warn("a batch was not sent", "batch", b.ID, "questions", b.Questions, "error", err.Error())
	var e *llm.Error
	switch {
	case !errors.As(err, &e) || e.Retryable:
		return l.later(ctx, b)
	case e.Account: // it works again one day
		l.rest = l.opt.Now().Add(restAfter)
		return l.opt.Store.Regather(ctx, b.ID)
	}
	return l.opt.Store.EndBatch(ctx, b.ID, false) // direct calls tell what is wrong, or work
}

func (l *Loop) age(b journal.Batch) time.Duration { return l.opt.Now().Sub(b.SentAt) }

// later keeps a batch and when it is looked at again: the longer it takes the rarer.
func (l *Loop) later(ctx context.Context, b journal.Batch) error {
	b.NextAt = l.opt.Now().Add(backoff.Jitter(min(max(l.age(b)/10, soonestLook), rarestLook), 0.1))
	return l.opt.Store.SaveBatch(ctx, b)
}
