package agent

import (
	"github.com/aidoc-pipeline/aidoc-agent/agent/batch"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// Tuning is what can change while the agent runs.
type Tuning struct {
	Settings   Settings                // of which some stay: see kept
	Summariser llm.Summariser          // of sites that have no model of their own
	Batch      batch.Policy            // of these
	Sites      map[string]SiteSettings // by URL; a site that is not in it keeps its own
}

// Reloaded notes it for the status.
func (a *Agent) Reloaded(r Reload) { a.reload.Store(&r) }

// LastReload is what was noted last.
func (a *Agent) LastReload() Reload {
	if r := a.reload.Load(); r != nil {
		return *r
	}
	return Reload{}
}

// Retune puts other settings into force. Documents in work keep what they began with; no lease is touched.
func (a *Agent) Retune(t Tuning) {
	a.tuning.Lock()
	defer a.tuning.Unlock()
	set := a.settings().retuned(t.Settings)
	a.live.Store(&set)
	a.model.Store(&Model{Summariser: t.Summariser, Writer: set.Summariser, Batch: t.Batch})
	a.outbox.Bound(set.MaxOutboxItems, set.MaxOutboxBytes)
	a.room.Resize(set.Slots)
	a.room.Main().Resize(set.Calls)
	a.batches.use(t.Summariser, t.Batch)
	a.keep.plan()
	for _, s := range a.sites.all() {
		own, ok := t.Sites[s.url]
		if !ok {
			own = s.tuned.Load().SiteSettings
		}
		s.tuned.Store(a.tunedFor(s.url, s.client, own))
	}
	a.watchModels()
	a.pollAll()
}

// retuned is next as far as it can change while the agent runs: what readers, folders and the memory for text are made of stays.
func (s Settings) retuned(next Settings) Settings {
	next.Readers, next.Memory, next.TextBytes, next.DocumentText, next.MaxBytes = s.Readers, s.Memory, s.TextBytes, s.DocumentText, s.MaxBytes
	next.Languages = s.Languages // the readers were started with them
	next.WorkDir, next.StatusFile = s.WorkDir, s.StatusFile
	next.Key, next.Shelf, next.Slug, next.KeepStored, next.ShareText = s.Key, s.Shelf, s.Slug, s.KeepStored, s.ShareText // files of jobs in work lie there
	next.TurnWait, next.RetryMin, next.ReleaseTime, next.SpaceEvery = s.TurnWait, s.RetryMin, s.ReleaseTime, s.SpaceEvery
	return withDefaults(next)
}
