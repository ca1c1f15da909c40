package agent_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

const sixPages = "First page about bridges.\fSecond page about rivers.\fThird page about roads.\fFourth page about trees.\ffail\fSixth page about ships."

// A lease that names pages has those read and no others; what was read for it serves a reading of all, and no page twice.
func TestOnlyThePagesOfTheLeaseAreRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.SetBudget(&wpclient.Budget{})
	id := r.site.AddJob("long.txt", "text/plain", []byte(sixPages))
	r.site.SetPages(id, &wpclient.PageRange{First: 2, Last: 3})
	stop, _ := start(t, r.agent())
	defer stop()
	part := r.await(id, wptest.Done)
	want := []string{"Second page about rivers.", "Third page about roads."}
	for _, page := range strings.Split(sixPages, "\f") {
		if n := r.reader.reads(page); (n == 1) != slices.Contains(want, page) {
			t.Errorf("%q was read %d times", page, n)
		}
	}
	if got := part.Result.PagesRead; got == nil || *got != (wpclient.PageRange{First: 2, Last: 3}) || part.Result.Pages != 6 || len(part.Result.PagesFailed) != 0 {
		t.Errorf("the result says %+v, of %d, failed %v", got, part.Result.Pages, part.Result.PagesFailed)
	}
	if strings.Contains(part.Result.SummaryMarkdown, "bridges") || !strings.Contains(part.Result.SummaryMarkdown, "rivers") {
		t.Errorf("the summary is of other pages: %q", part.Result.SummaryMarkdown)
	}
	r.site.SetPages(id, nil)
	r.site.Retry(id)
	whole := r.await(id, wptest.Done)
	if n := r.reader.reads("Second page about rivers."); n != 1 {
		t.Errorf("a page that was in the journal was read %d times", n)
	}
	if whole.Result.PagesRead != nil || !slices.Equal(whole.Result.PagesFailed, []int{5}) || !strings.Contains(whole.Result.SummaryMarkdown, "bridges") {
		t.Errorf("after a part, the whole: %+v", whole.Result)
	}
	r.site.SetPages(id, &wpclient.PageRange{First: 6})
	r.site.Retry(id)
	end := r.await(id, wptest.Done)
	if got := end.Result.PagesRead; got == nil || *got != (wpclient.PageRange{First: 6, Last: 6}) || strings.Contains(end.Result.SummaryMarkdown, "rivers") || !strings.Contains(end.Result.SummaryMarkdown, "ships") {
		t.Errorf("from the journal alone: %+v, %q", got, end.Result.SummaryMarkdown)
	}
}

func TestPagesBehindTheEndAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.site.AddJob("short.txt", "text/plain", []byte("One.\fTwo."))
	r.site.SetPages(id, &wpclient.PageRange{First: 10, Last: 20})
	stop, _ := start(t, r.agent())
	defer stop()
	got := r.await(id, wptest.Failed)
	if f := got.Failures[len(got.Failures)-1]; f.Code != "no_such_pages" || f.Class != "permanent" || !strings.Contains(f.Message, "has 2") {
		t.Errorf("%+v", f)
	}
}
