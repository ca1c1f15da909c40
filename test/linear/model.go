package linear

import (
	"hash/maphash"

	"github.com/anishathalye/porcupine"
)

// Model is section 5 of docs/protocol.md as a sequential program on one job. It is nondeterministic in three places: an
// operation whose answer was lost happened or did not; a lease that ran out may have been put back by any request in
// between; and what nobody was told yet (a token, a post's id) is any.
func Model() porcupine.Model {
	seed := maphash.MakeSeed()
	m := porcupine.NondeterministicModel{
		Partition: partition,
		Init:      func() []any { return []any{State{State: queued}} },
		Step: func(state, input, output any) []any {
			var next []any
			for _, s := range settle(state.(State)) {
				for _, n := range Step(s, input.(Input), output.(Output)) {
					next = append(next, n)
				}
			}
			return next
		},
		Equal:             func(a, b any) bool { return a == b },
		Hash:              func(s any) uint64 { return maphash.Comparable(seed, s.(State)) },
		DescribeOperation: func(in, out any) string { return describe(in.(Input), out.(Output)) },
		DescribeState:     func(s any) string { return s.(State).String() },
	}
	return m.ToModel()
}

func partition(history []porcupine.Operation) [][]porcupine.Operation {
	index, parts := map[int64]int{}, [][]porcupine.Operation{}
	for _, op := range history {
		job := op.Input.(Input).Job
		if _, ok := index[job]; !ok {
			index[job] = len(parts)
			parts = append(parts, nil)
		}
		parts[index[job]] = append(parts[index[job]], op)
	}
	return parts
}

// settle: a lease that ran out is put back by whichever claim or beat comes along, or not yet.
func settle(s State) []State {
	if s.State == leased && s.Overdue {
		return []State{s, s.reaped()}
	}
	return []State{s}
}

// Step returns the states after in, if out can be its answer in state s; none otherwise.
func Step(s State, in Input, out Output) []State {
	if out.Unknown {
		return append(effects(s, in), s)
	}
	switch in.Kind {
	case Claim:
		return stepClaim(s, in, out)
	case Beat:
		if s.held(in) {
			return when(out.Code == ok, s.renewed())
		}
		return when(s.refusal(in, out.Code), s)
	case Result:
		return stepResult(s, in, out)
	case Fail:
		return stepFail(s, in, out)
	case Release:
		if s.held(in) {
			return when(out.Code == ok, s.released())
		}
		return when(out.Code == lost, s)
	case Cancel:
		if !s.final() {
			return when(out.Code == ok, s.ended())
		}
		return when(out.Code == final, s)
	case Retry:
		if s.final() {
			return when(out.Code == ok, s.restarted())
		}
		return when(out.Code == open || (out.Code == ok && in.Rival), s)
	case Age:
		if s.State == leased && s.Epoch == in.Epoch {
			return when(out.Code == ok, s.aged())
		}
		return when(out.Code == none, s)
	case Wake:
		if s.State == queued {
			return when(out.Code == ok, s.woken())
		}
		return when(out.Code == none, s)
	case Read:
		return stepRead(s, out)
	}
	return nil
}

// effects are the states after an operation that happened, whatever its answer was.
func effects(s State, in Input) []State {
	switch in.Kind {
	case Hidden:
		return when(s.State == queued, s.claimed(in, untold))
	case Beat:
		return when(s.held(in), s.renewed())
	case Result:
		return when(s.held(in), s.accepted(in, unseen))
	case Fail:
		return when(s.held(in), s.attemptFailed(in))
	case Release:
		return when(s.held(in), s.released())
	case Cancel:
		return when(!s.final(), s.ended())
	case Retry:
		return when(s.final(), s.restarted())
	case Age:
		return when(s.State == leased && s.Epoch == in.Epoch, s.aged())
	case Wake:
		return when(s.State == queued, s.woken())
	}
	return nil
}

func stepClaim(s State, in Input, out Output) []State {
	if out.Failures != s.Failures || out.Max != maxAttempts {
		return nil
	}
	fresh := s.State == queued && out.Epoch == s.Epoch+1 && out.Attempt == s.Attempt+1 && out.ReturnNS >= s.RestNS
	if fresh {
		return []State{s.claimed(in, out.Token)}
	}
	// The same request asked again: the same leases, while they live.
	again := s.State == leased && !s.Overdue && s.Agent == in.Agent && s.Request == in.Request &&
		s.Epoch == out.Epoch && s.Attempt == out.Attempt && (s.Token == out.Token || s.Token == untold)
	s.Token = out.Token
	return when(again, s)
}

func stepResult(s State, in Input, out Output) []State {
	if s.State == done && s.Result == in.Result && s.Agent == in.Agent {
		if s.Content != in.Content {
			return when(out.Code == conflict, s)
		}
		return when(out.Code == repeat && s.samePost(out.Post), s.seenPost(out.Post))
	}
	if !s.held(in) {
		return when(s.refusal(in, out.Code), s)
	}
	rightPost := out.Post > 0 && (s.Post == 0 || s.samePost(out.Post))
	return when(out.Code == ok && rightPost, s.accepted(in, out.Post))
}

func stepFail(s State, in Input, out Output) []State {
	if !s.held(in) {
		return when(s.refusal(in, out.Code), s)
	}
	n := s.attemptFailed(in)
	told := out.Code == ok && out.State == n.State && out.Attempt == s.Attempt && out.Max == maxAttempts && out.WaitMS == restMS(s, in)
	return when(told, n)
}

// stepRead: every column that section 5 speaks of. A lease nobody was told is now seen.
func stepRead(s State, out Output) []State {
	same := s.State == out.State && s.Epoch == out.Epoch && s.Attempt == out.Attempt && s.Failures == out.Failures &&
		s.Result == out.Result && s.samePost(out.Post)
	if s.State == leased {
		same = same && s.Agent == out.Agent && (s.Token == out.Token || s.Token == untold)
		s.Token = out.Token
	}
	return when(same, s.seenPost(out.Post))
}

func when(possible bool, s State) []State {
	if !possible {
		return nil
	}
	return []State{s}
}
