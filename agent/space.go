package agent

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/fetch"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
)

// place is one of the folders the agent writes to; each may be a file system of its own.
type place int

const (
	nowhere place = iota
	journalDisk
	workDisk
	artifactStore
)

// fullPlace tells which place had no room left; nowhere where err is about something else.
func fullPlace(err error) place {
	var fe *fetch.Error
	switch {
	case err == nil:
		return nowhere
	case errors.Is(err, journal.ErrDiskFull):
		return journalDisk
	case errors.Is(err, objectstore.ErrFull):
		return artifactStore
	case errors.As(err, &fe) && fe.Code == fetch.CodeDiskFull,
		errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT): // the readers' folders lie there, too
		return workDisk
	}
	return nowhere
}

// space stops the agent from taking work once a write found no room, until a write succeeds again.
// DiskPressure looks ahead; this holds where it cannot: quotas, limits of 0, a store on another
// disk, a disk that another program fills in the middle of a document.
type space struct {
	a     *Agent
	noted chan struct{} // capacity 1

	mu   sync.Mutex
	full place
	wait *backoff.Backoff // between probes; grows while documents keep filling what was just freed
}

func newSpace(a *Agent) *space {
	return &space{a: a, noted: make(chan struct{}, 1), wait: backoff.New(a.set.SpaceEvery, 20*a.set.SpaceEvery)}
}

// note records that a place was full.
func (s *space) note(p place) {
	s.mu.Lock()
	s.full = p
	s.mu.Unlock()
	select {
	case s.noted <- struct{}{}:
	default:
	}
}

// proved is told of a document that came through: room is no worry now.
func (s *space) proved() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wait.Reset()
}

// pressure is the reason for taking no work, or "".
func (s *space) pressure() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.a.fullSentence(s.full)
}

// fullSentence says what to do about a full place; "" for nowhere.
func (a *Agent) fullSentence(p place) string {
	switch p {
	case journalDisk:
		return "disk full: free space for the agent's journal (data_dir), or raise journal.max_bytes where it is set"
	case workDisk:
		return "disk full: free space on the disk of " + a.set.WorkDir
	case artifactStore:
		return "disk full: free space in the object store " + a.opt.Store.String()
	}
	return ""
}

// run probes a full place until it takes data again, and then lets the lease loops go on at once.
func (s *space) run(ctx context.Context) {
	for {
		select {
		case <-s.noted:
		case <-ctx.Done():
			return
		}
		for s.state() != nowhere {
			s.mu.Lock()
			wait := s.wait.Next(0)
			s.mu.Unlock()
			if !backoff.Sleep(ctx, wait) {
				return
			}
			p := s.state()
			if err := s.probe(ctx, p); err != nil {
				s.a.log.Warn(s.a.fullSentence(p), "error", err.Error())
				continue
			}
			s.clear(p)
		}
	}
}

func (s *space) state() place {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.full
}

func (s *space) clear(p place) {
	s.mu.Lock()
	if s.full == p { // else another place was found full meanwhile
		s.full = nowhere
	}
	s.mu.Unlock()
	s.a.log.Info("there is room again; taking work")
	for _, ses := range s.a.sessions {
		ses.poke(ses.pollNow)
	}
}

// probeBytes is what must fit before work is taken again. It is random: a file system that
// compresses would take any amount of zeros.
const probeBytes = 1 << 20

func (s *space) probe(ctx context.Context, p place) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	switch p {
	case journalDisk:
		return s.a.opt.Journal.CheckSpace(ctx, probeBytes)
	case artifactStore:
		return s.probeStore(ctx)
	}
	return writeProbe(s.a.set.WorkDir)
}

// probeStore has a key for each agent: several may share the store.
func (s *space) probeStore(ctx context.Context) error {
	body := make([]byte, probeBytes)
	_, _ = rand.Read(body) // never fails
	key := ".aidoc-space-" + strings.ToLower(rand.Text())
	if err := s.a.opt.Store.Put(ctx, key, bytes.NewReader(body), probeBytes, "application/octet-stream"); err != nil {
		return err
	}
	return s.a.opt.Store.Delete(ctx, key)
}

func writeProbe(dir string) error {
	f, err := os.CreateTemp(dir, ".space-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = io.CopyN(f, rand.Reader, probeBytes)
	return errors.Join(err, f.Sync(), f.Close())
}
