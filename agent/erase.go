package agent

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/sharedtext"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// eraseTime bounds the erasing for one answer of the site; what is left is told again with the next.
const eraseTime = 2 * time.Minute

// eraser erases what this agent and its store keep for jobs whose document a site has deleted, and tells the site so.
type eraser struct {
	url     string
	journal interface {
		DigestsOf(ctx context.Context, site string, jobID int64) ([]string, error)
		Erase(ctx context.Context, site string, jobID int64, sha256 string) error
	}
	store handover.Store
	key   artifact.KeyFunc
	slug  string // the site's name in keys
	held  *heldLeases
	log   *slog.Logger

	running sync.WaitGroup // the list under way

	mu   sync.Mutex
	busy bool    // one list at a time; guarded by mu
	done []int64 // erased, and the site does not know yet; guarded by mu
}

// begin reserves the erasing of a list; false where there is nothing to do, or where an earlier list is still being worked on.
func (e *eraser) begin(list []wpclient.Erasure) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(list) == 0 || e.busy {
		return false
	}
	e.busy = true
	e.running.Add(1)
	return true
}

// run erases a list that begin has reserved.
func (e *eraser) run(ctx context.Context, list []wpclient.Erasure) {
	defer func() {
		e.mu.Lock()
		e.busy = false
		e.mu.Unlock()
		e.running.Done()
	}()
	// An agent that ends has what it promised done.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), eraseTime)
	defer cancel()
	for _, x := range list {
		if e.held.get(x.JobID) != nil {
			continue // its work ends with the next beat; the site tells again
		}
		if err := e.one(ctx, x); err != nil {
			e.log.Warn("what is kept for a deleted document could not be erased; it is tried again", "job_id", x.JobID, "error", err.Error())
			continue
		}
		e.log.Info("erased what was kept for a deleted document", "job_id", x.JobID)
		e.mu.Lock()
		e.done = append(e.done, x.JobID)
		e.mu.Unlock()
	}
}

// one erases the store first: as long as that fails the journal still knows the document.
func (e *eraser) one(ctx context.Context, x wpclient.Erasure) error {
	if err := handover.Erase(ctx, e.store, artifact.Of(e.key, e.url, x.JobID)); err != nil {
		return err
	}
	digests, err := e.journal.DigestsOf(ctx, e.url, x.JobID)
	if err != nil {
		return err
	}
	for _, digest := range append(digests, x.SHA256) { // shared before, even where it is not now
		if err := sharedtext.Erase(ctx, e.store, e.slug, digest, time.Time{}); err != nil {
			return err
		}
	}
	return e.journal.Erase(ctx, e.url, x.JobID, x.SHA256)
}

// untold waits for a list under way, and tells whether the site does not know yet of something that is erased.
func (e *eraser) untold() bool {
	e.running.Wait()
	return len(e.report()) > 0
}

// report is what the next request tells the site.
func (e *eraser) report() []int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.done[:min(len(e.done), wpclient.MaxErasures)])
}

// reported forgets what the site has heard.
func (e *eraser) reported(ids []int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.done = slices.DeleteFunc(e.done, func(id int64) bool { return slices.Contains(ids, id) })
}
