package pressure

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
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

// Place is one of the folders the agent writes to; each may be a file system of its own.
type Place int

// The places.
const (
	Nowhere Place = iota
	Journal
	WorkDir
	Store
)

// FullPlace tells which place had no room left; Nowhere where err is about something else.
func FullPlace(err error) Place {
	var (
		je *journal.Error
		se *objectstore.Error
		fe *fetch.Error
	)
	switch {
	case err == nil:
		return Nowhere
	case errors.As(err, &je) && je.Code == journal.CodeDiskFull:
		return Journal
	case errors.As(err, &se) && se.Code == objectstore.CodeFull:
		return Store
	case errors.As(err, &fe) && fe.Code == fetch.CodeDiskFull,
		errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT): // the readers' folders lie there, too
		return WorkDir
	}
	return Nowhere
}

// Volume is what a Space has to know of a place.
type Volume struct {
	Full  string                          // what to do when it is full, as one sentence
	Probe func(ctx context.Context) error // writes there as much as must fit before work is taken again
}

// Space stops the agent from taking work once a write found no room, until a write succeeds again.
// Disk looks ahead; this holds where it cannot: quotas, limits of 0, a store on another
// disk, a disk that another program fills in the middle of a document.
type Space struct {
	volumes map[Place]Volume
	again   func()
	log     *slog.Logger
	noted   chan struct{} // capacity 1

	mu   sync.Mutex
	full Place
	wait *backoff.Backoff // between probes; grows while documents keep filling what was just freed
}

// NewSpace tries a full volume after a while, every at first, and calls again when there is room.
func NewSpace(volumes map[Place]Volume, every time.Duration, again func(), log *slog.Logger) *Space {
	return &Space{volumes: volumes, again: again, log: log, noted: make(chan struct{}, 1), wait: backoff.New(every, 20*every)}
}

// Note records that a place was full.
func (s *Space) Note(p Place) {
	s.mu.Lock()
	s.full = p
	s.mu.Unlock()
	select {
	case s.noted <- struct{}{}:
	default:
	}
}

// Proved is told of a document that came through: room is no worry now.
func (s *Space) Proved() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wait.Reset()
}

// Reason is why to take no work, or "".
func (s *Space) Reason() string { return s.Sentence(s.state()) }

// Sentence says what to do about a full place; "" for Nowhere.
func (s *Space) Sentence(p Place) string { return s.volumes[p].Full }

// Run probes a full place until it takes data again, and then lets the agent go on at once.
func (s *Space) Run(ctx context.Context) {
	for {
		select {
		case <-s.noted:
		case <-ctx.Done():
			return
		}
		for s.state() != Nowhere {
			s.mu.Lock()
			wait := s.wait.Next(0)
			s.mu.Unlock()
			if !backoff.Sleep(ctx, wait) {
				return
			}
			p := s.state()
			if err := s.probe(ctx, p); err != nil {
				s.log.Warn(s.Sentence(p), "error", err.Error())
				continue
			}
			s.clear(p)
		}
	}
}

func (s *Space) state() Place {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.full
}

func (s *Space) clear(p Place) {
	s.mu.Lock()
	if s.full == p { // else another place was found full meanwhile
		s.full = Nowhere
	}
	s.mu.Unlock()
	s.log.Info("there is room again; taking work")
	s.again()
}

func (s *Space) probe(ctx context.Context, p Place) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return s.volumes[p].Probe(ctx)
}

// ProbeBytes is what must fit before work is taken again. A probe writes random bytes: a file system that
// compresses would take any amount of zeros.
const ProbeBytes = 1 << 20

// Putter is what the probe of an object store needs of it.
type Putter interface {
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	Delete(ctx context.Context, key string) error
}

// ProbeStore has a key for each probe: several agents may share the store.
func ProbeStore(ctx context.Context, store Putter) error {
	body := make([]byte, ProbeBytes)
	_, _ = rand.Read(body) // never fails
	key := ".aidoc-space-" + strings.ToLower(rand.Text())
	if err := store.Put(ctx, key, bytes.NewReader(body), ProbeBytes, "application/octet-stream"); err != nil {
		return err
	}
	return store.Delete(ctx, key)
}

// ProbeDir writes a file into dir and removes it.
func ProbeDir(dir string) error {
	f, err := os.CreateTemp(dir, ".space-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = io.CopyN(f, rand.Reader, ProbeBytes)
	return errors.Join(err, f.Sync(), f.Close())
}
