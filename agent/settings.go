package agent

import (
	"runtime"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
)

// Settings are the agent's own dials; zero values mean the defaults of docs/operations.md.
type Settings struct {
	Slots          int           // documents in flight
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
	Key            artifact.KeyFunc // nil: processed/{job_id}/{name}
	SpaceEvery     time.Duration    // how soon a full disk is tried again, at first
	StatusFile     string           // written every few seconds for `aidoc-agent status`; empty: none
}

func withDefaults(s Settings) Settings {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	if s.Slots <= 0 {
		s.Slots = runtime.NumCPU()
	}
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
		s.Key = objectstore.Layout{}.KeyFor
	}
	return s
}

// How long the end of a run waits for the outbox. What stays is sent by the next run.
const (
	flushTime     = 5 * time.Second
	flushTimeOnce = 2 * time.Minute
)
