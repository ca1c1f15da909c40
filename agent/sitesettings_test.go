package agent_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// besides adds a site to the agent of the rig.
func besides(t *testing.T, own agent.SiteSettings) (*wptest.Site, func(*agent.Options)) {
	t.Helper()
	other := wptest.New(t)
	return other, func(o *agent.Options) {
		o.Sites = append(o.Sites, agent.SiteHandle{URL: other.URL(), Client: other.Client(wpclient.Options{}), SiteSettings: own})
	}
}

func awaitAt(t *testing.T, s *wptest.Site, id int64) wptest.JobState {
	t.Helper()
	got, err := s.Await(t.Context(), id, wptest.Done)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A site has hours of its own, and only its own hears of them.
func TestASiteHasHoursOfItsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	waits := r.site.AddJob("a.txt", "text/plain", doc(1))
	site := &listener{Site: r.site.Client(wpclient.Options{})}
	j, err := journal.Open(t.Context(), filepath.Join(r.dir, "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	other, beside := besides(t, agent.SiteSettings{})
	opens := time.Date(2027, 3, 4, 20, 0, 0, 0, time.UTC)
	var open atomic.Bool
	a := r.with(j, site, beside, func(o *agent.Options) {
		o.Sites[0].Hours = &agent.Hours{Open: func(time.Time) bool { return open.Load() }, Opens: func(time.Time) (time.Time, bool) { return opens, true }}
	})
	stop, _ := start(t, a)
	awaitAt(t, other, other.AddJob("b.txt", "text/plain", doc(2)))
	r.until("the hour is told", func() bool { return site.said("outside the processing window until 2027-03-04T20:00:00Z") })
	st := a.Status()
	if st.Window != nil || st.Sites[0].Window == nil || st.Sites[0].Window.Open || !st.Sites[0].OwnWindows || st.Sites[1].Window != nil || st.Sites[1].OwnWindows {
		t.Errorf("windows %+v, of the sites %+v and %+v", st.Window, st.Sites[0].Window, st.Sites[1].Window)
	}
	if got := r.site.Job(waits).State; got != wptest.Queued {
		t.Errorf("the job is %v", got)
	}
	open.Store(true)
	r.await(waits, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// emptyAccount is a model whose account serves nobody until it is filled.
func emptyAccount(t *testing.T) (s llm.Summariser, fill func()) {
	t.Helper()
	var filled atomic.Bool
	s, _ = model(t, func(int, llmtest.Call) llmtest.Reply {
		if filled.Load() {
			return llmtest.Reply{}
		}
		return llmtest.NoQuota
	})
	return s, func() { filled.Store(true) }
}

// Each site has its own model; an account that serves nobody stops the sites that use it and no others.
func TestSitesHaveModelsOfTheirOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	empty, fill := emptyAccount(t)
	good, asked := model(t, nil)
	other, beside := besides(t, agent.SiteSettings{Model: &agent.Model{Summariser: good, Writer: "openai/m"}})
	third, besideToo := besides(t, agent.SiteSettings{Model: &agent.Model{Summariser: llm.Extractive{}, Writer: "extractive"}})
	a := r.agent(func(o *agent.Options) { o.Summariser, o.Settings.Summariser = empty, "openai/empty" }, beside, besideToo)
	waits := r.site.AddJob("a.txt", "text/plain", doc(1))
	stop, _ := start(t, a)
	r.until("the account is known to be empty", func() bool { return a.Status().Models.Outage != "" && r.site.Job(waits).State == wptest.Queued })
	if got := awaitAt(t, other, other.AddJob("b.txt", "text/plain", doc(2))); got.Result.Provider != "openai" {
		t.Errorf("summarised by %s", got.Result.Provider)
	}
	if got := awaitAt(t, third, third.AddJob("c.txt", "text/plain", doc(3))); got.Result.Provider != "extractive" {
		t.Errorf("summarised by %s", got.Result.Provider)
	}
	if len(asked.Calls()) == 0 {
		t.Error("the site's own model was not asked")
	}
	st := a.Status()
	if st.Sites[0].Waits == "" || st.Sites[1].Waits != "" || st.Sites[2].Waits != "" {
		t.Errorf("waits: %q, %q, %q", st.Sites[0].Waits, st.Sites[1].Waits, st.Sites[2].Waits)
	}
	if other.Able().Summariser != "openai/m" || third.Able().Summariser != "extractive" {
		t.Errorf("told: %q and %q", other.Able().Summariser, third.Able().Summariser)
	}
	fill()
	r.await(waits, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// gated makes reading wait; open lets through so many pages.
func gated(r *rig) (open chan struct{}) {
	open = make(chan struct{}, 1000)
	r.reader.gate = func(ctx context.Context, _ int) error {
		select {
		case <-open:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return open
}

func held(a *agent.Agent) int { return len(a.Status().Sites[0].Held) }

// The cap of a site is lowered while its documents run: they go on, and nothing is leased until fewer are in work. Raised, more is.
func TestTheCapOfASiteChangesWhileDocumentsRun(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open := gated(r)
	var ids []int64
	for n := range 8 {
		ids = append(ids, r.site.AddJob("d.txt", "text/plain", doc(n)))
	}
	var opt agent.Options
	a := r.agent(func(o *agent.Options) {
		o.Settings.Slots, o.Settings.Readers, o.Settings.Calls = 8, 8, 8
		o.Sites[0].MaxDocuments = 3
		opt = *o
	})
	stop, _ := start(t, a)
	capped := func(n int) {
		own := opt.Sites[0].SiteSettings
		own.MaxDocuments = n
		a.Retune(agent.Tuning{Settings: opt.Settings, Summariser: opt.Summariser, Sites: map[string]agent.SiteSettings{r.site.URL(): own}})
	}
	r.until("three are in work", func() bool { return held(a) == 3 })
	capped(1)
	open <- struct{}{} // two pages: the end of one document, whichever
	open <- struct{}{}
	for range 2 {
		open <- struct{}{}
		open <- struct{}{}
	}
	r.until("one is in work", func() bool { return held(a) == 1 && done8(r, ids) >= 2 })
	if st := a.Status().Sites[0]; st.MaxDocuments != 1 || len(st.Held) > 1 {
		t.Errorf("%d in work under a cap of %d", len(st.Held), st.MaxDocuments)
	}
	capped(0)
	r.until("there is room for all", func() bool { return held(a)+done8(r, ids) == len(ids) })
	close(open)
	for _, id := range ids {
		if got := r.await(id, wptest.Done); got.Epoch != 1 || got.Releases != 0 {
			t.Errorf("a lease was dropped: %+v", got)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func done8(r *rig, ids []int64) (n int) {
	for _, id := range ids {
		if r.site.Job(id).State == wptest.Done {
			n++
		}
	}
	return n
}

// A document in work keeps the model and the style that it began with; the next one has the new ones.
func TestADocumentInWorkKeepsWhatItBeganWith(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open := gated(r)
	before, after := &noting{kept: map[string]bool{}, tone: map[string]llm.Tone{}}, &noting{kept: map[string]bool{}, tone: map[string]llm.Tone{}}
	var opt agent.Options
	a := r.agent(func(o *agent.Options) { o.Summariser = before; opt = *o })
	stop, _ := start(t, a)
	first := r.site.AddJob("first.txt", "text/plain", doc(1))
	r.until("it is in work", func() bool { return held(a) == 1 })
	own := agent.SiteSettings{LocalOnly: true, Style: func(string) llm.Style { return llm.Style{Tone: llm.TonePlain} }}
	a.Retune(agent.Tuning{Settings: opt.Settings, Summariser: after, Sites: map[string]agent.SiteSettings{r.site.URL(): own}})
	second := r.site.AddJob("second.txt", "text/plain", doc(2))
	close(open)
	r.await(first, wptest.Done)
	r.await(second, wptest.Done)
	if err := stop(); err != nil {
		t.Error(err)
	}
	if local, seen := before.kept["first.txt"]; !seen || local || before.tone["first.txt"] != "" || len(before.kept) != 1 {
		t.Errorf("the first one: %v %v", before.kept, before.tone)
	}
	if local, seen := after.kept["second.txt"]; !seen || !local || after.tone["second.txt"] != llm.TonePlain || len(after.kept) != 1 {
		t.Errorf("the second one: %v %v", after.kept, after.tone)
	}
}

// Languages of a site reach the reader, and pages that were read with others are not taken for its.
func TestASiteHasLanguagesOfItsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var opt agent.Options
	a := r.agent(func(o *agent.Options) { o.Sites[0].Languages = []string{"deu"}; opt = *o })
	stop, _ := start(t, a)
	again := func(langs string, times int) {
		t.Helper()
		r.await(r.site.AddJob("a.txt", "text/plain", doc(1)), wptest.Done)
		if got := strings.Join(r.reader.asked(), ","); got != langs || r.reader.reads(page2) != times {
			t.Errorf("read with %q, %d times; want %q, %d times", got, r.reader.reads(page2), langs, times)
		}
	}
	again("deu", 1)
	again("deu", 1) // the journal has the pages
	own := opt.Sites[0].SiteSettings
	own.Languages = []string{"fra"}
	a.Retune(agent.Tuning{Settings: opt.Settings, Summariser: opt.Summariser, Sites: map[string]agent.SiteSettings{r.site.URL(): own}})
	again("fra", 2)
	if st := a.Status().Sites[0]; strings.Join(st.Languages, ",") != "fra" {
		t.Errorf("status %+v", st.Languages)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// A model that comes at a reload is watched like one of the start: its account is tried again until it serves.
func TestAModelOfAReloadIsWatched(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	empty, fill := emptyAccount(t)
	var opt agent.Options
	a := r.agent(func(o *agent.Options) { opt = *o })
	stop, _ := start(t, a)
	r.await(r.site.AddJob("a.txt", "text/plain", doc(1)), wptest.Done)
	a.Retune(agent.Tuning{Settings: opt.Settings, Summariser: empty})
	job := r.site.AddJob("b.txt", "text/plain", doc(2))
	r.until("the account is known to be empty", func() bool { return a.Status().Models.Outage != "" && r.site.Job(job).State == wptest.Queued })
	fill()
	if got := r.await(job, wptest.Done); got.Result.Provider != "openai" {
		t.Errorf("summarised by %s", got.Result.Provider)
	}
	a.Retune(agent.Tuning{Settings: opt.Settings, Summariser: opt.Summariser})
	if st := a.Status(); st.Models.Outage != "" || st.Summariser != opt.Summariser.Name() {
		t.Errorf("%q of a model that is not in use; summariser %s", st.Models.Outage, st.Summariser)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
