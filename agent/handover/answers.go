package handover

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// maxStep bounds what is read of one stored answer.
const maxStep = 16 << 20

// cache is the journal's cache with a second memory: what is paid for is also put below the job's
// folder in the object store, before the work goes on. Segments would not do: they gather for a
// while and are known to the next agent only after a beat, and an agent that is killed in between
// takes the answers with it. Where no other agent can come to the store (Options.Own) the journal alone has them.
type cache struct {
	llm.Cache
	hand *Handover
}

var _ llm.Cache = cache{}

// Cache is what a summariser asks for answers, and gives them to.
func (h *Handover) Cache() llm.Cache { return cache{h.opt.Answers, h} }

// Get looks where an earlier holder of the job may have put the answer, when the journal has none.
func (c cache) Get(ctx context.Context, key string) (llm.Completion, bool, error) {
	c.hand.use(key)
	done, ok, err := c.Cache.Get(ctx, key)
	if ok || err != nil || c.hand.opt.Epoch < 2 {
		return done, ok, err
	}
	if done, ok = c.hand.fetchStep(ctx, key); !ok {
		return llm.Completion{}, false, nil
	}
	return done, true, c.Cache.Put(ctx, key, done)
}

func (c cache) Put(ctx context.Context, key string, done llm.Completion) error {
	c.hand.use(key)
	err := c.Cache.Put(ctx, key, done)
	if p := pressure.FullPlace(err); p != pressure.Nowhere {
		c.hand.opt.Full(p)
	} else if err != nil {
		return err
	}
	if err == nil && c.hand.opt.Own {
		return nil // who could read it there has the journal
	}
	if c.hand.storeStep(ctx, key, done) {
		return nil // one of the two has it: enough to go on without paying again
	}
	return err
}

// storeStep tells whether the store took the step. Best effort: what it does not take goes with
// the next segment.
func (h *Handover) storeStep(ctx context.Context, key string, done llm.Completion) bool {
	l := line{Key: key, Step: &done}
	raw, err := json.Marshal(l)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	object := h.opt.Job.Step(key)
	if err := h.opt.Store.Put(ctx, object, bytes.NewReader(raw), int64(len(raw)), "application/json"); err != nil {
		h.opt.Log.Warn("a finished step was not stored; it goes with the next checkpoint", "error", err.Error())
		h.add(l)
		return false
	}
	return true
}

func (h *Handover) fetchStep(ctx context.Context, key string) (llm.Completion, bool) {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	object := h.opt.Job.Step(key)
	body, _, err := h.opt.Store.Get(ctx, object)
	if err != nil {
		return llm.Completion{}, false // absent, or as good as absent
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, maxStep))
	var l line
	if err != nil || json.Unmarshal(raw, &l) != nil || l.Step == nil || l.Key != key {
		return llm.Completion{}, false
	}
	return *l.Step, true
}
