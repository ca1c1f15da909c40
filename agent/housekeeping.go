package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/robfig/cron/v3"
)

// startHousekeeping purges the journal on the configured cron times and clears what a killed
// process left in the work folder. The returned func stops it and waits for a run under way.
func (a *Agent) startHousekeeping(ctx context.Context) (stop func(), err error) {
	a.clearWorkDir()
	c := cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger), cron.Recover(cron.DiscardLogger)))
	_, err = c.AddFunc(a.set.Housekeeping, func() {
		purged, err := a.opt.Journal.Purge(ctx, time.Now().Add(-a.set.KeepJournal))
		if err != nil && ctx.Err() == nil {
			a.log.Error("housekeeping failed", "error", err.Error())
			return
		}
		a.log.Info("housekeeping", "jobs", purged.Jobs, "documents", purged.Documents, "steps", purged.Steps)
	})
	if err != nil {
		return nil, fmt.Errorf("journal.housekeeping %q is not a cron expression: %w", a.set.Housekeeping, err)
	}
	c.Start()
	return func() { <-c.Stop().Done() }, nil
}

// clearWorkDir removes spooled documents of an earlier process. Only one agent owns the folder:
// the journal's lock sees to that.
func (a *Agent) clearWorkDir() {
	if a.set.WorkDir == "" {
		return
	}
	entries, err := os.ReadDir(a.set.WorkDir)
	if err != nil {
		return
	}
	for _, e := range entries {
		_ = os.RemoveAll(filepath.Join(a.set.WorkDir, e.Name())) // what stays is cleared the next time
	}
}
