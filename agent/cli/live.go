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
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// live is the part of the configuration that a running agent takes anew: its parts ask here at the moment they need it.
type live struct {
	cfg      atomic.Pointer[config.Config]
	windows  atomic.Pointer[config.Windows]
	pressure atomic.Pointer[func() string]
	level    slog.LevelVar
}

// livingFields are those that live holds, by path. Sites are taken anew by their own way.
var livingFields = []string{"sites", "schedule.windows", "schedule.tz", "limits.min_free_disk", "limits.min_free_memory", "summary.profiles", "log.level"}

func newLive(cfg *config.Config) (*live, error) {
	l := &live{}
	return l, l.take(cfg)
}

// take puts a configuration that Load has accepted into force.
func (l *live) take(cfg *config.Config) error {
	windows, err := cfg.Schedule.Compile()
	if err != nil {
		return withCode(exitUsage, err)
	}
	full := pressureOf(cfg)
	l.cfg.Store(cfg)
	l.windows.Store(&windows)
	l.pressure.Store(&full)
	l.level.Set(levelOf(cfg))
	return nil
}

func (l *live) open(now time.Time) bool               { return l.windows.Load().Open(now) }
func (l *live) opens(now time.Time) (time.Time, bool) { return l.windows.Load().NextChange(now) }
func (l *live) full() string                          { return (*l.pressure.Load())() }
func (l *live) style(site string) func(string) llm.Style {
	return func(mime string) llm.Style { return styles(l.cfg.Load(), site)(mime) }
}

// takesEffectLater are the fields that differ and that only a new process takes.
func takesEffectLater(was, is *config.Config) []string {
	return slices.DeleteFunc(config.Changed(was, is), func(f string) bool { return slices.Contains(livingFields, f) })
}

func levelOf(cfg *config.Config) slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.Log.Level)) // Validate has accepted it
	return level
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
