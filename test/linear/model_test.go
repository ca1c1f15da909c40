package linear

import (
	"testing"

	"github.com/anishathalye/porcupine"
)

// turn is one operation of a history written by hand: the numbers are its interval.
type turn struct {
	call, ret int64
	in        Input
	out       Output
}

func history(turns ...turn) []porcupine.Operation {
	var ops []porcupine.Operation
	for _, u := range turns {
		u.in.Job, u.in.CallNS, u.out.ReturnNS = 1, u.call, u.ret
		if u.in.Agent == "" {
			u.in.Agent = "a"
		}
		ops = append(ops, porcupine.Operation{Input: u.in, Call: u.call, Output: u.out, Return: u.ret})
	}
	return ops
}

func claim(call, ret int64, agent string, epoch int64, attempt int, failures string) turn {
	return turn{call, ret, Input{Kind: Claim, Agent: agent, Request: agent + "-request"},
		Output{Code: ok, Epoch: epoch, Token: tokens[epoch], Attempt: attempt, Max: maxAttempts, Failures: failures}}
}

var tokens = map[int64]string{1: "one", 2: "two", 3: "three"}

func write(call, ret int64, kind Kind, agent string, epoch int64, out Output) turn {
	return turn{call, ret, Input{Kind: kind, Agent: agent, Epoch: epoch, Token: tokens[epoch]}, out}
}

func resultOf(call, ret int64, agent string, epoch int64, content string, out Output) turn {
	u := write(call, ret, Result, agent, epoch, out)
	u.in.Result, u.in.Content = "result-of-"+agent, content
	return u
}

func admins(call, ret int64, kind Kind, out Output) turn {
	return turn{call, ret, Input{Kind: kind}, out}
}

func TestTheModelKnowsRightFromWrong(t *testing.T) {
	yes, no, gone := Output{Code: ok}, Output{Code: lost}, Output{Unknown: true}
	crash := "crash/lease_expired@a"
	for name, c := range map[string]struct {
		want  bool
		turns []turn
	}{
		"claim, beat, result, the same again": {true, []turn{
			claim(1, 2, "a", 1, 1, ""), write(3, 4, Beat, "a", 1, yes), resultOf(5, 6, "a", 1, "x", Output{Code: ok, Post: 7}),
			resultOf(7, 8, "a", 1, "x", Output{Code: repeat, Post: 7}), resultOf(9, 10, "a", 1, "y", Output{Code: conflict})}},
		"the repeated result got another post": {false, []turn{
			claim(1, 2, "a", 1, 1, ""), resultOf(5, 6, "a", 1, "x", Output{Code: ok, Post: 7}), resultOf(7, 8, "a", 1, "x", Output{Code: repeat, Post: 8})}},
		"two agents were told the same job": {false, []turn{claim(1, 2, "a", 1, 1, ""), claim(3, 4, "b", 2, 2, "")}},
		"it was put back in between":        {true, []turn{claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), claim(5, 6, "b", 2, 2, crash)}},
		"the evidence of the crash is gone": {false, []turn{claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), claim(5, 6, "b", 2, 2, "")}},
		"a late beat saves the lease":       {true, []turn{claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), write(5, 6, Beat, "a", 1, yes), write(7, 8, Beat, "a", 1, yes)}},
		"a saved lease was taken all the same": {false, []turn{
			claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), write(5, 6, Beat, "a", 1, yes), claim(7, 8, "b", 2, 2, crash)}},
		"a zombie's beat is accepted": {false, []turn{
			claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), claim(5, 6, "b", 2, 2, crash), write(7, 8, Beat, "a", 1, yes)}},
		"a zombie's result is accepted": {false, []turn{
			claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), claim(5, 6, "b", 2, 2, crash), resultOf(7, 8, "a", 1, "x", Output{Code: ok, Post: 7})}},
		"a result and a takeover at the same moment": {false, []turn{
			claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), claim(5, 9, "b", 2, 2, crash), resultOf(6, 8, "a", 1, "x", Output{Code: ok, Post: 7})}},
		"a takeover and a beat that lost": {true, []turn{
			claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), claim(5, 9, "b", 2, 2, crash), write(6, 8, Beat, "a", 1, no)}},
		"a result under a lease that ran out": {true, []turn{claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), resultOf(5, 6, "a", 1, "x", Output{Code: ok, Post: 7})}},
		"a release counts as an attempt":      {false, []turn{claim(1, 2, "a", 1, 1, ""), write(3, 4, Release, "a", 1, yes), claim(5, 6, "b", 2, 2, "")}},
		"a release does not count":            {true, []turn{claim(1, 2, "a", 1, 1, ""), write(3, 4, Release, "a", 1, yes), claim(5, 6, "b", 2, 1, "")}},
		"a cancelled job is claimed":          {false, []turn{admins(1, 2, Cancel, yes), claim(3, 4, "a", 1, 1, "")}},
		"cancelled, tried again, claimed":     {true, []turn{admins(1, 2, Cancel, yes), admins(3, 4, Retry, yes), claim(5, 6, "a", 1, 1, "")}},
		"a cancelled lease is told so": {true, []turn{
			claim(1, 2, "a", 1, 1, ""), admins(3, 4, Cancel, yes), write(5, 6, Beat, "a", 1, Output{Code: cancelled}), admins(7, 8, Retry, yes), write(9, 10, Beat, "a", 1, no)}},
		"a cancelled lease goes on": {false, []turn{claim(1, 2, "a", 1, 1, ""), admins(3, 4, Cancel, yes), write(5, 6, Beat, "a", 1, yes)}},
		"a lost answer may have been a result": {true, []turn{
			claim(1, 2, "a", 1, 1, ""), resultOf(3, 4, "a", 1, "x", gone), resultOf(5, 6, "a", 1, "x", Output{Code: repeat, Post: 7})}},
		"a lost answer may have been nothing": {true, []turn{
			claim(1, 2, "a", 1, 1, ""), resultOf(3, 4, "a", 1, "x", gone), resultOf(5, 6, "a", 1, "x", Output{Code: ok, Post: 7})}},
		"a repeat of what nobody sent": {false, []turn{claim(1, 2, "a", 1, 1, ""), resultOf(5, 6, "a", 1, "x", Output{Code: repeat, Post: 7})}},
		"claimed before its rest was over": {false, []turn{
			claim(1, 2, "a", 1, 1, ""), failed4(3, 4, "a", 1, 30_000, 1, queued), claim(5, 6, "b", 2, 2, "transient/trouble@a")}},
		"woken and claimed": {true, []turn{
			claim(1, 2, "a", 1, 1, ""), failed4(3, 4, "a", 1, 30_000, 1, queued), admins(5, 6, Wake, yes), claim(7, 8, "b", 2, 2, "transient/trouble@a")}},
		"the wrong rest": {false, []turn{claim(1, 2, "a", 1, 1, ""), failed4(3, 4, "a", 1, 120_000, 1, queued)}},
		"two crashes on different agents end it": {true, []turn{
			claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), claim(5, 6, "b", 2, 2, crash), write(7, 8, Age, "", 2, yes),
			admins(9, 10, Read, Output{State: failed, Epoch: 2, Attempt: 2, Failures: crash + " crash/lease_expired@b"})}},
		"two crashes, and it goes on": {false, []turn{
			claim(1, 2, "a", 1, 1, ""), write(3, 4, Age, "", 1, yes), claim(5, 6, "b", 2, 2, crash), write(7, 8, Age, "", 2, yes),
			claim(9, 10, "a", 3, 3, crash+" crash/lease_expired@b")}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := porcupine.CheckOperations(Model(), history(c.turns...)); got != c.want {
				t.Errorf("linearizable: %v, want %v", got, c.want)
			}
		})
	}
}

func failed4(call, ret int64, agent string, epoch, waitMS int64, attempt int, state string) turn {
	u := write(call, ret, Fail, agent, epoch, Output{Code: ok, State: state, Attempt: attempt, Max: maxAttempts, WaitMS: waitMS})
	u.in.Class, u.in.Code = "transient", "trouble"
	return u
}

// The request that may have claimed without telling is in the history only where that could be.
func TestHiddenClaimsAreAddedWhereACancelCameBetween(t *testing.T) {
	h := newHistory([]int64{1, 2})
	h.addLease(leaseCall{span: span{10, 20}, agent: "a"})
	h.add(0, Input{Kind: Cancel, Job: 1}, Output{Code: ok}, span{15, 30})
	h.add(0, Input{Kind: Cancel, Job: 2}, Output{Code: ok}, span{21, 30})
	hidden := 0
	for _, op := range h.Operations() {
		if in := op.Input.(Input); in.Kind == Hidden {
			hidden++
			if in.Job != 1 {
				t.Errorf("job %d was not cancelled during the request", in.Job)
			}
		}
	}
	if hidden != 1 {
		t.Errorf("%d hidden claims, want 1", hidden)
	}
}
