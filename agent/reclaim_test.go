package agent_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// A lease whose answer was lost is not left to expire by an agent that is told to end.
func TestALeaseOfALostAnswerIsGivenBackWhenTheAgentEnds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.FaultOnce("/lease", wptest.Fault{Kind: wptest.DropAnswer})
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.agent())
	r.await(id, wptest.Leased)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if got := r.site.Job(id); got.State != wptest.Queued || got.Attempt != 0 || got.Epoch != 1 {
		t.Errorf("the job is %s in attempt %d, epoch %d; want it back in the queue with no attempt counted", got.State, got.Attempt, got.Epoch)
	}
	if n := r.reader.reads("Document 1. " + page1); n != 0 {
		t.Errorf("its page was read %d times", n)
	}
}

// failing tells of the first request for work that had no answer.
type failing struct {
	agent.Site
	once   sync.Once
	failed chan struct{}
}

func (f *failing) Lease(ctx context.Context, req wpclient.LeaseRequest) (wpclient.LeaseResponse, error) {
	resp, err := f.Site.Lease(ctx, req)
	if err != nil {
		f.once.Do(func() { close(f.failed) })
	}
	return resp, err
}

// An agent whose site is down ends at once: what was never sent gave it nothing that would have to go back.
func TestAnAgentWhoseSiteIsDownEndsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.Close()
	down := &failing{failed: make(chan struct{})}
	stop, _ := start(t, r.agent(func(o *agent.Options) {
		down.Site, o.Sites[0].Client = o.Sites[0].Client, down
		o.Settings.ReleaseTime, o.Settings.RetryMin = hang, hang
	}))
	<-down.failed
	began := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > hang/2 {
		t.Errorf("it took %s", took)
	}
}
