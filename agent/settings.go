package agent

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/agent/retention"
	"github.com/aidoc-pipeline/aidoc-agent/agent/room"
)

// Settings are the agent's own dials; zero values mean the defaults of docs/operations.md.
type Settings struct {
	Slots          int           // documents in work at a time, however they wait; 0: as many as Readers, Calls and leases taken ahead make
	Readers        int           // documents that are read at a time; 0: one for each CPU
	Calls          int           // documents that are summarised at a time; 0: as many as Readers
	MoreCalls      int           // documents that other models than the agent's own summarise at a time
	Memory         int64         // that this process may take, in bytes; 0: pipeline.DefaultMemory
	TextBytes      int64         // text of documents that are read and not finished, in memory; 0: as Memory allows
	DocumentText   int64         // of one of them; 0: as Memory allows
	TurnWait       time.Duration // how long a document waits for a turn before it is given back: a beat
	DrainTimeout   time.Duration // how long the first SIGTERM lets work go on
	PollMin        time.Duration // doorbell interval, and the shortest idle poll
	PollMax        time.Duration // longest idle poll where there is no doorbell
	LeaseEvery     time.Duration // longest silence towards a site
	RetryMin       time.Duration // before a site that gave no answer is asked again, at first; the waits grow from here
	ReleaseTime    time.Duration // how long a site is tried for that is to take leases back
	NoDoorbell     bool
	WorkDir        string // spooled documents; private to this process
	MaxBytes       int64  // largest document
	Summariser     string // who writes summaries, as sites are told: provider/model, or the name of the embedded summariser
	Languages      []string
	ExtractTimeout time.Duration  // for reading one document; 0: none
	Housekeeping   cron.Schedule  // when to tidy up; nil: never
	Zone           *time.Location // of Housekeeping; nil: the machine's
	// Limits of what may wait in the outbox before the agent takes no more work; 0: none.
	MaxOutboxItems int
	MaxOutboxBytes int64
	KeepJournal    time.Duration
	KeepStored     time.Duration               // how old artifacts may become; 0: as old as their document
	Key            artifact.KeyFunc            // nil: processed/{job_id}/{name}
	Shelf          retention.Shelf             // goes with Key
	ShareText      bool                        // with the other agents of a site, through the store
	Slug           func(siteURL string) string // a site's name in keys; nil: a digest of its URL
	SpaceEvery     time.Duration               // how soon a full disk is tried again, at first
	StatusFile     string                      // written every few seconds for `aidoc-agent status`; empty: none
}

// dials are the settings of this moment: some can change while the agent runs (Agent.Retune).
type dials func() Settings

func withDefaults(s Settings) Settings {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	if s.Readers <= 0 {
		s.Readers = runtime.NumCPU()
	}
	if s.Calls <= 0 {
		s.Calls = s.Readers
	}
	if s.Slots <= 0 {
		s.Slots = room.Default(s.Readers, s.Calls+s.MoreCalls).Jobs
	}
	all, one := pipeline.TextIn(s.Memory)
	s.TextBytes, s.DocumentText = cmp.Or(s.TextBytes, all), cmp.Or(s.DocumentText, one)
	def(&s.TurnWait, 30*time.Second)
	def(&s.DrainTimeout, 25*time.Second)
	def(&s.PollMin, 2*time.Second)
	def(&s.PollMax, 30*time.Second)
	def(&s.LeaseEvery, time.Minute)
	def(&s.RetryMin, time.Second)
	def(&s.ReleaseTime, 4*time.Second)
	def(&s.SpaceEvery, 15*time.Second)
	def(&s.KeepJournal, 30*24*time.Hour)
	if s.Zone == nil {
		s.Zone = time.Local
	}
	if s.Key == nil {
		s.Key, s.Shelf = objectstore.Layout{}.KeyFor, objectstore.Layout{}.Shelf
	}
	if s.Slug == nil {
		s.Slug = func(siteURL string) string {
			sum := sha256.Sum256([]byte(siteURL))
			return hex.EncodeToString(sum[:8])
		}
	}
	return s
}

// bounds are those of the work.
func (s Settings) bounds() room.Limits {
	return room.Limits{Jobs: s.Slots, Readers: s.Readers, Calls: s.Calls, Text: s.TextBytes, Patience: s.TurnWait}
}

// How long the end of a run waits for the outbox. What stays is sent by the next run.
const (
	flushTime     = 5 * time.Second
	flushTimeOnce = 2 * time.Minute
)
