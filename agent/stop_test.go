package agent_test

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient/wptest"
)

// runs starts the agent and returns where Run's error comes out when it ends by itself.
func runs(t *testing.T, a *agent.Agent) (ended chan error, kill func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended, done := make(chan error, 1), make(chan struct{})
	go func() { ended <- a.Run(ctx); close(done) }()
	kill = func() { cancel(); <-done }
	t.Cleanup(kill)
	return ended, kill
}

func endsWell(t *testing.T, a *agent.Agent, ended chan error) {
	t.Helper()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("an agent that stops as asked gives the error %v", err)
		}
	case <-time.After(hang):
		t.Fatal("the agent was asked to stop and goes on")
	}
	if !a.Stopped() {
		t.Error("the agent does not say that it was asked to stop")
	}
}

// another is an agent with a journal of its own, on the rig's key and object store.
func (r *rig) another(client agent.Site, change ...func(*agent.Options)) *agent.Agent {
	r.t.Helper()
	dir := r.t.TempDir()
	j, err := journal.Open(r.t.Context(), filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { j.Close() })
	spool := func(o *agent.Options) { o.Settings.WorkDir = filepath.Join(dir, "spool") }
	return r.with(j, client, append([]func(*agent.Options){spool}, change...)...)
}

// aged makes a process say that it is a minute older than it is. The site tells from its age whether it ran when the order to stop was
// given, and a request that is slow on its way makes it look younger.
func aged(o *agent.Options) {
	for i := range o.Sites {
		o.Sites[i].Client = agedSite{o.Sites[i].Client}
	}
}

type agedSite struct{ agent.Site }

func (s agedSite) Lease(ctx context.Context, q wpclient.LeaseRequest) (wpclient.LeaseResponse, error) {
	q.Agent.UptimeMS += time.Minute.Milliseconds()
	return s.Site.Lease(ctx, q)
}

func (s agedSite) Beat(ctx context.Context, q wpclient.BeatRequest) (wpclient.BeatResponse, error) {
	info := *q.Agent
	info.UptimeMS += time.Minute.Milliseconds()
	q.Agent = &info
	return s.Site.Beat(ctx, q)
}

// worksAgain checks that a new process on the same journal and key simply works.
func (r *rig) worksAgain(id int64) {
	r.t.Helper()
	r.journal.Close()
	stop, _ := start(r.t, r.agent())
	defer stop()
	r.await(id, wptest.Done)
	if d := r.site.Directive(); d != wpclient.DirectiveRun {
		r.t.Errorf("the order to stop outlived the process it was for: %s", d)
	}
}

func TestStopEndsTheProcessAndTheNextOneWorks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.SetTiming(0, time.Second, 0)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	reached := make(chan struct{})
	r.reader.gate = func(ctx context.Context, page int) error {
		if page == 2 {
			close(reached)
			<-ctx.Done()
		}
		return ctx.Err()
	}
	a := r.agent(aged, oneSlot, func(o *agent.Options) { o.Settings.DrainTimeout = time.Nanosecond })
	ended, _ := runs(t, a)
	<-reached
	r.site.SetDirective(wpclient.DirectiveStop)
	endsWell(t, a, ended)

	got := r.site.Job(id)
	if got.State != wptest.Queued || got.Releases != 1 || got.Attempt != 0 || got.Crashes != 0 {
		t.Errorf("after stopping: %s, %d releases, attempt %d, %d crashes", got.State, got.Releases, got.Attempt, got.Crashes)
	}
	stops := r.site.Stops()
	if len(stops) != 1 || stops[0].FreeSlots != 0 || stops[0].Note != "stopped as asked" {
		t.Errorf("the site was told %+v", stops)
	}
	asked := r.site.Requests()
	if last := asked[len(asked)-1]; last.Route != "/aidoc/v1/lease" {
		t.Errorf("the last request was %s", last.Route)
	}
	if !strings.Contains(r.log.String(), "stopped as asked in WordPress") {
		t.Error("the log does not say why the agent ended")
	}

	r.reader.gate = nil
	r.worksAgain(id)
	if n := r.reader.reads("Document 1. " + page1); n != 1 {
		t.Errorf("page 1 was read %d times", n)
	}
}

func TestStopFinishesAndDeliversWhatFits(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.SetTiming(0, time.Second, 0)
	id := r.site.AddJob("d.txt", "text/plain", doc(1))
	reached, goOn := make(chan struct{}), make(chan struct{})
	r.reader.gate = func(ctx context.Context, page int) error {
		if page == 2 {
			close(reached)
			<-goOn
		}
		return ctx.Err()
	}
	a := r.agent(aged, func(o *agent.Options) { o.Settings.DrainTimeout = hang })
	ended, _ := runs(t, a)
	<-reached
	told := r.toldToStop(a, wptest.Fault{})
	r.site.SetDirective(wpclient.DirectiveStop)
	<-told
	close(goOn)
	endsWell(t, a, ended)
	if got := r.site.Job(id); got.State != wptest.Done || got.Accepted != 1 || got.Releases != 0 {
		t.Errorf("work that fits was not finished: %s, accepted %d, released %d", got.State, got.Accepted, got.Releases)
	}
}

// toldToStop is closed at the agent's first request after it was told to stop; answer is what becomes of all requests from then on.
func (r *rig) toldToStop(a *agent.Agent, answer wptest.Fault) <-chan struct{} {
	told := make(chan struct{})
	var once sync.Once
	r.site.Fault(func(*http.Request) wptest.Fault {
		if !a.Stopped() {
			return wptest.Fault{}
		}
		once.Do(func() { close(told) })
		return answer
	})
	return told
}

func TestStopSurvivesLostAnswers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a := r.agent(aged)
	ended, _ := runs(t, a)
	r.awaitRequests(2)
	var lost atomic.Int32
	r.site.Fault(func(req *http.Request) wptest.Fault {
		if strings.HasSuffix(req.Header.Get("X-Aidoc-Route"), "/lease") && a.Stopped() && lost.Add(1) <= 2 {
			return wptest.Fault{Kind: wptest.DropAnswer}
		}
		return wptest.Fault{}
	})
	r.site.SetDirective(wpclient.DirectiveStop)
	endsWell(t, a, ended)
	stops := r.site.Stops()
	if len(stops) != 3 || stops[0].RequestID != stops[2].RequestID {
		t.Errorf("the final report came %d times, want the same request three times", len(stops))
	}
	r.worksAgain(r.site.AddJob("d.txt", "text/plain", doc(1)))
}

// A process that dies after it was told takes the order with it: nobody has to lift it in WordPress.
func TestStopIsOverWhenTheProcessWasKilledInstead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a := r.agent(aged)
	_, kill := runs(t, a)
	r.awaitRequests(2)
	told := r.toldToStop(a, wptest.Fault{Kind: wptest.BadGateway})
	r.site.SetDirective(wpclient.DirectiveStop)
	<-told
	kill()
	r.site.Fault(nil)
	if n := len(r.site.Stops()); n != 0 {
		t.Fatalf("the site got the final report %d times", n)
	}
	r.worksAgain(r.site.AddJob("d.txt", "text/plain", doc(1)))
}

// cutOff is a site that one process cannot reach until it is let.
type cutOff struct {
	agent.Site
	until chan struct{}
}

func (c cutOff) Lease(ctx context.Context, q wpclient.LeaseRequest) (wpclient.LeaseResponse, error) {
	select {
	case <-c.until:
		return c.Site.Lease(ctx, q)
	default:
		return wpclient.LeaseResponse{}, &wpclient.Error{Op: "lease", Kind: wpclient.Transient, Code: wpclient.CodeUnreachable, Message: "The network is down."}
	}
}

func TestStopReachesEveryProcessOfAnAgent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.agent(aged)
	firstEnded, _ := runs(t, first)
	late := cutOff{r.site.Client(wpclient.Options{}), make(chan struct{})}
	second := r.another(late, aged)
	secondEnded, _ := runs(t, second)
	r.awaitRequests(2)
	r.site.SetDirective(wpclient.DirectiveStop)
	endsWell(t, first, firstEnded)
	close(late.until) // the first one has sent its final report by now
	endsWell(t, second, secondEnded)
	if n := len(r.site.Stops()); n != 2 {
		t.Errorf("%d processes said that they stopped", n)
	}
}

func TestStopOfOneSiteLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := wptest.New(t)
	a := r.agent(func(o *agent.Options) {
		o.Sites = append(o.Sites, agent.SiteHandle{URL: other.URL(), Client: other.Client(wpclient.Options{})})
	}, aged)
	ended, _ := runs(t, a)
	before := r.site.AddJob("d.txt", "text/plain", doc(2))
	r.await(before, wptest.Done)
	r.site.SetDirective(wpclient.DirectiveStop)
	r.awaitFunc(before, func(wptest.JobState) bool { return len(r.site.Stops()) == 1 })
	id := other.AddJob("d.txt", "text/plain", doc(1))
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	if _, err := other.Await(ctx, id, wptest.Done); err != nil {
		t.Fatal(err)
	}
	if a.Stopped() {
		t.Error("one site stopped the agent for all")
	}
	other.SetDirective(wpclient.DirectiveStop)
	endsWell(t, a, ended)
	if len(r.site.Stops()) != 1 || len(other.Stops()) != 1 {
		t.Errorf("final reports: %d and %d", len(r.site.Stops()), len(other.Stops()))
	}
}

// Leases that were given in an answer that never arrived go back with the final report, and count as no crash.
func TestStopGivesBackLeasesOfALostAnswer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.site.SetTiming(0, time.Second, 0)
	held := r.site.AddJob("held.txt", "text/plain", doc(1))
	reached := make(chan struct{})
	r.reader.gate = func(ctx context.Context, _ int) error {
		close(reached)
		<-ctx.Done()
		return ctx.Err()
	}
	a := r.agent(aged, func(o *agent.Options) { o.Settings.DrainTimeout = time.Nanosecond })
	ended, _ := runs(t, a)
	<-reached
	r.site.FaultOnce("/lease", wptest.Fault{Kind: wptest.DropAnswer})
	lost := r.site.AddJob("lost.txt", "text/plain", doc(2))
	r.await(lost, wptest.Leased)
	r.site.SetDirective(wpclient.DirectiveStop)
	endsWell(t, a, ended)
	for _, id := range []int64{held, lost} {
		if got := r.site.Job(id); got.State != wptest.Queued || got.Attempt != 0 || got.Crashes != 0 {
			t.Errorf("job %d is %s, attempt %d, %d crashes", id, got.State, got.Attempt, got.Crashes)
		}
	}
	if i := slices.IndexFunc(r.site.Stops(), func(q wpclient.LeaseRequest) bool { return q.Stopped }); i < 0 {
		t.Error("the site was not told")
	}
}
