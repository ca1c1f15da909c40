package cli

import (
	"cmp"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
)

// live is the part of the configuration that the agent asks for at the moment it needs it. What it is handed instead is in tuning.go.
type live struct {
	began    *config.Config // what the process was started with
	cfg      atomic.Pointer[config.Config]
	windows  atomic.Pointer[config.Windows]
	pressure atomic.Pointer[func() string]
	level    slog.LevelVar
}

// fixedFields are those that only a new process takes: a name without a last part stands for all below it.
var fixedFields = []string{"data_dir", "agent.name", "extract", "store", "limits.memory", "journal.max_bytes", "metrics", "tracing", "log.format"}

// unfixedFields are below a group that is fixed, and are not.
var unfixedFields = []string{"extract.timeout", "extract.vision"}

func newLive(cfg *config.Config) (*live, error) {
	l := &live{began: cfg}
	return l, l.take(cfg)
}

// take puts a configuration that Load has accepted into force.
func (l *live) take(cfg *config.Config) error {
	windows, err := cfg.Schedule.Compile()
	if err != nil {
		return withCode(exitUsage, err)
	}
	places := *cfg
	places.DataDir, places.Store, places.Extract = l.began.DataDir, l.began.Store, l.began.Extract
	full := pressureOf(&places)
	l.cfg.Store(cfg)
	l.windows.Store(&windows)
	l.pressure.Store(&full)
	l.level.Set(levelOf(cfg))
	return nil
}

func (l *live) open(now time.Time) bool               { return l.windows.Load().Open(now) }
func (l *live) opens(now time.Time) (time.Time, bool) { return l.windows.Load().NextChange(now) }
func (l *live) full() string                          { return (*l.pressure.Load())() }

// takesEffectLater are the fields in which a configuration differs from that which the process was started with, and which only a new one takes.
func takesEffectLater(began, is *config.Config) []string {
	return slices.DeleteFunc(config.Changed(began, is), func(field string) bool { return !fixed(field) })
}

func fixed(field string) bool {
	return !below(unfixedFields, field) && below(fixedFields, field)
}

func below(groups []string, field string) bool {
	return slices.ContainsFunc(groups, func(f string) bool { return field == f || strings.HasPrefix(field, f+".") })
}

func levelOf(cfg *config.Config) slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.Log.Level)) // Validate has accepted it
	return level
}

// folderStamp changes whenever a key file comes, goes or takes the place of another, as `join` and a rotation do it.
func folderStamp(cfg *config.Config) time.Time {
	fi, err := os.Stat(cfg.SitesDir())
	if err != nil { // none before the first join
		return time.Time{}
	}
	return fi.ModTime()
}

// keyStamp changes whenever a key file comes, goes or is written.
func keyStamp(cfg *config.Config) string {
	var b strings.Builder
	entries, _ := os.ReadDir(cfg.SitesDir()) // none before the first join
	for _, e := range entries {
		if fi, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), ".json") {
			b.WriteString(e.Name() + " " + fi.ModTime().UTC().Format(time.RFC3339Nano) + "\n")
		}
	}
	return cmp.Or(b.String(), "-")
}
