package extract

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/confine"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

// Sandbox says what happens where the kernel lacks a sandbox layer: "auto" raises what there is and reports the rest, "require"
// refuses to run without all layers, "off" is for debugging only.
type Sandbox = pool.Sandbox

// SandboxStatus holds for each sandbox layer the reason why it is missing, "" when it is in force.
type SandboxStatus = confine.Status

// Config of a Pool. A zero field gets the default of pool.Config in extract/internal/pool.
type Config struct {
	Workers     int           // child processes
	WorkDir     string        // for the children's private folders
	Languages   []string      // tesseract languages to use; empty: all installed
	MaxBytes    int64         // of a file
	MaxPages    int           // of a document
	MaxPixels   int           // of one decoded or rendered picture
	MemoryMiB   int           // writable memory of one child
	PageTimeout time.Duration // for one page
	Sandbox     Sandbox
	Logger      *slog.Logger
}

// Pool implements Extractor with child processes.
type Pool struct{ pool *pool.Pool }

var (
	_ Extractor   = (*Pool)(nil)
	_ Illustrator = (*Pool)(nil)
)

// New starts the pool and one child, by which it learns versions, languages and the sandbox. The error says which field of the
// Config is wrong, or why no child could be started.
func New(c Config) (*Pool, error) {
	p, err := pool.New(pool.Config{
		Workers: c.Workers, WorkDir: c.WorkDir, Languages: c.Languages, MaxBytes: c.MaxBytes, MaxPages: c.MaxPages, MaxPixels: c.MaxPixels,
		MemoryMiB: c.MemoryMiB, PageTimeout: c.PageTimeout, Sandbox: c.Sandbox, Logger: c.Logger,
	})
	if err != nil {
		return nil, err
	}
	return &Pool{p}, nil
}

// Extract implements Extractor.
func (p *Pool) Extract(ctx context.Context, path string, opts Options) (Document, error) {
	return p.pool.Extract(ctx, path, opts)
}

// Pictures implements Illustrator.
func (p *Pool) Pictures(ctx context.Context, path string, opts Options, looks []Look, give func(Sight) error) error {
	return p.pool.Pictures(ctx, path, opts, looks, give)
}

// Version implements Extractor.
func (p *Pool) Version() string { return p.pool.Version() }

// MIMEs implements Extractor.
func (p *Pool) MIMEs() []string { return slices.Clone(mimes) }

// Languages implements Extractor.
func (p *Pool) Languages() []string { return p.pool.Languages() }

// Orientation tells whether scans that lie on their side or upside down can be turned: that takes Tesseract's osd data.
func (p *Pool) Orientation() bool { return p.pool.Orientation() }

// Reader is the path of the program that reads, and why it is the agent's although readers should have their own, "" where all is well.
func (p *Pool) Reader() (path, why string) { return p.pool.Reader() }

// SandboxStatus tells which layers are around the children.
func (p *Pool) SandboxStatus() SandboxStatus { return p.pool.Sandbox() }

// ProbeSandbox makes a child try to break out. It returns, for each escape attempt, why it was stopped; an empty reason means
// that the attempt went through.
func (p *Pool) ProbeSandbox(ctx context.Context) (map[string]string, error) { return p.pool.Probe(ctx) }

// Close ends all children. Running extractions fail; Close waits for them.
func (p *Pool) Close() error { return p.pool.Close() }
