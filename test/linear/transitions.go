package linear

// What the operations that need more than a line do to a job.

func (s State) renewed() State {
	s.Overdue = false
	return s
}

func (s State) aged() State {
	s.Overdue = true
	return s
}

func (s State) woken() State {
	s.RestNS = 0
	return s
}

// released does not count as an attempt.
func (s State) released() State {
	s.Attempt = max(0, s.Attempt-1)
	s.Agent = ""
	return s.free(queued)
}

// ended by an admin; the lease's columns stay, so that its holder is told why.
func (s State) ended() State {
	s.State, s.Overdue, s.RestNS = ended, false, 0
	return s
}

// restarted by an admin: as new, but for the epoch, which fences off every earlier holder, and the post.
func (s State) restarted() State {
	return State{State: queued, Epoch: s.Epoch, Post: s.Post}
}

// reported is the code of a crash that a restarted agent confesses.
const reported = "agent_crashed"

func (s State) attemptFailed(in Input) State {
	if in.Code == reported {
		return s.crashed(reported)
	}
	rest := restMS(s, in)
	state := queued
	if givesUp(s, in) {
		state = failed
	}
	s = s.failure(in.Class, in.Code).free(state)
	if state == queued {
		s.RestNS = in.CallNS + rest*1_000_000
	}
	return s
}

func givesUp(s State, in Input) bool { return in.Class == "permanent" || s.Attempt >= maxAttempts }

// restMS is how long a job rests after a transient failure: 30 s, 2 min, 10 min, or what the agent was asked to wait.
func restMS(s State, in Input) int64 {
	if givesUp(s, in) || in.Code == reported {
		return 0
	}
	steps := []int64{30_000, 120_000, 600_000}
	return max(steps[min(max(s.Attempt, 1), len(steps))-1], in.RestMS)
}
