package agent

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// Site is what the agent needs of one WordPress site. Every method is one attempt: retrying,
// pacing and giving up are decided here, by the loop that called. Errors are *wpclient.Error.
type Site interface {
	Lease(ctx context.Context, req wpclient.LeaseRequest) (wpclient.LeaseResponse, error)
	Beat(ctx context.Context, req wpclient.BeatRequest) (wpclient.BeatResponse, error)
	// Result delivers body, which must be the same bytes at each try: the site compares them.
	Result(ctx context.Context, body []byte) (wpclient.ResultResponse, error)
	Fail(ctx context.Context, req wpclient.FailRequest) (wpclient.FailResponse, error)
	Release(ctx context.Context, req wpclient.ReleaseRequest) (wpclient.ReleaseResponse, error)
	File(ctx context.Context, ref wpclient.LeaseRef, offset int64) (wpclient.FileBody, error)
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
	llm.Cache

	SaveJob(ctx context.Context, r journal.JobRecord) error
	ResultID(ctx context.Context, site string, jobID int64, sha256 string) (string, error)

	PutDocument(ctx context.Context, sha256, version string, doc []byte) error
	Document(ctx context.Context, sha256, version string) ([]byte, bool, error)
	PutPage(ctx context.Context, sha256, version string, page int, blob []byte) error
	Pages(ctx context.Context, sha256, version string) (map[int][]byte, error)

	Enqueue(ctx context.Context, it journal.Item, job journal.JobRecord) error
	Due(ctx context.Context, now time.Time) ([]journal.Item, error)
	Reschedule(ctx context.Context, id string, attempts int, next time.Time, lastErr string) error
	Delivered(ctx context.Context, id string) error
	Bury(ctx context.Context, id, reason string) error
	OutboxSize(ctx context.Context) (items int, bytes int64, err error)

	AddSpend(ctx context.Context, s journal.Spending) error
	CheckSpace(ctx context.Context, bytes int) error
	Purge(ctx context.Context, olderThan time.Time) (journal.Purged, error)
	Compact(ctx context.Context) error
	Jobs(ctx context.Context) ([]journal.JobRecord, error)
}

var _ Journal = (*journal.Journal)(nil)

// Store keeps artifacts. Put overwrites atomically: a reader sees the old object or the new one.
type Store interface {
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	Get(ctx context.Context, key string) (io.ReadCloser, objectstore.Info, error)
	Delete(ctx context.Context, key string) error
	// List yields the objects whose key starts with prefix.
	List(ctx context.Context, prefix string) iter.Seq2[objectstore.Info, error]
	String() string
}
