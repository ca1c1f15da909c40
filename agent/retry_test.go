package agent_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// perPage is a Summariser that pays one call for each page it has no answer for.
type perPage struct{ paid []string }

func (p *perPage) Name() string { return "test" }

func (p *perPage) Summarise(ctx context.Context, d llm.Document, c llm.Cache, _ func(int, int)) (llm.Summary, error) {
	for _, page := range d.Pages {
		key := fmt.Sprintf("%x", page.Text)
		_, ok, err := c.Get(ctx, key)
		if err != nil {
			return llm.Summary{}, err
		}
		if ok {
			continue
		}
		p.paid = append(p.paid, page.Text)
		if err := c.Put(ctx, key, llm.Completion{Text: "the gist of it"}); err != nil {
			return llm.Summary{}, err
		}
	}
	return llm.Summary{Title: "T", Markdown: fmt.Sprintf("Of %d pages.", len(d.Pages)), Provider: "test", Model: "test", Chunks: 1}, nil
}

const unreadable = "fail: a page that cannot be read at first"

// partly works off a document whose second page fails, and returns its job.
func (r *rig) partly(sum llm.Summariser) int64 {
	r.t.Helper()
	id := r.site.AddJob("d.txt", "text/plain", []byte(page1+"\f"+unreadable+"\f"+page2))
	stop, _ := start(r.t, r.agent(func(o *agent.Options) { o.Summariser = sum }))
	got := r.await(id, wptest.Done)
	if err := stop(); err != nil {
		r.t.Fatal(err)
	}
	if !slices.Equal(got.Result.PagesFailed, []int{2}) || got.Result.Pages != 3 {
		r.t.Fatalf("pages failed %v of %d, want page 2 of 3", got.Result.PagesFailed, got.Result.Pages)
	}
	return id
}

// retried lets a new agent, with a journal of its own and the same object store, work off a retry.
func (r *rig) retried(id int64, sum llm.Summariser) wptest.JobState {
	r.t.Helper()
	r.site.Retry(id)
	client := wpclient.New(r.site.Site(), r.site.NewKey(), wpclient.Options{})
	stop, _ := start(r.t, r.another(client, func(o *agent.Options) { o.Summariser = sum }))
	got := r.await(id, wptest.Done)
	if err := stop(); err != nil {
		r.t.Fatal(err)
	}
	return got
}

func (r *rig) inCheckpoints() []string {
	found, _ := filepath.Glob(filepath.Join(r.dir, "store", "processed", "*", "checkpoint", "*"))
	return found
}

func (r *rig) wantReads(first, failing, second int) {
	r.t.Helper()
	if a, b, c := r.reader.reads(page1), r.reader.reads(unreadable), r.reader.reads(page2); a != first || b != failing || c != second {
		r.t.Errorf("the pages were read %d, %d and %d times, want %d, %d and %d", a, b, c, first, failing, second)
	}
}

func TestARetryReadsOnlyTheMissingPageOnAnotherAgentToo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, second := &perPage{}, &perPage{}
	id := r.partly(first)
	post := r.site.Job(id).PostID
	if left := r.inCheckpoints(); len(left) != 1 {
		t.Errorf("in the store for a retry: %v, want one segment", left)
	}

	r.reader.fixed = true
	got := r.retried(id, second)
	r.wantReads(1, 2, 1)
	if len(got.Result.PagesFailed) != 0 || got.Result.SummaryMarkdown != "Of 3 pages." || got.PostID != post {
		t.Errorf("failed %v, %q, post %d instead of %d", got.Result.PagesFailed, got.Result.SummaryMarkdown, got.PostID, post)
	}
	if len(first.paid) != 2 || !slices.Equal(second.paid, []string{unreadable}) {
		t.Errorf("paid for %q and then for %q", first.paid, second.paid)
	}
	if left := r.inCheckpoints(); len(left) > 0 || got.Result.Checkpoint != nil {
		t.Errorf("left behind: %v, %s", left, got.Result.Checkpoint)
	}
}

func TestARetryThatFailsAgainEndsAsBeforeAndCanBeRetriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sum := &perPage{}
	id := r.partly(sum)
	got := r.retried(id, sum)
	r.wantReads(1, 2, 1)
	if !slices.Equal(got.Result.PagesFailed, []int{2}) || got.Attempt != 1 || len(got.Failures) != 0 {
		t.Errorf("failed %v in attempt %d, failures %v", got.Result.PagesFailed, got.Attempt, got.Failures)
	}
	if left := r.inCheckpoints(); len(left) != 1 {
		t.Errorf("in the store for a retry: %v, want one segment", left)
	}

	r.reader.fixed = true
	got = r.retried(id, sum)
	r.wantReads(1, 3, 1)
	if len(got.Result.PagesFailed) != 0 || len(sum.paid) != 3 {
		t.Errorf("failed %v, %d calls paid, want 3", got.Result.PagesFailed, len(sum.paid))
	}
	if left := r.inCheckpoints(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestARetryOnTheSameAgentNeedsNoStore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sum := &perPage{}
	id := r.partly(sum)
	r.journal.Close()
	r.reader.fixed = true
	r.site.Retry(id)
	stop, _ := start(t, r.agent(func(o *agent.Options) { o.Summariser = sum }))
	defer stop()
	got := r.awaitFunc(id, func(j wptest.JobState) bool { return j.State == wptest.Done && len(j.Result.PagesFailed) == 0 })
	r.wantReads(1, 2, 1)
	if got.Accepted != 2 || len(sum.paid) != 3 {
		t.Errorf("accepted %d times, %d calls paid", got.Accepted, len(sum.paid))
	}
}
