// Package pipeline works on one leased document: download, read, summarise, store, report, in this order and each once, whatever was done
// before. It starts nothing by itself and knows no other lease: what it needs of the site's session is in Session.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// job is one document on its way through the stages.
type job struct {
	env     *Env
	session Session
	turns   Turns
	h       *lease.Held
	lease   wpclient.Lease
	log     *slog.Logger

	file      fetch.File        // after download; empty where the journal already had every page
	sha256    string            // after download
	doc       extract.Document  // after extract
	pages     *pages            // after extract
	unseen    []string          // sentences: which pages no model read that should have, and why
	purse     *budget.Purse     // from the first call to a model on
	summary   llm.Summary       // after summarise
	spent     wpclient.Spent    // by models, under this lease
	waiting   journal.Spent     // what questions in batches may cost
	waits     *handover.Waiting // this agent's own batch that the last lease waited for; else nil
	forVision llm.Charge        // of what one document may cost, set aside for pages that a model reads
	cost      *wpclient.Spent   // what is still to be paid for the summary at the most, where the site's cap does not pay for it; else nil
	instead   string            // the code of what kept the model from being asked; "" where it was
	stored    wpclient.Artifacts
	hand      *handover.Handover
	started   time.Time
	timings   timings
}

// stage is one part of the pipeline. Stages call the package that owns the algorithm and journal
// the outcome; where a resumed job continues follows from what the journal already has.
type stage struct {
	phase string
	state journal.State
	do    func(j *job, ctx context.Context) error
}

// stages is the pipeline, in order.
var stages = []stage{
	{"download", journal.StateLeased, (*job).download},
	{"extract", journal.StateExtracting, (*job).extract},
	{"summarise", journal.StateSummarising, (*job).summarise},
	{"store", journal.StateStoring, (*job).store},
	{"report", journal.StateStoring, (*job).report},
}

// Phases are the words for where a job is, in the order of the work: on the wire, in the status and in the metrics.
var Phases = []string{"download", "extract", "ocr", "summarise", "store", "report"}

// Run works on one lease until its outcome is in the outbox or the right to it has ended.
func (e *Env) Run(ctx context.Context, h *lease.Held, s Session, t Turns) {
	l := h.Lease
	j := &job{env: e, session: s, turns: t, h: h, lease: l, started: time.Now(),
		log: e.Log.With("job_id", l.JobID, "epoch", l.Epoch, "trace_id", l.TraceID)}
	ctx, ended := j.traced(ctx)
	held := ctx // ends with the right to the lease, not with the time for the work
	if l.MaxRuntimeMS > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, time.Duration(l.MaxRuntimeMS)*time.Millisecond, lease.ErrMaxRuntime)
		defer stop()
	}
	defer j.cleanup()
	j.hand = j.newHandover()
	h.OnFlush(j.hand.Flush)
	keeping, stopKeeping := context.WithCancel(ctx)
	var keeper sync.WaitGroup
	keeper.Go(func() { j.hand.Run(keeping) })
	err := j.runStages(ctx)
	stopKeeping()
	keeper.Wait()
	j.hand.Wait()
	defer endTrace(ctx, err, ended)
	if err == nil {
		return // the outbox settles it
	}
	if why := lease.EndOf(ctx); why != nil {
		j.abandon(why)
		return
	}
	if p := pressure.FullPlace(err); p != pressure.Nowhere {
		j.giveBackFull(held, p, err)
		return
	}
	if j.postponed(held, err) {
		return
	}
	if errors.Is(err, room.ErrLate) {
		j.giveBackLate(held)
		return
	}
	if why := notNow(err); why != "" {
		j.giveBackWaiting(held, why)
		return
	}
	j.fail(held, failure.Cause(ctx, err))
}

func (j *job) newHandover() *handover.Handover {
	return handover.New(handover.Options{
		Job: j.names(), Epoch: j.lease.Epoch, Checkpoint: j.lease.Checkpoint, Extractor: j.env.ReadWith(),
		Store: j.env.Store, Own: j.env.OwnStore, Answers: j.env.Journal.StepsOf(j.env.Site, j.lease.JobID), Publish: j.h.SetCheckpoint, Full: j.env.Space.Note, Log: j.log,
	})
}

// ReadWith names what this site's pages are read with: those of an agent that reads otherwise are not taken for the same.
func (e *Env) ReadWith() string {
	if e.OwnLanguages {
		return e.Extractor.Version() + " " + strings.Join(e.Languages, "+")
	}
	return e.Extractor.Version()
}

// names of what is stored for this job.
func (j *job) names() artifact.Job { return artifact.Of(j.env.Key, j.env.Site, j.lease.JobID) }

func (j *job) runStages(ctx context.Context) error {
	for i, st := range stages {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		j.h.Progress(st.phase, 0, 0)
		if i == 0 { // what a restarted agent finds
			j.save(st.state, "")
		} else {
			j.env.Journal.SaveJobSoon(j.record(st.state, ""), j.saved)
		}
		began := time.Now()
		in, ended := j.env.Tracing.Step(ctx, st.phase, began)
		err := st.do(j, in)
		endTrace(ctx, err, ended, j.tellable(st.phase, err)...)
		j.env.Metrics.Stage(st.phase, began)
		if err != nil {
			return fmt.Errorf("%s: %w", st.phase, err)
		}
		j.log.Info("step", append([]any{"step", st.phase, "duration_ms", time.Since(began).Milliseconds()}, j.counts(st.phase)...)...)
	}
	return nil
}

// record is what the journal keeps of the job.
func (j *job) record(state journal.State, msg string) journal.JobRecord {
	r := j.h.Report()
	return journal.JobRecord{
		Site: j.env.Site, JobID: j.lease.JobID, Epoch: j.lease.Epoch, LeaseToken: j.lease.LeaseToken,
		AttachmentID: j.lease.AttachmentID, Filename: j.lease.Filename, SHA256: j.sha256,
		State: state, Phase: r.Phase, Done: r.Done, Total: r.Total, StartedAt: j.started, Error: msg,
	}
}

// save tells the journal where the job is; status reads it. Failing to write it stops nothing.
func (j *job) save(state journal.State, msg string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	j.saved(j.env.Journal.SaveJob(ctx, j.record(state, msg)))
}

func (j *job) saved(err error) {
	if err != nil {
		j.log.Warn("journal did not take the job's state", "error", err.Error())
	}
}
