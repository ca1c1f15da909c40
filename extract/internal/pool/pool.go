// Package pool reads files in child processes of the agent: it starts, watches, suspends and ends them, queues those
// who want one, hands the pages of a document to one child or more, and verifies every answer. What is read how, only the child knows.
package pool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

var errClosed = errors.New("extract: the pool is closed")

// Pool reads files in child processes. It is safe for concurrent use.
type Pool struct {
	cfg      Config
	programs *programs
	spawn    *spawner
	hello    wire.Hello
	version  string
	ownDir   bool

	mu          sync.Mutex
	idle        []*child
	live        map[*child]struct{}
	startable   int       // children that may still be started
	freed       time.Time // when a child had nothing to do for the last time, or one might be started again
	queue       []waiter
	closed      bool
	busy        sync.WaitGroup
	extractions uint64
	cancels     map[uint64]context.CancelCauseFunc
	cancelID    uint64
}

// New starts the pool and one child, by which it learns versions, languages and the sandbox.
func New(c Config) (*Pool, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Pool{cfg: c, live: map[*child]struct{}{}, startable: c.Workers}
	if p.programs, err = newPrograms(c); err != nil {
		return nil, err
	}
	if err := p.makeDir(); err != nil {
		return nil, err
	}
	p.spawn = newSpawner()
	k, err := p.startChild(context.Background())
	if err != nil {
		p.spawn.stop()
		p.removeDir()
		return nil, fmt.Errorf("extract: start: %w", err)
	}
	p.hello = k.hello
	p.version = version(c, k.hello)
	p.mu.Lock()
	p.startable--
	p.keepIdle(k)
	p.mu.Unlock()
	reader, _ := p.Reader()
	c.Logger.Info("extraction ready", "workers", c.Workers, "reader", reader, "version", p.version, "languages", k.hello.Languages,
		"landlock", or(k.hello.Sandbox.Landlock, "ok"), "seccomp", or(k.hello.Sandbox.Seccomp, "ok"), "limits", or(k.hello.Sandbox.Limits, "ok"))
	return p, nil
}

func (p *Pool) makeDir() error {
	if p.cfg.WorkDir == "" {
		dir, err := os.MkdirTemp("", "aidoc-extract-")
		if err != nil {
			return fmt.Errorf("extract: make work folder: %w", err)
		}
		p.cfg.WorkDir, p.ownDir = dir, true
		return nil
	}
	if err := os.MkdirAll(p.cfg.WorkDir, 0o700); err != nil {
		return fmt.Errorf("extract: make work folder: %w", err)
	}
	return nil
}

func (p *Pool) removeDir() {
	if p.ownDir {
		_ = os.RemoveAll(p.cfg.WorkDir)
	}
}

func (p *Pool) startChild(ctx context.Context) (*child, error) {
	chosen := p.programs.choose()
	k, err := newChild(ctx, p.cfg, p.spawn, chosen)
	if chosen.file != nil && notReader(err) {
		p.programs.refuse(chosen, err)
		k, err = newChild(ctx, p.cfg, p.spawn, p.programs.choose())
	}
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.live[k] = struct{}{}
	p.mu.Unlock()
	return k, nil
}

// Version changes whenever the same file could give other text.
func (p *Pool) Version() string { return p.version }

// Languages lists the installed OCR languages.
func (p *Pool) Languages() []string { return slices.Clone(p.hello.Languages) }

// Orientation tells whether the data is installed by which pages that lie on their side are found.
func (p *Pool) Orientation() bool { return p.hello.OSD }

// Close ends all children. Running extractions fail; Close waits for them.
func (p *Pool) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	live := make([]*child, 0, len(p.live))
	for k := range p.live {
		live = append(live, k)
	}
	p.mu.Unlock()
	p.cancelAll()
	var ends sync.WaitGroup
	for _, k := range live {
		ends.Go(k.kill) // a process with much memory takes a while to end
	}
	ends.Wait()
	p.busy.Wait()
	p.spawn.stop()
	p.removeDir()
	return nil
}

// beginUse counts a running extraction or probe; p.busy.Done is its end.
func (p *Pool) beginUse() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errClosed
	}
	p.busy.Add(1)
	return nil
}

// onClose cancels when the pool closes; the returned function unregisters.
func (p *Pool) onClose(cancel context.CancelCauseFunc) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cancelID++
	id := p.cancelID
	if p.cancels == nil {
		p.cancels = map[uint64]context.CancelCauseFunc{}
	}
	p.cancels[id] = cancel
	return func() {
		p.mu.Lock()
		delete(p.cancels, id)
		p.mu.Unlock()
	}
}

func (p *Pool) cancelAll() {
	p.mu.Lock()
	all := make([]context.CancelCauseFunc, 0, len(p.cancels))
	for _, c := range p.cancels {
		all = append(all, c)
	}
	p.mu.Unlock()
	for _, c := range all {
		c(errClosed)
	}
}
