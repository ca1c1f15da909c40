package handover

import (
	"context"
	"log/slog"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
)

// Erase removes every object of a job: what it made of its document and what its holders left. It goes on after an error, and returns the
// first: the call is to be repeated then.
func Erase(ctx context.Context, store Store, job artifact.Job) error {
	var gone []string
	for o, err := range store.List(ctx, job.Folder()) {
		if err != nil {
			return err
		}
		gone = append(gone, o.Key)
	}
	var first error
	for _, key := range gone {
		if err := store.Delete(ctx, key); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Tidy removes what holders of a job left below its checkpoint folder, except keep. Only who knows
// that nobody goes on with the job may call it: the site has its result, or wants none.
func Tidy(ctx context.Context, store Store, job artifact.Job, keep []string, log *slog.Logger) {
	var gone []string
	for o, err := range store.List(ctx, job.Checkpoints()) {
		if err != nil {
			log.Info("what holders of the job left in the store was not removed", "error", err.Error())
			return
		}
		if !slices.Contains(keep, o.Key) {
			gone = append(gone, o.Key)
		}
	}
	for _, key := range gone {
		if err := store.Delete(ctx, key); err != nil {
			log.Info("checkpoint was not removed", "key", key, "error", err.Error())
		}
	}
}
