// Package retention removes artifacts that are older than they are kept. It knows a store, names and what the journal noted of them; no lease and
// no site. Several agents may do it in one bucket at once.
package retention

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// Store is what is needed of an object store.
type Store interface {
	Get(ctx context.Context, key string) (io.ReadCloser, objectstore.Info, error)
	Stat(ctx context.Context, key string) (objectstore.Info, error)
	Delete(ctx context.Context, key string) error
	List(ctx context.Context, prefix string) iter.Seq2[objectstore.Info, error]
	String() string
}

// Journal remembers which jobs have objects in the store, so that nobody has to list it each time.
type Journal interface {
	NoteStored(ctx context.Context, site string, jobs ...journal.Stored) error
	StoredBefore(ctx context.Context, site string, before time.Time, most int) ([]journal.Stored, error)
	ForgetStored(ctx context.Context, site string, jobID int64) error
	StoreListed(ctx context.Context, site, store string) (time.Time, error)
	NoteListed(ctx context.Context, site, store string, at time.Time) error
}

var _ Journal = (*journal.Journal)(nil)

// Shelf is what the keys of all jobs of a site begin with.
type Shelf func(siteURL string) string

// Keeper removes what is older than Keep.
type Keeper struct {
	Keep    time.Duration // 0: nothing is ever too old
	Journal Journal
	Store   Store
	Key     artifact.KeyFunc
	Shelf   Shelf
	// Shared removes what is shared of a file of a site (agent/sharedtext) and older than that; nil: nothing is.
	Shared func(ctx context.Context, site, digest string, before time.Time) error
	Log    *slog.Logger
}

// batch is how many jobs are asked of the journal at a time.
const batch = 200

// relist is the shortest time between two looks through all of a store. One is needed for what this journal does not know: objects from before
// it, and those of agents that are gone.
const relist = 30 * 24 * time.Hour

// Note remembers that a job is about to be stored. It comes first: what nobody has noted nobody removes.
func (k Keeper) Note(ctx context.Context, site string, jobID int64) error {
	if k.Keep <= 0 {
		return nil
	}
	return k.Journal.NoteStored(ctx, site, journal.Stored{JobID: jobID, At: time.Now(), Own: true})
}

// Tidy removes what is too old of a site's jobs, and returns of how many jobs. It goes on where an earlier run was stopped.
func (k Keeper) Tidy(ctx context.Context, site string) (removed int, err error) {
	if k.Keep <= 0 {
		return 0, nil
	}
	now := time.Now()
	if err := k.look(ctx, site, now); err != nil {
		return 0, err
	}
	for {
		old, err := k.Journal.StoredBefore(ctx, site, now.Add(-k.Keep), batch)
		if err != nil || len(old) == 0 {
			return removed, err
		}
		for _, s := range old {
			gone, err := k.one(ctx, site, s, now.Add(-k.Keep))
			if err != nil {
				return removed, err
			}
			if gone {
				removed++
			}
		}
	}
}

// look notes the jobs of a site that the store has and this journal does not know, where that was not done for long.
func (k Keeper) look(ctx context.Context, site string, now time.Time) error {
	last, err := k.Journal.StoreListed(ctx, site, k.Store.String())
	if err != nil || now.Sub(last) < max(k.Keep, relist) {
		return err
	}
	shelf := k.Shelf(site)
	var found []journal.Stored // of a few jobs: keys come in order, so those of one job come together
	for o, err := range k.Store.List(ctx, shelf) {
		if err != nil {
			return err
		}
		id, ok := artifact.JobIn(k.Key, site, shelf, o.Key)
		if !ok {
			continue
		}
		if n := len(found); n > 0 && found[n-1].JobID == id {
			found[n-1].At = later(found[n-1].At, o.ModTime)
			continue
		}
		if len(found) == batch {
			if err := k.Journal.NoteStored(ctx, site, found...); err != nil {
				return err
			}
			found = found[:0]
		}
		found = append(found, journal.Stored{JobID: id, At: o.ModTime})
	}
	if err := k.Journal.NoteStored(ctx, site, found...); err != nil {
		return err
	}
	return k.Journal.NoteListed(ctx, site, k.Store.String(), now)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
