package linear

import (
	"math"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// clock gives nanoseconds since the start of a history, monotonic.
type clock struct{ start time.Time }

func (c clock) now() int64 { return int64(time.Since(c.start)) }

// span is a stretch of a history in which something was asked and not yet answered.
type span struct{ call, ret int64 }

func (a span) overlaps(b span) bool { return a.call <= b.ret && b.call <= a.ret }

// leaseCall is one POST /lease with its repetitions. It may have claimed jobs that its answer does not tell: whatever was
// cancelled in the meantime, and anything at all where no answer came.
type leaseCall struct {
	span
	client  int
	agent   string
	request string
	unknown bool
}

// History collects what all clients did.
type History struct {
	clock
	jobs []int64

	mu     sync.Mutex
	ops    []porcupine.Operation
	leases []leaseCall
}

func newHistory(jobs []int64) *History { return &History{clock: clock{time.Now()}, jobs: jobs} }

func (h *History) add(client int, in Input, out Output, s span) {
	in.CallNS, out.ReturnNS = s.call, s.ret
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: in, Call: s.call, Output: out, Return: s.ret})
}

func (h *History) addLease(c leaseCall) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.leases = append(h.leases, c)
}

// Operations is the whole history, with what can only be known at its end.
func (h *History) Operations() []porcupine.Operation {
	h.mu.Lock()
	defer h.mu.Unlock()
	cancels, retries := h.spans(Cancel), h.spans(Retry)
	ops := make([]porcupine.Operation, 0, len(h.ops)+len(h.leases))
	for _, op := range h.ops {
		in := op.Input.(Input)
		if in.Kind == Retry {
			others := 0
			for _, s := range retries[in.Job] {
				if s.overlaps(span{op.Call, op.Return}) {
					others++
				}
			}
			in.Rival = others > 1 // itself is one
			op.Input = in
		}
		ops = append(ops, op)
	}
	for _, l := range h.leases {
		for _, job := range h.jobs {
			maybe := l.unknown
			for _, s := range cancels[job] {
				maybe = maybe || s.overlaps(l.span)
			}
			if maybe {
				ops = append(ops, porcupine.Operation{ClientId: l.client, Call: l.call, Return: l.ret, Output: Output{Unknown: true},
					Input: Input{Kind: Hidden, Job: job, Agent: l.agent, Request: l.request, CallNS: l.call}})
			}
		}
	}
	return ops
}

func (h *History) spans(kind Kind) map[int64][]span {
	out := map[int64][]span{}
	for _, op := range h.ops {
		if in := op.Input.(Input); in.Kind == kind {
			out[in.Job] = append(out[in.Job], span{op.Call, op.Return})
		}
	}
	return out
}

// Outcomes counts operations by kind and answer, for the test to see that a history was worth checking.
func Outcomes(ops []porcupine.Operation) map[string]int {
	count := map[string]int{}
	for _, op := range ops {
		in, out := op.Input.(Input), op.Output.(Output)
		name := string(in.Kind) + " " + out.Code
		switch {
		case out.Unknown:
			name = string(in.Kind) + " unknown"
		case in.Kind == Fail && out.Code == ok:
			name = string(in.Kind) + " " + out.State
		case in.Kind == Read:
			name = string(in.Kind) + " " + out.State
		}
		count[name]++
	}
	return count
}

// end is the return time of an attempt: once the site has answered, even if the answer was lost on the way, nothing of
// it is still to come.
func end(answered bool, now int64) int64 {
	if answered {
		return now
	}
	return math.MaxInt64
}
