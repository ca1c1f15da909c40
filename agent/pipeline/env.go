package pipeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/lease"
	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
	"github.com/aidoc-pipeline/aidoc-agent/agent/sharedtext"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Env is what all jobs of one site share.
type Env struct {
	Site      string // its home URL: the site's name in the journal, to readers and in the store
	LocalOnly bool   // the operator's word for the whole site; a lease may say it for one document
	// Style is how summaries of a type (MIME) of this site's documents are wanted; nil: all as usual.
	Style  func(mime string) llm.Style
	Client Client
	// Open resolves a source that is not the site's own file route; nil: nothing but that.
	Open func(src wpclient.Source) (fetch.Opener, error)

	Journal    Journal
	Store      handover.Store
	OwnStore   bool // as handover.Options.Own
	Extractor  extract.Extractor
	Summariser llm.Summariser
	Vision     *Vision // who reads pages that are recognised badly; nil: nobody
	Budget     *budget.Budget
	Batch      batch.Policy
	Outbox     *outbox.Outbox
	Space      *pressure.Space
	Metrics    Metrics
	Tracing    Tracing
	Log        *slog.Logger

	Agent     wpclient.AgentInfo
	WorkDir   string // spooled documents
	MaxBytes  int64  // largest document
	Text      int64  // bytes of one document's text that are held in memory, as TextIn says
	Languages []string
	// OwnLanguages: they are this site's, not those that the readers were started with.
	OwnLanguages bool
	Timeout      time.Duration // for reading one document; 0: none
	Key          artifact.KeyFunc
	Texts        *sharedtext.Shelf                            // what agents of the site share; nil: nothing
	Storing      func(ctx context.Context, jobID int64) error // told before anything of a job is stored; nil: nobody wants to know
	RetryMin     time.Duration                                // the shortest wait between tries
}

// Client is what a job asks of its site; every call is one attempt.
type Client interface {
	File(ctx context.Context, ref wpclient.LeaseRef, offset int64) (wpclient.FileBody, error)
	PublicFile(ctx context.Context, lease wpclient.Lease) (body wpclient.FileBody, ok bool)
	Release(ctx context.Context, req wpclient.ReleaseRequest) (wpclient.ReleaseResponse, error)
	Beat(ctx context.Context, req wpclient.BeatRequest) (wpclient.BeatResponse, error)
}

var _ Client = (*wpclient.Client)(nil)

// Session is what a job needs of the agent's relation to its site.
type Session interface {
	Beat(ctx context.Context) error     // tells the site now of all that is held
	BeatSoon()                          // asks for a beat before its time
	Drop(h *lease.Held)                 // forgets a lease
	ReleaseLater(ref wpclient.LeaseRef) // gives a lease back once the site answers again
	Count(o Outcome)                    // books how a job ended here
	TakesTimings() bool                 // whether the site knows them in a result
	TakesWarnings() bool                // likewise
	TakesVision() bool                  // whether it knows the pages that a model read
}

// Turns says when the work on a job may go on. Each wait ends with room.ErrLate where it takes longer than a beat; end gives the turn back.
type Turns interface {
	Download(ctx context.Context) (end func(), err error)
	Read(ctx context.Context) (end func(), err error)
	Keep(bytes int64) bool // whether so much text may stay in memory while the job waits
	Summarise(ctx context.Context, bytes int64) (end func(), err error)
}

var _ Turns = (*room.Place)(nil)

// Outcome is how a job can end on this agent.
type Outcome string

// The outcomes. What the site took is booked when it took it.
const (
	Done     Outcome = "done"
	Failed   Outcome = "failed"
	Lost     Outcome = "lost"
	Released Outcome = "released"
)

// Outcomes are all ways a job can end on this agent.
var Outcomes = []Outcome{Done, Failed, Lost, Released}

// Metrics are told what was done.
type Metrics interface {
	Stage(name string, since time.Time)
	Page(p extract.Page)
}

// Journal is the durable memory of jobs. Whatever a method stored survives a SIGKILL that comes after it returned, but for those whose
// name ends in Soon.
type Journal interface {
	Reading

	// StepsOf is the cache of finished paid steps for the work on one job.
	StepsOf(site string, jobID int64) llm.Cache

	SaveJob(ctx context.Context, r journal.JobRecord) error
	SaveJobSoon(r journal.JobRecord, ended func(error))
	ResultIDSoon(ctx context.Context, site string, jobID int64, sha256 string) (string, error)
	budget.Ledger
	batch.Journal
}

// Reading is what the journal knows of documents.
type Reading interface {
	PutDocumentSoon(sha256, version string, doc []byte, ended func(error))
	Document(ctx context.Context, sha256, version string) ([]byte, bool, error)
	PutPages(ctx context.Context, sha256, version string, pages []journal.PageBlob) error
	PagesAfter(ctx context.Context, sha256, version string, after int) (pages []journal.PageBlob, last int, err error)
}

var _ Journal = (*journal.Journal)(nil)
