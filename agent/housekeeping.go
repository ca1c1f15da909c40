package agent

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/retention"
)

// uploadAge is how old an unfinished upload must be to be swept: no upload under way takes as long.
const uploadAge = 24 * time.Hour

// housekeeping tidies what this agent keeps.
type housekeeping struct {
	set     dials
	journal Journal
	store   Store
	sites   *roster
	keeper  retention.Keeper
	log     *slog.Logger

	mu    sync.Mutex
	times *cron.Cron
	entry cron.EntryID
	run   context.Context // of start; nil before
}

func newHousekeeping(set dials, j Journal, s Store, sites *roster, keeper retention.Keeper, log *slog.Logger) *housekeeping {
	return &housekeeping{set: set, journal: j, store: s, sites: sites, keeper: keeper, log: log,
		times: cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger), cron.Recover(cron.DiscardLogger)))}
}

// start tidies at the configured times and clears at once what a killed process
// left in the work folder. The returned func stops it and waits for a run under way.
func (k *housekeeping) start(ctx context.Context) (stop func()) {
	k.clearWorkDir()
	k.mu.Lock()
	k.run = ctx
	k.mu.Unlock()
	k.plan()
	k.times.Start()
	return func() { <-k.times.Stop().Done() }
}

// plan takes the times from the settings of now.
func (k *housekeeping) plan() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.run == nil {
		return
	}
	k.times.Remove(k.entry)
	if set, run := k.set(), k.run; set.Housekeeping != nil {
		k.entry = k.times.Schedule(zoned{set.Housekeeping, set.Zone}, cron.FuncJob(func() { k.tidy(run) }))
	}
}

// zoned is a schedule by the wall clock of a zone.
type zoned struct {
	cron.Schedule
	zone *time.Location
}

// Next implements cron.Schedule.
func (z zoned) Next(t time.Time) time.Time { return z.Schedule.Next(t.In(z.zone)) }

// tidy removes what the journal no longer needs and what killed processes left in the store.
func (k *housekeeping) tidy(ctx context.Context) {
	purged, err := k.journal.Purge(ctx, time.Now().Add(-k.set().KeepJournal))
	if err == nil {
		err = k.journal.Compact(ctx)
	}
	if sw, ok := k.store.(objectstore.Sweeper); ok && err == nil {
		_, err = sw.Sweep(ctx, time.Now().Add(-uploadAge))
	}
	removed := 0
	if err == nil {
		removed, err = k.tidyStore(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			k.log.Error("housekeeping failed; it is tried again at the next time", "error", err.Error())
		}
		return
	}
	k.log.Info("housekeeping", "jobs", purged.Jobs, "documents", purged.Documents, "steps", purged.Steps, "stored", removed)
}

// tidyStore removes what the store has of the agent's sites for longer than it is kept, and returns of how many jobs.
func (k *housekeeping) tidyStore(ctx context.Context) (removed int, err error) {
	for _, s := range k.sites.all() {
		n, failed := k.keeper.Tidy(ctx, s.url)
		removed, err = removed+n, errors.Join(err, failed)
	}
	return removed, err
}

// clearWorkDir removes spooled documents of an earlier process. Only one agent owns the folder:
// the journal's lock sees to that.
func (k *housekeeping) clearWorkDir() {
	if k.set().WorkDir == "" {
		return
	}
	entries, err := os.ReadDir(k.set().WorkDir)
	if err != nil {
		return
	}
	for _, e := range entries {
		_ = os.RemoveAll(filepath.Join(k.set().WorkDir, e.Name())) // what stays is cleared the next time
	}
}
