package agent

import (
	"context"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/outbox"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/agent/retention"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Site is what the agent needs of one WordPress site. Every method is one attempt: retrying,
// pacing and giving up are decided here, by the loop that called. Errors are *wpclient.Error.
type Site interface {
	Lease(ctx context.Context, req wpclient.LeaseRequest) (wpclient.LeaseResponse, error)
	Beat(ctx context.Context, req wpclient.BeatRequest) (wpclient.BeatResponse, error)
	outbox.Sender
	// Results delivers several results at once, to a site that takes them so.
	Results(ctx context.Context, bodies [][]byte, agent wpclient.AgentInfo) (wpclient.ResultsResponse, error)
	pipeline.Client
	Doorbell(ctx context.Context, url string, prev wpclient.DoorbellState) (wpclient.DoorbellState, bool, error)
	// Rotate replaces the key. When it returns without an error the new one is kept on disk and in use.
	Rotate(ctx context.Context) (wpclient.RotateResponse, error)
	// Identity is the kind of the key in use.
	Identity() wpclient.Identity
}

var _ Site = (*wpclient.Client)(nil)

// Journal is the agent's durable memory. Whatever a method stored survives a SIGKILL that comes
// after it returned.
type Journal interface {
	pipeline.Journal
	outbox.Journal
	batch.Store

	CheckSpace(ctx context.Context, bytes int) error
	Purge(ctx context.Context, olderThan time.Time) (journal.Purged, error)
	Compact(ctx context.Context) error
	Jobs(ctx context.Context) ([]journal.JobRecord, error)
	Erase(ctx context.Context, site string, jobID int64, sha256 string) error
	DigestsOf(ctx context.Context, site string, jobID int64) ([]string, error)
	retention.Journal
}

var _ Journal = (*journal.Journal)(nil)

// Store keeps artifacts. Put overwrites atomically: a reader sees the old object or the new one.
type Store interface {
	handover.Store
	Stat(ctx context.Context, key string) (objectstore.Info, error)
	String() string
}

// SiteHandle is one site and what this agent may fetch on its behalf.
type SiteHandle struct {
	URL    string // the site's home URL; its identity in the journal and in logs
	Client Site
	SiteSettings
}

// Options are the parts an Agent is made of. All are required but the ones said to be optional.
type Options struct {
	Settings   Settings
	Info       wpclient.AgentInfo
	Sites      []SiteHandle
	Journal    Journal
	Store      Store
	OwnStore   bool // no other agent can come to Store, which lies beside the journal
	Extractor  extract.Extractor
	Summariser llm.Summariser
	Budget     *budget.Budget // nil: spending is booked, and nothing caps it
	Batch      batch.Policy   // whose questions to models wait for a batch; zero: nobody's
	// Open tells whether leasing is allowed now (processing windows); nil: always.
	Open func(now time.Time) bool
	// Opens tells when that changes, for the site to show; nil, or false: not known.
	Opens func(now time.Time) (time.Time, bool)
	// Pressure gives the reason for taking no more work (disk, memory), or ""; nil: never.
	Pressure func() string
	Tracing  pipeline.Tracing // nil: nobody is told of the work
	Metrics  *Metrics         // nil: counted, but nobody sees
	Log      *slog.Logger
}
