package wptest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"sort"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// The states of docs/protocol.md, section 5.
const (
	Queued    = "queued"
	Leased    = "leased"
	Done      = "done"
	Failed    = "failed"
	Cancelled = "cancelled"
)

const (
	siteName    = "Fake Site"
	maxAttempts = 4
)

// JobState is a copy of what the site knows of a job.
type JobState struct {
	ID         int64
	State      string
	Epoch      int64
	Attempt    int
	Crashes    int
	Releases   int
	Released   []wpclient.ReleaseRequest
	ToldLater  []wpclient.Held // beats about leases that were over
	Result     *wpclient.Result
	ResultBody []byte
	Accepted   int // how often /result was answered with accepted or already_accepted
	PostID     int64
	Failures   []wpclient.FailRequest
	Beats      []wpclient.Held
	AgentID    int64 // of the holder
}

type job struct {
	JobState
	name, mime, sha256 string
	data               []byte
	source             wpclient.Source
	token              string
	agent              int64
	expires            time.Time
	available          time.Time
	checkpoint         []byte
	changed            bool // the attachment was replaced
	missing            bool // the file is gone
	prior              []wpclient.PriorFailure
	localOnly          bool
	backfill           bool
	pages              *wpclient.PageRange
	instruction        string
}

// AddJob queues a document that the agent downloads from the site.
func (s *Site) AddJob(name, mime string, data []byte) int64 {
	sum := sha256.Sum256(data)
	return s.add(&job{name: name, mime: mime, data: data, sha256: hex.EncodeToString(sum[:]), source: wpclient.Source{Kind: "site"}})
}

// AddLocalOnlyJob queues a document that only agents get that say they keep such texts from remote models.
func (s *Site) AddLocalOnlyJob(name, mime string, data []byte) int64 {
	sum := sha256.Sum256(data)
	return s.add(&job{name: name, mime: mime, data: data, sha256: hex.EncodeToString(sum[:]), source: wpclient.Source{Kind: "site"}, localOnly: true})
}

// AddBackfill queues a document that nobody has just uploaded.
func (s *Site) AddBackfill(name, mime string, data []byte) int64 {
	sum := sha256.Sum256(data)
	return s.add(&job{name: name, mime: mime, data: data, sha256: hex.EncodeToString(sum[:]), source: wpclient.Source{Kind: "site"}, backfill: true})
}

// SetPages changes what of a document is to be read from its next lease on; nil: all of it.
func (s *Site) SetPages(id int64, pages *wpclient.PageRange) {
	s.change(func() { s.jobs[id].pages = pages })
}

func (s *Site) add(j *job) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	j.ID, j.State = s.nextID, Queued
	s.jobs[j.ID] = j
	s.bellCount++
	s.notify()
	return j.ID
}

// Job returns the state of a job.
func (s *Site) Job(id int64) JobState {
	s.mu.Lock()
	defer s.mu.Unlock()
	if j := s.jobs[id]; j != nil {
		return j.copy()
	}
	return JobState{}
}

func (j *job) copy() JobState {
	c := j.JobState
	c.AgentID = j.agent
	c.Failures = append([]wpclient.FailRequest(nil), c.Failures...)
	c.Beats = append([]wpclient.Held(nil), c.Beats...)
	return c
}

// Await returns when the job is in the state, or with the context's error.
func (s *Site) Await(ctx context.Context, id int64, state string) (JobState, error) {
	return s.AwaitFunc(ctx, id, func(j JobState) bool { return j.State == state })
}

// AwaitFunc returns when ok holds for the job.
func (s *Site) AwaitFunc(ctx context.Context, id int64, ok func(JobState) bool) (JobState, error) {
	for {
		s.mu.Lock()
		j, changed := s.jobs[id], s.changed
		state := JobState{}
		if j != nil {
			state = j.copy()
		}
		s.mu.Unlock()
		if j != nil && ok(state) {
			return state, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return state, fmt.Errorf("job %d is %s after %d attempts, %d failures: %w", id, state.State, state.Attempt, len(state.Failures), context.Cause(ctx))
		}
	}
}

// Expire ends a lease as if its time had run out and another claim had put the job back.
func (s *Site) Expire(id int64) {
	s.change(func() {
		if j := s.jobs[id]; j.State == Leased {
			j.Crashes++
			j.putBack()
		}
	})
}

// Cancel is an admin's cancel.
func (s *Site) Cancel(id int64) { s.change(func() { s.jobs[id].State = Cancelled }) }

// Retry is an admin's retry of a job that has ended: as new, but for the epoch, the post and the checkpoint.
func (s *Site) Retry(id int64) {
	s.change(func() {
		j := s.jobs[id]
		j.State, j.Attempt, j.Crashes, j.Failures, j.prior, j.available = Queued, 0, 0, nil, nil, time.Time{}
		s.bellCount++
	})
}

// Due ends the wait of a job that was released for a while.
func (s *Site) Due(id int64) {
	s.change(func() {
		s.jobs[id].available = time.Time{}
		s.bellCount++
	})
}

// SetCheckpoint is what an earlier holder would have noted down.
func (s *Site) SetCheckpoint(id int64, raw []byte) { s.change(func() { s.jobs[id].checkpoint = raw }) }

// Ask sets what an editor asks of a job's next summary; an admin's Retry then gives it to an agent.
func (s *Site) Ask(id int64, instruction string) {
	s.change(func() { s.jobs[id].instruction = instruction })
}

// ReplaceSource is an attachment replaced under a lease.
func (s *Site) ReplaceSource(id int64) { s.change(func() { s.jobs[id].changed = true }) }

// RemoveFile takes the file away, but not the job.
func (s *Site) RemoveFile(id int64) { s.change(func() { s.jobs[id].missing = true }) }

func (j *job) putBack() {
	j.State, j.token = Queued, ""
}

// claim gives up to n jobs to an agent, oldest first.
func (s *Site) claim(agent int64, n int, able wpclient.Capabilities, only string) []int64 {
	now := s.now()
	var ids []int64
	for id, j := range s.jobs {
		if j.State == Leased && now.After(j.expires) {
			j.Crashes++
			j.putBack()
		}
		if j.State == Queued && !now.Before(j.available) && accepts(able.MIMEs, j.mime) && (able.LocalOnly || !j.localOnly) && (only == "" || j.localOnly) {
			ids = append(ids, id)
		}
	}
	sort.Slice(ids, func(a, b int) bool { return ids[a] < ids[b] })
	ids = ids[:min(n, len(ids))]
	for _, id := range ids {
		j := s.jobs[id]
		j.State, j.agent, j.expires = Leased, agent, now.Add(s.ttl)
		j.Epoch++
		j.Attempt++
		j.token = base64.RawURLEncoding.EncodeToString(random(16))
	}
	return ids
}

func accepts(mimes []string, mime string) bool {
	for _, m := range mimes {
		if m == mime || m == "*/*" {
			return true
		}
	}
	return false
}

// guard is the fence in front of every write: "" or the code of the refusal.
func (s *Site) guard(ref wpclient.LeaseRef) (*job, string) {
	j := s.jobs[ref.JobID]
	switch {
	case j == nil:
		return nil, wpclient.CodeJobUnknown
	case j.State == Cancelled:
		return j, wpclient.CodeCancelled
	case j.changed:
		return j, wpclient.CodeSource
	case j.State != Leased || j.Epoch != ref.Epoch || j.token != ref.LeaseToken:
		return j, wpclient.CodeLeaseLost
	}
	return j, ""
}
