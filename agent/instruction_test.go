package agent_test

import (
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// What an editor asks of one summary reaches the model and makes a new answer, and no page is read again for it.
func TestAnInstructionReachesTheModelAndReadsNothingAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sum, srv := model(t, nil)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	stop, _ := start(t, r.capped(&calendar{}, r.site.Client(wpclient.Options{}), sum, budget.Caps{}, false))
	if r.await(id, wptest.Done).Result.Instructed {
		t.Error("instructed by nobody")
	}
	before := len(srv.Calls())
	r.site.Ask(id, "Shorter, and for parents.")
	r.site.Retry(id)
	got := r.awaitFunc(id, func(j wptest.JobState) bool { return j.State == wptest.Done && j.Epoch == 2 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if !got.Result.Instructed {
		t.Error("the result does not say that the model was given the instruction")
	}
	if asked := answersTo(srv.Calls()[before:], "Shorter, and for parents."); asked == 0 {
		t.Errorf("%d calls, none with the instruction", len(srv.Calls())-before)
	}
	if n := r.reader.reads(page2); n != 1 {
		t.Errorf("page 2 was read %d times", n)
	}
}

func answersTo(calls []llmtest.Call, words string) (n int) {
	for _, c := range calls {
		if strings.Contains(c.System, words) {
			n++
		}
	}
	return n
}

// The embedded summariser follows nobody's wishes; the result and the log say so.
func TestTheEmbeddedSummariserSaysThatItFollowsNoInstruction(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	r.site.Ask(id, "Shorter, and for parents.")
	stop, _ := start(t, r.agent(func(*agent.Options) {}))
	got := r.await(id, wptest.Done)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if got.Result.Instructed || !strings.Contains(r.log.String(), "the editor's instruction was not followed") {
		t.Errorf("instructed: %v", got.Result.Instructed)
	}
	if strings.Contains(r.log.String(), "for parents") {
		t.Error("the log repeats an editor's words")
	}
}
