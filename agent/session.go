package agent

import (
	"cmp"
	"context"
	"log/slog"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// session is the agent's relation to one site: it puts together the loops that ask for work (leaseLoop) and renew what is held
// (heartbeat), starts the work, and ends it. Its parts know each other only by what they are given here.
type session struct {
	url    string
	client Site
	tuned  atomic.Pointer[tuned]
	all    *shared
	log    *slog.Logger

	held     *heldLeases
	contact  *contact
	releases *releases
	eraser   *eraser
	beats    *heartbeat
	leases   *leaseLoop
	drainer  *drainer
	delivery *delivery
	recovery *recovery

	work     sync.WaitGroup
	beatNow  signal // asks for a beat before its time
	pollNow  signal // asks for a lease before its time
	answered signal // the site gave a signed answer to something else than a lease

	// Ends when the site has told this process to stop, or the operator has taken the site out, by endAsAsked.
	told       context.Context
	endAsAsked context.CancelFunc
	left       bool // the operator has; guarded by roster.mu
}

// shared is what the sessions of one agent have together.
type shared struct {
	set     dials
	hours   func() *Hours // of sites that have none of their own
	room    *room.Room
	bells   *bells
	able    func() wpclient.Capabilities // what this agent reads, for sites whose summaries its own model writes
	info    func() wpclient.AgentInfo    // what it says of itself now
	barred  func() string                // why it takes no work of any site now, or ""
	models  *models
	deliver func()          // wakes the outbox
	drain   context.Context // over when the whole agent ends
	orphans orphans
	erasing Journal
	metrics *Metrics
}

// tuned is what a session does its work by; one takes the place of another as a whole.
type tuned struct {
	SiteSettings
	model Model
	jobs  *pipeline.Env
}

// assign tells the room of the site's cap, and where its documents wait for their model.
func (s *session) assign() {
	s.all.room.Assign(s.url, s.all.models.watching.laneOf(s.model()), s.tuned.Load().MaxDocuments)
}

func newSession(all *shared, h SiteHandle, t *tuned, log *slog.Logger) *session {
	set, jobs, retryMin := all.set, t.jobs, all.set().RetryMin
	s := &session{url: h.URL, client: h.Client, all: all, log: log,
		beatNow: newSignal(), pollNow: newSignal(), answered: newSignal(),
		held: newHeldLeases(), contact: newContact(h.URL, all.metrics)}
	s.told, s.endAsAsked = context.WithCancel(context.Background())
	s.releases = &releases{set: set, client: h.Client, log: log}
	s.eraser = &eraser{url: h.URL, journal: all.erasing, store: jobs.Store, key: jobs.Key, slug: set().Slug(h.URL), held: s.held, log: log}
	s.recovery = &recovery{url: h.URL, client: h.Client, orphans: all.orphans, retryMin: retryMin, log: log}
	s.beats = &heartbeat{set: set, client: h.Client, held: s.held, contact: s.contact, beatNow: s.beatNow, armed: newSignal(), answered: s.answered,
		info: all.info, obey: s.obey, log: log}
	s.delivery = &delivery{Site: h.Client, contact: s.contact, held: s.held, tracing: jobs.Tracing, info: all.info, obey: s.obey}
	s.drainer = &drainer{limit: func() time.Duration { return set().DrainTimeout }, held: s.held, releases: s.releases, beat: s.beats.beat, log: log}
	bell := &doorbell{}
	s.leases = &leaseLoop{set: set, client: h.Client, room: all.room, url: h.URL, breaker: newBreaker(retryMin),
		held: s.held, contact: s.contact, releases: s.releases, eraser: s.eraser, bell: bell,
		refused: &refusedLeases{set: set, client: h.Client, releases: s.releases, log: log, before: map[int64]bool{}},
		idle:    &idle{set: set, client: h.Client, bells: all.bells, bell: bell, pollNow: s.pollNow, refusal: s.refusal, log: log},
		outage:  &outage{set: set, client: h.Client, bell: bell, contact: s.contact, answered: s.answered},
		request: s.request, refusal: s.refusal, localOnly: s.localOnly, away: s.away, start: s.start, obey: s.obey, erase: s.erase, log: log}
	s.tuned.Store(t)
	s.assign()
	all.metrics.site(h.URL)
	return s
}

// run leases and works until draining, until the site says stop, until ctx ends, or (once) until the
// queue is empty. It returns when every lease taken is settled or given back.
func (s *session) run(ctx context.Context, once bool) error {
	loop, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(s.all.drain, stop)() // draining stops the leasing, not the work
	defer context.AfterFunc(s.told, stop)()
	s.recovery.recoverOrphans(loop, &s.work)
	err := s.leases.run(loop, ctx, once)
	if s.all.drain.Err() != nil || s.stopping() || (once && err != nil) {
		s.work.Go(func() { s.leases.reclaim(ctx) })
		s.drainer.drain(ctx)
	}
	s.work.Wait()
	if s.stopping() {
		s.leases.finalReport(ctx, s.all.deliver)
	}
	return err
}

// start begins the work on a fresh lease, at its place.
func (s *session) start(ctx context.Context, l wpclient.Lease, sent time.Time, at *room.Place) {
	ctx, cancel := context.WithCancelCause(ctx)
	h := lease.New(l, sent, cancel)
	s.held.add(h)
	s.beats.armed.send()
	jobs := s.tuned.Load().jobs
	s.work.Go(func() {
		defer cancel(nil)
		jobs.Run(ctx, h, s, at)
		at.Leave()
		if s.held.idle() { // after work, ask again at once; while there is some, the loop waits for room, or for the doorbell
			s.pollNow.send()
		}
	})
}

// obey carries out a directive that changed. Pausing needs no act: no work is taken while
// it stands, and so does any directive that this agent does not know. Draining gives back what does not
// fit. Stopping ends the session and cannot be taken back.
func (s *session) obey(ctx context.Context, d wpclient.Directive) {
	s.log.Info("directive", "directive", string(d))
	switch d {
	case wpclient.DirectiveRun:
		s.pollNow.send()
	case wpclient.DirectiveDrain:
		go s.drainer.drain(ctx)
	case wpclient.DirectiveStop:
		s.endAsAsked()
	}
}

// erase removes what is kept for documents that the site has deleted, beside the work, and has the site told soon: a person may wait to hear that
// it is done. Not at once, or a site with no end of erasures would be asked without a pause.
func (s *session) erase(ctx context.Context, list []wpclient.Erasure) {
	if !s.eraser.begin(list) {
		return
	}
	s.work.Go(func() {
		s.eraser.run(ctx, list)
		if len(s.eraser.report()) > 0 {
			time.AfterFunc(s.all.set().PollMin, s.pollNow.send)
		}
	})
}

func (s *session) stopping() bool { return s.told.Err() != nil }

// refusal is the reason for taking no work now, or "".
func (s *session) refusal() string {
	if why := s.closed(); why != "" {
		return why
	}
	return s.waits()
}

// closed is the reason for taking no work that has nothing to do with models, or "".
func (s *session) closed() string {
	if d := s.contact.ordered(); d != wpclient.DirectiveRun {
		return "asked to " + string(d)
	}
	if h, now := s.hours(), time.Now(); !h.Open(now) {
		return h.note(now)
	}
	return s.all.barred()
}

// hours are when documents of this site are processed.
func (s *session) hours() *Hours {
	if h := s.tuned.Load().Hours; h != nil {
		return h
	}
	return s.all.hours()
}

// model writes this site's summaries.
func (s *session) model() llm.Summariser { return s.tuned.Load().model.Summariser }

// needsNoModel tells whether all documents of this site are summarised without the model.
func (s *session) needsNoModel() bool { return s.tuned.Load().LocalOnly && llm.KeepsLocal(s.model()) }

// localOnly tells whether work is taken now for documents that are local only, and for no others: those wait for the model, and these need none.
func (s *session) localOnly() bool {
	return s.closed() == "" && s.waits() != "" && (llm.KeepsLocal(s.model()) || s.waitsToWrite() == "") && s.waitsToSee(true) == ""
}

// away is the model's reason for ending a run that ends with the queue, or "".
func (s *session) away() string {
	if s.needsNoModel() {
		return s.waitsToSee(false)
	}
	return cmp.Or(s.all.models.away(s.model(), s.url), s.waitsToSee(false))
}

// waits is the models' reason for taking no work, or "".
func (s *session) waits() string { return cmp.Or(s.waitsToWrite(), s.waitsToSee(false)) }

func (s *session) waitsToWrite() string {
	if s.needsNoModel() {
		return ""
	}
	return s.all.models.barred(s.model(), s.url)
}

// waitsToSee is the reason of the model that reads pages. localOnly: for documents that are local only.
func (s *session) waitsToSee(localOnly bool) string {
	t := s.tuned.Load()
	return t.Vision.outage(localOnly || t.LocalOnly)
}

func (s *session) request(id string, free int, note string) wpclient.LeaseRequest {
	able := s.all.able()
	able.Summariser = s.tuned.Load().model.Writer
	if !s.contact.takesField(wpclient.TakesSummariser) {
		able.Summariser = ""
	}
	if s.contact.takesField(wpclient.TakesDoorbell) {
		able.Doorbell = s.leases.bell.heard.Load()
	}
	return wpclient.LeaseRequest{RequestID: id, FreeSlots: free, Capabilities: able, Agent: s.all.info(), Note: note}
}

// concluded is what follows here when the site has spoken about an outcome.
func (s *session) concluded(c outbox.Conclusion) {
	s.answered.send()
	if c.Settled { // else counted when it is
		s.contact.count(outcomeOf(c))
	}
	if h := s.held.get(c.Item.JobID); h != nil && h.Lease.Epoch == c.Item.Epoch {
		s.held.drop(h)
	}
}

func (s *session) status() SiteStatus {
	out := SiteStatus{URL: s.url, Identity: string(s.client.Identity()), Held: []HeldStatus{}}
	for _, h := range s.held.all() {
		r := h.Report()
		out.Held = append(out.Held, HeldStatus{JobID: r.JobID, Epoch: r.Epoch, Filename: h.Lease.Filename, Phase: r.Phase, Done: r.Done, Total: r.Total, Since: h.Started})
	}
	sort.Slice(out.Held, func(i, j int) bool { return out.Held[i].JobID < out.Held[j].JobID })
	out.Waits, out.Why = s.waits(), s.refusal()
	state, until := s.leases.breaker.now()
	out.Doorbell = s.leases.bell.heard.Load()
	out.Breaker, out.AskedAgain = string(state), until
	t := s.tuned.Load()
	out.MaxDocuments, out.Labels, out.Languages, out.OwnWindows = t.MaxDocuments, t.Labels, t.Languages, t.Hours != nil
	out.Window, out.Model = windowOf(s.hours(), time.Now()), t.model.Summariser.Name()
	if t.Vision != nil {
		out.Vision = t.Vision.Summariser.Name()
	}
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	out.Spend = s.all.models.ofSite(ctx, s.url)
	s.contact.fill(&out)
	return out
}

var _ pipeline.Session = (*session)(nil)

// Beat tells the site now of all that is held.
func (s *session) Beat(ctx context.Context) error { return s.beats.beat(ctx) }

// BeatSoon asks for a beat before its time.
func (s *session) BeatSoon() { s.beatNow.send() }

// Drop forgets a lease.
func (s *session) Drop(h *lease.Held) { s.held.drop(h) }

// ReleaseLater gives a lease back once the site answers again.
func (s *session) ReleaseLater(ref wpclient.LeaseRef) { s.releases.later(ref) }

// TakesTimings says whether the site knows them in a result.
func (s *session) TakesTimings() bool { return s.contact.takesField(wpclient.TakesTimings) }

// TakesWarnings says whether the site knows them in a result.
func (s *session) TakesWarnings() bool { return s.contact.takesField(wpclient.TakesWarnings) }

// TakesVision says whether the site knows the pages that a model read in a result.
func (s *session) TakesVision() bool { return s.contact.takesField(wpclient.TakesVision) }

// Count books how a job ended here.
func (s *session) Count(o pipeline.Outcome) { s.contact.count(o) }
