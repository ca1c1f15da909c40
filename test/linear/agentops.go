package linear

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// sentResult is a result that was sent at least once.
type sentResult struct {
	lease wpclient.Lease
	res   wpclient.Result
}

func (c *client) lease(ctx context.Context) error {
	c.request = uuid.NewString()
	return c.ask(ctx, c.request)
}

// leaseAgain is the request of an agent that takes its last answer for lost.
func (c *client) leaseAgain(ctx context.Context) error {
	if c.request == "" {
		return nil
	}
	return c.ask(ctx, c.request)
}

// ask repeats a request whose answer was lost, as an agent does; it is one operation from the first try to the answer.
func (c *client) ask(ctx context.Context, request string) error {
	req := wpclient.LeaseRequest{RequestID: request, FreeSlots: 1 + c.rng.IntN(2),
		Capabilities: wpclient.Capabilities{MIMEs: []string{"text/plain"}, MaxBytes: 1 << 20},
		Agent:        wpclient.AgentInfo{Version: "1.0.0", Host: "localhost", OS: "linux", Arch: "amd64", Slots: 3}}
	call := leaseCall{client: c.id, agent: c.agent.Name, request: request}
	call.call = c.now()
	var resp wpclient.LeaseResponse
	err, answered := errDropped, true
	for try := 0; err != nil && try < 8 && ctx.Err() == nil; try++ {
		c.net.calm = try > 2
		resp, err = c.wp.Lease(ctx, req)
		if c.net.changed.Load() {
			if !wpclient.IsTransient(err) {
				return fmt.Errorf("lease: %w: %w", errTrusted, err)
			}
			c.changed.Add(1)
		}
		answered = answered && c.net.answered.Load()
	}
	c.net.calm = false
	call.ret, call.unknown = c.now(), err != nil || !answered
	told := call.span
	call.ret = end(answered, call.ret)
	c.addLease(call)
	if err != nil && !wpclient.IsTransient(err) {
		return fmt.Errorf("lease: %w", err)
	}
	if err == nil {
		c.batches = slices.Contains(resp.Takes, wpclient.TakesResults)
	}
	for _, l := range resp.Leases {
		in := Input{Kind: Claim, Job: l.JobID, Request: request}
		c.record(in, Output{Code: ok, Epoch: l.Epoch, Token: l.LeaseToken, Attempt: l.Attempt, Max: l.MaxAttempts, Failures: prior(l)}, told)
		c.mine = append(c.mine, l)
		c.post(l)
	}
	c.mine = c.mine[max(0, len(c.mine)-keepLeases):]
	if len(resp.Leases) == 0 {
		c.ops++ // asked and got nothing: says nothing of any one job
	}
	return nil
}

func prior(l wpclient.Lease) string {
	var b []string
	for _, f := range l.PriorFailures {
		b = append(b, fmt.Sprintf("%s/%s@%s", f.Class, f.Code, f.Agent))
	}
	return strings.Join(b, " ")
}

func (c *client) beat(ctx context.Context) error {
	leases := c.several(10)
	if len(leases) == 0 {
		return nil
	}
	var req wpclient.BeatRequest
	for i, l := range leases {
		req.Held = append(req.Held, wpclient.Held{LeaseRef: l.Ref(), Phase: "extract", Done: i, Total: len(leases)})
	}
	var resp wpclient.BeatResponse
	s, err := c.attempt(func() (err error) { resp, err = c.wp.Beat(ctx, req); return })
	if err == nil && len(resp.Leases) != len(leases) {
		return fmt.Errorf("beat of %d leases answered for %d", len(leases), len(resp.Leases))
	}
	for i, l := range leases {
		out := Output{Unknown: err != nil}
		if err == nil {
			out.Code = map[string]string{"ok": ok, "cancel": cancelled, "lost": lost}[resp.Leases[i].Status]
			if resp.Leases[i].JobID != l.JobID || resp.Leases[i].Epoch != l.Epoch {
				return fmt.Errorf("beat answered for job %d epoch %d, asked was %d epoch %d", resp.Leases[i].JobID, resp.Leases[i].Epoch, l.JobID, l.Epoch)
			}
		}
		c.record(named(Beat, l), out, s)
	}
	return permanent("beat", err)
}

func (c *client) result(ctx context.Context) error {
	l, ok := c.chosenLease()
	if !ok {
		return nil
	}
	r := newResult(l)
	c.sent = append(c.sent, r)
	return c.send(ctx, r)
}

func newResult(l wpclient.Lease) sentResult {
	return sentResult{lease: l, res: wpclient.Result{LeaseRef: l.Ref(), ResultID: uuid.NewString(), AttachmentID: l.AttachmentID, SourceSHA256: l.SHA256,
		Title: "Summary", SummaryMarkdown: "All agreed.", Language: "en", WordCount: 2, Pages: 1, Chunks: 1, S3TextKey: "processed/text.txt"}}
}

// resend delivers a result again, mostly the same bytes; else the same result_id with other content.
func (c *client) resend(ctx context.Context) error {
	if len(c.sent) == 0 {
		return nil
	}
	return c.send(ctx, c.again())
}

func (c *client) again() sentResult {
	r := c.sent[len(c.sent)-1-c.rng.IntN(min(4, len(c.sent)))]
	if c.rng.IntN(3) == 0 {
		r.res.SummaryMarkdown = fmt.Sprintf("Others disagreed %d times.", 1+c.rng.IntN(2))
	}
	return r
}

// together delivers several results in one request, some of them again: each is an operation of its own, all of them at once.
func (c *client) together(ctx context.Context) error {
	if !c.batches {
		return nil
	}
	var rs []sentResult
	for _, l := range c.several(3) {
		rs = append(rs, newResult(l))
	}
	for len(c.sent) > 0 && c.rng.IntN(2) == 0 && len(rs) < 5 {
		rs = append(rs, c.again())
	}
	if len(rs) == 0 {
		return nil
	}
	c.rng.Shuffle(len(rs), func(i, j int) { rs[i], rs[j] = rs[j], rs[i] })
	c.sent = append(c.sent, rs...)
	var bodies [][]byte
	for _, r := range rs {
		body, err := wpclient.EncodeResult(r.res)
		if err != nil {
			return err
		}
		bodies = append(bodies, body)
	}
	var out wpclient.ResultsResponse
	s, err := c.attempt(func() (err error) {
		out, err = c.wp.Results(ctx, bodies, wpclient.AgentInfo{Version: "1.0.0", Host: "localhost", OS: "linux", Arch: "amd64", Slots: 3})
		return
	})
	for i, r := range rs {
		got := wpclient.ResultOutcome{Err: err}
		if err == nil {
			got = out.Outcomes[i]
		}
		c.record(r.input(), r.output(got.ResultResponse, got.Err), s)
		if perr := permanent("results", got.Err); perr != nil {
			return perr
		}
	}
	return nil
}

func (c *client) send(ctx context.Context, r sentResult) error {
	body, err := wpclient.EncodeResult(r.res)
	if err != nil {
		return err
	}
	var resp wpclient.ResultResponse
	s, err := c.attempt(func() (err error) { resp, err = c.wp.Result(ctx, body); return })
	c.record(r.input(), r.output(resp, err), s)
	return permanent("result", err)
}

func (r sentResult) input() Input {
	in := named(Result, r.lease)
	in.Result, in.Content = r.res.ResultID, r.res.SummaryMarkdown
	return in
}

func (r sentResult) output(resp wpclient.ResultResponse, err error) Output {
	if err != nil {
		return refused(err)
	}
	return Output{Code: map[string]string{"accepted": ok, "already_accepted": repeat}[resp.Status], Post: resp.PostID}
}

func (c *client) fail(ctx context.Context) error {
	l, found := c.chosenLease()
	if !found {
		return nil
	}
	req := wpclient.FailRequest{LeaseRef: l.Ref(), Class: "transient", Code: "test_trouble", Message: "The test made this up."}
	if c.rng.IntN(4) == 0 {
		req.Class = "permanent"
	}
	if c.rng.IntN(4) == 0 {
		req.RetryAfterS = 45
	}
	if c.rng.IntN(3) == 0 {
		req.Code = reported
	}
	var resp wpclient.FailResponse
	s, err := c.attempt(func() (err error) { resp, err = c.wp.Fail(ctx, req); return })
	in := named(Fail, l)
	in.Class, in.Code, in.RestMS = req.Class, req.Code, req.RetryAfterS*1000
	out := refused(err)
	if err == nil {
		out = Output{Code: ok, State: resp.State, Attempt: resp.Attempt, Max: resp.MaxAttempts, WaitMS: resp.AvailableInMS}
	}
	c.record(in, out, s)
	return permanent("fail", err)
}

func (c *client) release(ctx context.Context) error {
	leases := c.several(3)
	if len(leases) == 0 {
		return nil
	}
	req := wpclient.ReleaseRequest{Reason: "test"}
	for _, l := range leases {
		req.Leases = append(req.Leases, l.Ref())
	}
	var resp wpclient.ReleaseResponse
	s, err := c.attempt(func() (err error) { resp, err = c.wp.Release(ctx, req); return })
	if err == nil && len(resp.Released)+len(resp.Lost) != len(leases) {
		return fmt.Errorf("release of %d leases answered for %d and %d", len(leases), len(resp.Released), len(resp.Lost))
	}
	// The answer names jobs, not epochs: of two leases of one job, the released one is not told apart from the lost one.
	twice := map[int64]int{}
	for _, l := range leases {
		twice[l.JobID]++
	}
	for _, l := range leases {
		out := Output{Unknown: err != nil || twice[l.JobID] > 1}
		if !out.Unknown {
			out.Code = lost
			for _, id := range resp.Released {
				if id == l.JobID {
					out.Code = ok
				}
			}
		}
		c.record(named(Release, l), out, s)
	}
	return permanent("release", err)
}

// refused is the answer that err stands for, or an unknown one.
func refused(err error) Output {
	switch wpclient.KindOf(err) {
	case wpclient.Lost:
		return Output{Code: lost}
	case wpclient.Cancelled:
		return Output{Code: cancelled}
	case wpclient.Conflict:
		return Output{Code: conflict}
	}
	return Output{Unknown: true}
}

// permanent is an error that has no place in a history: a bug of the test, of the client or of the site.
func permanent(op string, err error) error {
	if errors.Is(err, errTrusted) {
		return fmt.Errorf("%s: %w", op, err)
	}
	switch wpclient.KindOf(err) {
	case "", wpclient.Transient, wpclient.Lost, wpclient.Cancelled, wpclient.Conflict:
		return nil
	}
	return fmt.Errorf("%s: %w", op, err)
}

// failures is the evidence column, in the words of State.Failures.
func failures(column string) (string, error) {
	var list []struct{ Agent, Class, Code string }
	if err := json.Unmarshal([]byte(column), &list); err != nil {
		return "", fmt.Errorf("evidence of a job: %w", err)
	}
	var b []string
	for _, f := range list {
		b = append(b, fmt.Sprintf("%s/%s@%s", f.Class, f.Code, f.Agent))
	}
	return strings.Join(b, " "), nil
}
