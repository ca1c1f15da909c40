package extract

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

var errClosed = errors.New("extract: the pool is closed")

// Pool implements Extractor with child processes.
type Pool struct {
	cfg     Config
	spawn   *spawner
	hello   wire.Hello
	version string
	ownDir  bool

	mu       sync.Mutex
	idle     []*child
	live     map[*child]struct{}
	slots    int // children that may still be started
	waiting  []chan *child
	closed   bool
	busy     sync.WaitGroup
	jobs     uint64
	cancels  map[uint64]context.CancelCauseFunc
	cancelID uint64
}

var _ Extractor = (*Pool)(nil)

// New starts the pool and one child, by which it learns versions, languages and the sandbox.
func New(c Config) (*Pool, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Pool{cfg: c, live: map[*child]struct{}{}, slots: c.Workers}
	if err := p.makeDir(); err != nil {
		return nil, err
	}
	p.spawn = newSpawner()
	k, err := p.startOne(context.Background())
	if err != nil {
		p.spawn.stop()
		p.removeDir()
		return nil, fmt.Errorf("extract: start: %w", err)
	}
	p.hello = k.hello
	p.version = version(c, k.hello)
	p.slots--
	p.idle = append(p.idle, k)
	c.Logger.Info("extraction ready", "workers", c.Workers, "version", p.version, "languages", k.hello.Languages,
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

func (p *Pool) startOne(ctx context.Context) (*child, error) {
	k, err := startChild(ctx, p.cfg, p.spawn, buildID())
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.live[k] = struct{}{}
	p.mu.Unlock()
	return k, nil
}

// acquire waits in line for a child; one that has the job's file open is preferred.
func (p *Pool) acquire(ctx context.Context, j *job) (*child, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errClosed
	}
	if len(p.waiting) == 0 {
		if k := p.takeIdle(j); k != nil {
			p.mu.Unlock()
			return k, nil
		}
		if p.slots > 0 {
			p.slots--
			p.mu.Unlock()
			return p.fill(ctx)
		}
	}
	turn := make(chan *child, 1)
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	select {
	case k := <-turn:
		if k == nil {
			return p.fill(ctx)
		}
		return k, nil
	case <-ctx.Done():
		p.leave(turn)
		return nil, context.Cause(ctx)
	}
}

func (p *Pool) takeIdle(j *job) *child {
	if len(p.idle) == 0 {
		return nil
	}
	i := slices.IndexFunc(p.idle, func(k *child) bool { return k.doc == j })
	if i < 0 {
		i = 0
	}
	k := p.idle[i]
	p.idle = slices.Delete(p.idle, i, i+1)
	return k
}

// fill uses a slot to start a child; the slot goes back when that fails.
func (p *Pool) fill(ctx context.Context) (*child, error) {
	k, err := p.startOne(ctx)
	if err != nil {
		p.giveSlot()
		return nil, err
	}
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		p.discard(k)
		return nil, errClosed
	}
	return k, nil
}

// leave withdraws from the line, passing on what was handed over meanwhile.
func (p *Pool) leave(turn chan *child) {
	p.mu.Lock()
	if i := slices.Index(p.waiting, turn); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	if k := <-turn; k != nil {
		p.release(k)
	} else {
		p.giveSlot()
	}
}

// release gives a child to the next in line or to the idle ones.
func (p *Pool) release(k *child) {
	if k.pages >= p.cfg.RecyclePages {
		p.discard(k)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case len(p.waiting) > 0:
		p.waiting[0] <- k
		p.waiting = p.waiting[1:]
	default:
		p.idle = append(p.idle, k)
	}
}

// discard ends a child and frees its slot.
func (p *Pool) discard(k *child) {
	k.kill()
	p.mu.Lock()
	delete(p.live, k)
	p.mu.Unlock()
	p.giveSlot()
}

func (p *Pool) giveSlot() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) > 0 && !p.closed {
		p.waiting[0] <- nil
		p.waiting = p.waiting[1:]
		return
	}
	p.slots++
}

// crowded says that others wait for a child.
func (p *Pool) crowded() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.waiting) > 0
}

// Version implements Extractor.
func (p *Pool) Version() string { return p.version }

// Languages implements Extractor.
func (p *Pool) Languages() []string { return slices.Clone(p.hello.Languages) }

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
