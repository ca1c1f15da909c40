package llm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/gate"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// maxTries is how often one question is put before its document fails: an answer that does not pass is asked for with more room, or
// firmly, and each time is paid.
const maxTries = 3

// thinkingRoom is what a model that thinks first is given for its thoughts, in tokens.
const thinkingRoom = 4096

// verdict is an answer and what the gate found.
type verdict struct {
	reason gate.Reason // "" passed
	answer answer      // of a question for a summary
	looked grounded    // what was found of it in the document, where it is fit to be delivered
	notes  string      // of a question for notes
}

// shows says that there is something to deliver, though not in the form asked for or without its end.
func (v verdict) shows(q question) bool {
	if v.reason != gate.Form && v.reason != gate.Cut && v.reason != gate.Unfounded {
		return v.reason == ""
	}
	if q.notes {
		return v.notes != ""
	}
	return v.answer.usable()
}

// put asks a question until an answer passes the gate. What does not pass is never kept. An answer that only lacks its end or its form
// is delivered in the last resort, the cut item dropped; one without its end is not kept either. Notes begin with what matters most: of
// theirs the end is asked for once only.
func (r *run) put(ctx context.Context, q question) (verdict, error) {
	if r.dry != nil {
		return r.dry.put(ctx, r, q)
	}
	key := r.cacheKey(q.Prompt)
	unlock, err := r.keys.lock(ctx, key)
	if err != nil {
		return verdict{}, err
	}
	defer unlock()
	if v, ok, err := r.kept(ctx, q, key); ok || err != nil {
		return v, err
	}
	answered, err := r.fromBatch(ctx, q, key)
	if err != nil {
		return verdict{}, err
	}
	attempt := r.batchFirst(answered)
	var best *verdict // what could be delivered in the last resort
	var paid Completion
	deliver := func() (verdict, error) { return *best, r.keep(ctx, key, *best, paid) }
	next := r.roomForThoughts(q)
	for n := 1; ; n++ {
		c, err := attempt(ctx, next.Prompt)
		if err != nil {
			if best != nil && ctx.Err() == nil {
				return deliver()
			}
			return verdict{}, err
		}
		v := r.examine(q, c)
		r.noticeSchema(c, v)
		if v.reason == "" || v.shows(q) && best == nil {
			best, paid = &v, c
		}
		if v.reason == "" {
			return deliver()
		}
		again, ok := r.again(q, next, c, v)
		if n >= maxTries || !ok || n > 1 && q.notes && best != nil {
			if best != nil {
				return deliver()
			}
			return verdict{}, r.refused(v.reason, n)
		}
		next = again
		r.grow(1)
		r.finish()
	}
}

// kept is the answer to a question that was paid before.
func (r *run) kept(ctx context.Context, q question, key string) (verdict, bool, error) {
	if r.cache == nil {
		return verdict{}, false, nil
	}
	c, ok, err := r.cache.Get(ctx, key)
	if err != nil {
		return verdict{}, false, fmt.Errorf("read the step cache: %w", err)
	}
	if !ok {
		return verdict{}, false, nil
	}
	// What an older gate let through is asked for anew.
	if v := r.examine(q, c); v.shows(q) {
		r.spend.hit()
		return v, true, nil
	}
	return verdict{}, false, nil
}

// keep stores an answer that passed. It is paid: it is kept even where the document was cancelled meanwhile.
func (r *run) keep(ctx context.Context, key string, v verdict, c Completion) error {
	if r.cache == nil || v.reason != "" && v.reason != gate.Form && v.reason != gate.Unfounded {
		return nil
	}
	if err := r.cache.Put(context.WithoutCancel(ctx), key, c); err != nil {
		return fmt.Errorf("keep the finished step: %w", err)
	}
	return nil
}

// examine takes an answer through the gate.
func (r *run) examine(q question, c Completion) verdict {
	if c.Stop == StopRefused {
		return verdict{reason: gate.Refused}
	}
	cut := c.Stop == StopLength
	visible, done := gate.Visible(prose.Clean(c.Text))
	if !done || strings.TrimSpace(visible) == "" && (c.Thought || cut) {
		return verdict{reason: gate.Unfinished}
	}
	var v verdict
	var seen gate.Answer
	if q.notes {
		v.notes = notesOf(visible, cut)
		seen = readNotes(v.notes)
	} else {
		v.answer = parseAnswer(visible, r.language, cut)
		seen = v.answer.read(visible)
	}
	asked := gate.Asked{Languages: r.taken, Voted: r.voted, Own: r.own, Source: q.source, Instructions: q.instructions, Document: q.document, Fences: []string{fenceOpen, fenceClose}}
	v.reason = gate.Check(asked, seen)
	switch {
	case v.reason == gate.Empty && cut:
		v.reason = gate.Cut
	case v.reason != "":
	case cut:
		v.reason = gate.Cut
	case !q.notes && !v.answer.structured():
		v.reason = gate.Form
	}
	if !q.notes && v.shows(q) {
		v.looked = r.ground(v.answer)
		if v.reason == "" && v.looked.unfounded() {
			v.reason = gate.Unfounded
		}
	}
	return v
}

// noticeSchema tells the provider when its server took a schema and paid no heed to it: answers in Markdown are asked for from then on.
func (r *run) noticeSchema(c Completion, v verdict) {
	if p, ok := r.provider.(interface{ IgnoresSchema() }); ok && c.Structured && !v.answer.draft && (v.reason == "" || v.reason == gate.Form) {
		p.IgnoresSchema()
	}
}

// again is how a question is put once more: with more room where its answer was cut off, else firmly. ok is false where there is no
// more room.
func (r *run) again(q, last question, c Completion, v verdict) (question, bool) {
	switch v.reason {
	case gate.Unfinished:
		next := q.firmer(v.reason.Firmer(q.notes))
		next.ThinkLittle = true
		next.MaxTokens = min(max(2*last.MaxTokens, q.MaxTokens+thinkingRoom), r.roomFor(next.Prompt))
		return next, true
	case gate.Cut:
		next := last
		next.MaxTokens = min(2*last.MaxTokens, r.roomFor(next.Prompt))
		return next, next.MaxTokens*4 > last.MaxTokens*5
	}
	next := q.firmer(v.reason.Firmer(q.notes))
	next.MaxTokens = last.MaxTokens
	return next, !last.firm
}

// roomForThoughts adds to the room of an answer where the model is known to think before it writes.
func (r *run) roomForThoughts(q question) question {
	if p, ok := r.provider.(interface{ ThinksFirst() bool }); ok && p.ThinksFirst() {
		q.ThinkLittle = true
		q.MaxTokens = max(q.MaxTokens, min(q.MaxTokens+thinkingRoom, r.roomFor(q.Prompt)))
	}
	return q
}

// roomFor is the longest answer that a prompt leaves room for.
func (e *Engine) roomFor(p Prompt) int { return e.provider.ContextTokens() - e.promptTokens(p) }

// promptTokens is what a prompt takes, in the longer of its two forms.
func (e *Engine) promptTokens(p Prompt) int { return e.tokensOf(p, e.sizes().schema) }

func (e *Engine) tokensOf(p Prompt, schema int) int {
	rest := func(user string) int { return e.count(strings.Replace(user, p.long, "", 1)) }
	n := rest(p.User)
	if p.Structured != nil {
		n = max(n, rest(p.Structured.User)+schema)
	}
	if p.tokens == 0 {
		p.tokens = e.count(p.long)
	}
	return n + p.tokens + e.count(p.System) + 16
}

// refused is the error of a question that got no answer in n tries.
func (r *run) refused(reason gate.Reason, n int) *Error {
	code := CodeBadAnswer
	if reason == gate.Refused {
		code = CodeRefused
	}
	return &Error{Code: code, Reason: string(reason), Message: reason.Sentence(r.provider.Model(), n)}
}

func isCode(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
