package pool

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Sandbox says what happens where the kernel lacks a sandbox layer.
type Sandbox string

const (
	SandboxAuto    Sandbox = "auto"    // raise what the kernel has, report the rest
	SandboxRequire Sandbox = "require" // refuse to run without all layers
	SandboxOff     Sandbox = "off"     // for debugging only
)

// Config of a Pool. Zero fields get the defaults named here.
type Config struct {
	// Workers is the number of child processes; default: number of CPUs.
	Workers int
	// Env is added to the child's environment, which is otherwise empty of the agent's.
	Env []string
	// Reader is the path of the readers' own program; default: the one beside this program, and where none fits this program itself.
	Reader string
	// WorkDir holds the children's private folders; default: a new folder under os.TempDir.
	WorkDir string
	// Languages are the tesseract languages to use; empty: all installed.
	Languages []string

	MaxBytes    int64 // of a file; default 512 MiB
	MaxPages    int   // default 5000
	MaxPixels   int   // of one decoded or rendered picture; default 120 million
	MaxUnpacked int64 // of a container; default 1 GiB
	MaxText     int   // bytes of text of one page; default 16 MiB
	MaxTotal    int   // bytes of text of one document; default 128 MiB
	MemoryMiB   int   // writable memory of one child; default 1024

	OpenTimeout  time.Duration // default 2 min
	PageTimeout  time.Duration // default 3 min
	RequestCPU   time.Duration // processor time for opening or for one page, threads added up; default PageTimeout
	RecyclePages int           // a child is replaced after so many pages; default 500

	Sandbox Sandbox // default auto
	Logger  *slog.Logger

	closeTimeout     time.Duration // for closing a document; default 10 s, and not more than PageTimeout
	watchdogInterval time.Duration // how often a child is checked; default 500 ms
	idleTimeout      time.Duration // for how long a child without a document is kept; default 1 min
}

func (c Config) withDefaults() (Config, error) {
	if c.Workers == 0 {
		c.Workers = runtime.NumCPU()
	}
	if c.Workers < 1 || c.Workers > 1024 {
		return c, fmt.Errorf("extract: %d workers: want 1 to 1024", c.Workers)
	}
	or := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	or(&c.MaxPages, 5000)
	or(&c.MaxPixels, 120_000_000)
	or(&c.MaxText, 16<<20)
	or(&c.MaxTotal, 128<<20)
	or(&c.MemoryMiB, 1024)
	or(&c.RecyclePages, 500)
	if c.MaxBytes == 0 {
		c.MaxBytes = 512 << 20
	}
	if c.MaxUnpacked == 0 {
		c.MaxUnpacked = 1 << 30
	}
	if c.OpenTimeout == 0 {
		c.OpenTimeout = 2 * time.Minute
	}
	if c.PageTimeout == 0 {
		c.PageTimeout = 3 * time.Minute
	}
	if c.closeTimeout == 0 {
		c.closeTimeout = min(10*time.Second, c.PageTimeout)
	}
	if c.watchdogInterval == 0 {
		c.watchdogInterval = 500 * time.Millisecond
	}
	if c.idleTimeout == 0 {
		c.idleTimeout = time.Minute
	}
	if c.RequestCPU == 0 {
		c.RequestCPU = c.PageTimeout
	}
	if c.Sandbox == "" {
		c.Sandbox = SandboxAuto
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c, c.validate()
}

func (c Config) validate() error {
	switch c.Sandbox {
	case SandboxAuto, SandboxRequire, SandboxOff:
	default:
		return fmt.Errorf("extract: sandbox %q: want require, auto or off", c.Sandbox)
	}
	if c.MaxBytes < 0 || c.MaxPages < 0 || c.MaxPixels < 0 || c.MaxUnpacked < 0 || c.MaxText < 0 || c.MaxTotal < 0 || c.MemoryMiB < 0 || c.RecyclePages < 0 || c.OpenTimeout < 0 || c.PageTimeout < 0 || c.RequestCPU < 0 {
		return errors.New("extract: limits must not be negative")
	}
	return nil
}

func (c Config) limits() doc.Limits {
	return doc.Limits{MaxBytes: c.MaxBytes, MaxPages: c.MaxPages, MaxPixels: c.MaxPixels, MaxUnpacked: c.MaxUnpacked, MaxText: c.MaxText}
}
