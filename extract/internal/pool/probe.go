package pool

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/confine"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// Sandbox tells which layers are around the children: those that the first one could raise.
func (p *Pool) Sandbox() confine.Status { return p.hello.Sandbox }

// probeTenant is the tenant of a probe; no site has that address.
const probeTenant = "probe"

// betweenRequests is the attempt that the agent ends by itself: the kernel says that no thread of the child runs any more.
const betweenRequests = "run between two requests"

// Probe makes a child try to break out. It returns, for each escape attempt, why it was stopped;
// an empty reason means that the attempt went through.
func (p *Pool) Probe(ctx context.Context) (map[string]string, error) {
	if err := p.beginUse(); err != nil {
		return nil, err
	}
	defer p.busy.Done()
	f, err := os.CreateTemp(p.cfg.WorkDir, "probe-")
	if err != nil {
		return nil, fmt.Errorf("make probe file: %w", err)
	}
	defer os.Remove(f.Name())
	f.Close()
	k, err := p.acquire(ctx, probeTenant)
	if err != nil {
		return nil, err
	}
	// What was tried may have changed the child: it is not used again.
	defer p.discard(k)
	k.seq++
	ans, err := k.request(ctx, wire.TProbe, wire.Probe{Seq: k.seq, Outside: f.Name(), Input: filepath.Join(k.dir, wire.InDir)}, time.Minute, 0, nil)
	if err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	var m wire.Probed
	if ans.Type != wire.TProbed || ans.Decode(&m) != nil || m.Seq != k.seq || m.Attempts == nil {
		return nil, fmt.Errorf("probe: %w", errProtocol)
	}
	m.Attempts[betweenRequests] = ""
	if k.suspend() == nil {
		m.Attempts[betweenRequests] = "stopped"
	}
	return m.Attempts, nil
}
