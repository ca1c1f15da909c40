package pipeline

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Tracing is told of the work as it is done: of each lease, and of the steps under it. about are keys and values as in a line of the log, and
// hold no text and no name of a document. The func that it returns ends a part and is called once, with the code of what ended it early, or "".
type Tracing interface {
	// Lease begins with the request that brought the lease.
	Lease(ctx context.Context, trace string, epoch int64, began time.Time, about ...any) (context.Context, func(code string, about ...any))
	// Step is a part of what ctx is in.
	Step(ctx context.Context, name string, began time.Time, about ...any) (context.Context, func(code string, about ...any))
	// Later is the context for what happens under a lease whose own context is over.
	Later(ctx context.Context, trace string, epoch int64) context.Context
}

// Untraced tells nobody.
type Untraced struct{}

var _ Tracing = Untraced{}

// Lease implements Tracing.
func (Untraced) Lease(ctx context.Context, _ string, _ int64, _ time.Time, _ ...any) (context.Context, func(string, ...any)) {
	return ctx, func(string, ...any) {}
}

// Step implements Tracing.
func (Untraced) Step(ctx context.Context, _ string, _ time.Time, _ ...any) (context.Context, func(string, ...any)) {
	return ctx, func(string, ...any) {}
}

// Later implements Tracing.
func (Untraced) Later(ctx context.Context, _ string, _ int64) context.Context { return ctx }

// traced begins the span of the work on a lease, and tells of the way that brought it.
func (j *job) traced(ctx context.Context) (context.Context, func(code string, about ...any)) {
	l := j.lease
	ctx, ended := j.env.Tracing.Lease(ctx, l.TraceID, l.Epoch, j.h.Asked, "job_id", l.JobID, "epoch", l.Epoch, "attempt", l.Attempt, "site", hostOf(j.env.Site), "mime", l.MIME, "bytes", l.Bytes)
	_, given := j.env.Tracing.Step(ctx, "lease", j.h.Asked)
	given("")
	return ctx, ended
}

// endTrace ends a span with what became of the work. What is given back is no failure.
func endTrace(ctx context.Context, err error, ended func(string, ...any), about ...any) {
	code, failed := codeOf(ctx, err)
	if !failed && code != "" {
		about = append(about, "given_back", code)
		code = ""
	}
	ended(code, about...)
}

// codeOf is the word for what ended work early, "" for nothing; failed is false where the document goes back to the queue as it was.
func codeOf(ctx context.Context, err error) (code string, failed bool) {
	if err == nil {
		return "", false
	}
	if why := lease.EndOf(ctx); why != nil {
		return lease.Word(why), !errors.Is(why, lease.ErrReleased)
	}
	var waits *llm.DeferredError
	over := budget.Over(err)
	switch {
	case pressure.FullPlace(err) != pressure.Nowhere:
		return "disk_full", true
	case errors.As(err, &waits):
		return "waits_for_batch", false
	case errors.Is(err, room.ErrLate):
		return "waited_for_turn", false
	case over != nil:
		return string(over.Code()), !over.Passes()
	}
	return failure.Of(failure.Cause(ctx, err)).Code, true
}

// hostOf is a site's name without what may be secret in its path.
func hostOf(site string) string {
	u, err := url.Parse(site)
	if err != nil {
		return ""
	}
	return u.Host
}
