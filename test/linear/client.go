package linear

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/test/linear/wpsite"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// client is one agent that behaves as badly as the protocol allows: it goes on with leases it has lost, with leases of
// others, repeats what was answered, and answers twice in different words. Every few clients it is an admin, too.
type client struct {
	*arena
	id    int
	agent wpsite.Agent
	rng   *rand.Rand
	net   *flaky
	wp    *wpclient.Client
	admin *admin

	mine    []wpclient.Lease // told to this client, oldest first
	sent    []sentResult
	request string // of the last POST /lease
	batches bool   // the site takes several results in one request
	ops     int
}

// keepLeases bounds how old a lease a zombie still acts on.
const keepLeases = 10

func newClient(a *arena, id int, agent wpsite.Agent, rng *rand.Rand) *client {
	net := &flaky{base: a.pool, rng: rng}
	return &client{arena: a, id: id, agent: agent, rng: rng, net: net,
		wp: wpclient.New(a.at, agent.Key, wpclient.Options{Transport: net}), admin: newAdmin(a.Site, a.pool)}
}

// step is something a client may do next, and how often.
type step struct {
	weight int
	do     func(context.Context) error
}

func (c *client) steps() []step {
	return []step{
		{20, c.lease},
		{4, c.leaseAgain},
		{16, c.beat},
		{16, c.result},
		{8, c.resend},
		{8, c.together},
		{6, c.fail},
		{7, c.release},
		{12, c.age},
		{8, c.wake},
		{3, c.cancel},
		{10, c.retry},
		{32, c.readAny},
	}
}

// run does at least n operations. One request may hold several: each is an operation on a job of its own.
func (c *client) run(ctx context.Context, n int) error {
	steps, total := c.steps(), 0
	for _, s := range steps {
		total += s.weight
	}
	for c.ops < n {
		if err := ctx.Err(); err != nil {
			return err
		}
		lot := c.rng.IntN(total)
		for _, s := range steps {
			if lot -= s.weight; lot < 0 {
				if err := s.do(ctx); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

func (c *client) record(in Input, out Output, s span) {
	in.Agent = c.agent.Name
	if out.Code == lost || out.Code == cancelled {
		c.learn(in)
	}
	c.ops++
	c.add(c.id, in, out, s)
}

// attempt does one exchange and tells when: from before it was sent until nothing of it is still to come. A request that
// was changed on its way did nothing and is sent again: the history, which does not know of it, would tell if it had.
func (c *client) attempt(do func() error) (span, error) {
	call := c.now()
	err := do()
	for c.net.changed.Load() {
		if !wpclient.IsTransient(err) {
			return span{}, fmt.Errorf("%w: %w", errTrusted, err)
		}
		c.changed.Add(1)
		call = c.now()
		err = do()
	}
	return span{call, end(err == nil || c.net.answered.Load(), c.now())}, err
}

// learn: mostly a client takes the lease for lost; a zombie does not.
func (c *client) learn(gone Input) {
	if c.rng.IntN(3) == 0 {
		return
	}
	c.mine = slices.DeleteFunc(c.mine, func(l wpclient.Lease) bool { return l.JobID == gone.Job && l.Epoch == gone.Epoch })
}

// chosenLease is a lease that this client acts on: mostly its latest, often one that it has lost, now and then one of others.
func (c *client) chosenLease() (wpclient.Lease, bool) {
	if c.rng.IntN(10) == 0 {
		return c.told(c.rng, 20)
	}
	n := len(c.mine)
	if n == 0 {
		return wpclient.Lease{}, false
	}
	if c.rng.IntN(3) > 0 {
		return c.mine[n-1-c.rng.IntN(min(2, n))], true
	}
	return c.mine[c.rng.IntN(n)], true
}

// several leases to act on at once, each job at most twice: a present lease beside a lost one.
func (c *client) several(most int) []wpclient.Lease {
	var out []wpclient.Lease
	seen := map[string]bool{}
	for range most {
		l, ok := c.chosenLease()
		if name := fmt.Sprint(l.JobID, "/", l.Epoch); ok && !seen[name] {
			seen[name] = true
			out = append(out, l)
		}
	}
	return out
}

func (c *client) document() wpsite.Document { return c.docs[c.rng.IntN(len(c.docs))] }

func named(kind Kind, l wpclient.Lease) Input {
	return Input{Kind: kind, Job: l.JobID, Epoch: l.Epoch, Token: l.LeaseToken}
}
