package linear

import (
	"fmt"
	"strings"
)

// States of a job, docs/protocol.md, section 5.
const (
	queued = "queued"
	leased = "leased"
	done   = "done"
	failed = "failed"
	ended  = "cancelled"
)

const (
	// untold is the token of a lease that nobody was told.
	untold = "?"
	// unseen is the post of a result whose acceptance nobody was told.
	unseen = -1

	maxAttempts = 4
)

// State is one job as section 5 sees it. It is comparable: the checker compares states by ==.
type State struct {
	State    string
	Epoch    int64
	Token    string
	Agent    string
	Request  string
	Overdue  bool  // the lease has run out and was not put back yet
	RestNS   int64 // not to be claimed before
	Attempt  int
	Failures string // "class/code@agent", oldest first, joined by spaces
	Result   string
	Content  string
	Post     int64 // the one summary of the document; 0 none yet
}

func (s State) final() bool { return s.State == done || s.State == failed || s.State == ended }

// held: the lease that in names stands. One that ran out stands until it is put back.
func (s State) held(in Input) bool {
	return s.State == leased && s.named(in)
}

func (s State) named(in Input) bool {
	return s.Epoch == in.Epoch && s.Agent == in.Agent && s.Token == in.Token
}

// refusal tells whether code is a right answer to a write under a lease that does not stand. Where an admin has
// cancelled the job since, a stale epoch may be told either of the two.
func (s State) refusal(in Input, code string) bool {
	if s.State != ended {
		return code == lost
	}
	return code == cancelled || (code == lost && !s.named(in))
}

// free ends the lease, not the job.
func (s State) free(state string) State {
	s.State, s.Token, s.Request, s.Overdue, s.RestNS = state, "", "", false, 0
	return s
}

func (s State) claimed(in Input, token string) State {
	s.State, s.Epoch, s.Attempt = leased, s.Epoch+1, s.Attempt+1
	s.Agent, s.Request, s.Token, s.Overdue, s.RestNS = in.Agent, in.Request, token, false, 0
	return s
}

// accepted: one document has one post, whatever is retried.
func (s State) accepted(in Input, post int64) State {
	s.State, s.Result, s.Content, s.Overdue = done, in.Result, in.Content, false
	if s.Post <= 0 {
		s.Post = post
	}
	return s
}

func (s State) failure(class, code string) State {
	s.Failures = strings.TrimSpace(fmt.Sprintf("%s %s/%s@%s", s.Failures, class, code, s.Agent))
	return s
}

// reaped: put back because time ran out.
func (s State) reaped() State { return s.crashed("lease_expired") }

// crashed: two crashes on different agents, or three on one, end the job; any other leaves it free at once.
func (s State) crashed(code string) State {
	s = s.failure("crash", code)
	if s.poisonous() || s.Attempt >= maxAttempts {
		return s.free(failed)
	}
	return s.free(queued)
}

func (s State) poisonous() bool {
	crashes := map[string]int{}
	for f := range strings.FieldsSeq(s.Failures) {
		if what, agent, _ := strings.Cut(f, "@"); strings.HasPrefix(what, "crash/") {
			crashes[agent]++
			if crashes[agent] >= 3 {
				return true
			}
		}
	}
	return len(crashes) >= 2
}

// samePost: one that nobody has seen may be any.
func (s State) samePost(post int64) bool {
	return s.Post == post || (s.Post == unseen && post > 0)
}

func (s State) seenPost(post int64) State {
	if s.Post == unseen {
		s.Post = post
	}
	return s
}
