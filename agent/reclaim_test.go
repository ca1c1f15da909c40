package agent_test

import (
	"testing"

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
