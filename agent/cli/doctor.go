package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/config"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

type doctorCmd struct {
	JSON   bool `help:"Print the findings as JSON."`
	Strict bool `help:"Exit with 7 where nothing fails and somebody should look at something."`
}

// maxSkew is how far a clock may be off before signatures are refused.
const maxSkew = 5 * time.Minute

// Run does every check, whatever failed before, and exits with the code of the gravest finding.
func (d *doctorCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return d.report(e, []finding{{what: "configuration", err: err, code: exitUsage, cure: "`aidoc-agent config check` names every field that is wrong"}})
	}
	ctx, stop := untilSignal(e.ctx)
	defer stop()
	all := slices.Concat(checkConfiguration(cfg), checkMachine(ctx, cfg), checkExtraction(ctx, cfg), checkStore(ctx, cfg),
		checkModels(ctx, cfg), checkVision(ctx, cfg), checkSpend(ctx, cfg), checkTracing(ctx, cfg, e.version), checkSites(ctx, cfg, e.version))
	return d.report(e, all)
}

func (d *doctorCmd) report(e *env, all []finding) error {
	if d.JSON {
		if err := printFindingsJSON(e, all, d.Strict); err != nil {
			return withCode(exitMachine, err)
		}
	} else {
		for _, f := range named(all) {
			printFinding(e, f)
		}
	}
	if code := worst(all, d.Strict); code != exitOK {
		return withCode(code, errSaid)
	}
	return nil
}

func checkConfiguration(cfg *config.Config) []finding {
	from := cfg.Path
	if from == "" {
		from = "defaults and environment"
	}
	all := []finding{{what: "configuration", note: from}}
	for _, w := range cfg.Warnings {
		all = append(all, finding{what: "configuration", warn: w.Text, cure: w.Cure})
	}
	return all
}

func checkMachine(ctx context.Context, cfg *config.Config) []finding {
	disk := finding{what: "data folder", note: cfg.DataDir, code: exitMachine}
	if err := makeDirs(cfg); err != nil {
		disk.err, disk.cure = err, "set data_dir to a folder that this user may write, or give this one to it (chown)"
		return []finding{disk}
	}
	if f, err := os.CreateTemp(cfg.DataDir, ".doctor-*"); err != nil {
		disk.err, disk.cure = fmt.Errorf("cannot write to %s: %w", cfg.DataDir, err), "make it writable for this user, or set data_dir"
	} else {
		f.Close()
		os.Remove(f.Name())
	}
	if why := pressure.Disk(cfg.DataDir, int64(cfg.Limits.MinFreeDisk))(); why != "" && disk.err == nil {
		disk.err, disk.cure = fmt.Errorf("%s; the agent takes no work until then", why), "free space there (`aidoc-agent cache ls` shows what the agent keeps), or lower limits.min_free_disk"
	}
	return []finding{disk, checkMemory(os.DirFS("/"), cfg), checkJournal(ctx, cfg), checkSchedule(cfg, time.Now())}
}

// checkSchedule says whether documents are processed now, and when that changes.
func checkSchedule(cfg *config.Config, now time.Time) finding {
	windows, err := cfg.Schedule.Compile()
	return windowFinding(windows, err, "schedule.windows", now)
}

func windowFinding(windows config.Windows, err error, field string, now time.Time) finding {
	f := finding{what: "windows", code: exitUsage}
	if err != nil {
		f.err, f.cure = err, "correct "+field+"; configs/agent.example.yaml has both forms"
		return f
	}
	f.note = "documents are processed now"
	if !windows.Open(now) {
		f.note = "outside the processing windows (" + field + "); no work is taken"
	}
	if change, ok := windows.NextChange(now); ok {
		f.note += " until " + change.Format("Mon 2006-01-02 15:04 MST")
	}
	return f
}

// checkJournal only reads along: a running agent has the journal open, and that is fine.
func checkJournal(ctx context.Context, cfg *config.Config) finding {
	f := finding{what: "journal", code: exitMachine}
	j, err := journal.OpenReadOnly(ctx, cfg.JournalPath())
	if errors.Is(err, os.ErrNotExist) {
		f.note = "none yet; the first run makes it"
		return f
	}
	if err != nil {
		f.err, f.cure = err, cureOfJournal(err)
		return f
	}
	defer j.Close()
	n, _, err := j.OutboxSize(ctx)
	f.err = err
	f.note = fmt.Sprintf("%d KiB, %d results wait to be delivered", j.Bytes()>>10, n)
	return f
}

// checker is a summariser that can say whether its model answers.
type checker interface {
	Check(ctx context.Context) error
}

// checkModels asks every model that a site is summarised by.
func checkModels(ctx context.Context, cfg *config.Config) (out []finding) {
	for _, name := range cfg.ModelsInUse() {
		out = append(out, checkModel(ctx, cfg, name)...)
	}
	return out
}

func checkModel(ctx context.Context, cfg *config.Config, name string) []finding {
	f := finding{what: "summariser", code: exitUsage}
	w, err := newWriter(cfg, name, slog.New(slog.DiscardHandler))
	if err != nil {
		f.err, f.cure = err, "correct the fields of summary: or models: in the configuration"
		return []finding{f}
	}
	s := w.sum
	f.note = s.Name()
	if name != "" && cfg.SummaryBy(name).Provider != config.ProviderExtractive {
		f.note += " (" + name + ")"
	}
	if ch, ok := s.(checker); ok {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		if f.err = ch.Check(ctx); f.err != nil {
			f.cure = cureOfModel(f.err)
		}
	}
	return slices.Concat([]finding{f}, checkEmbeddings(ctx, cfg.SummaryBy(name).Embeddings, s), checkPrice(cfg, name, s))
}

// checkEmbeddings says whether the model answers that passages are chosen by. Without it work goes on.
func checkEmbeddings(ctx context.Context, model string, s llm.Summariser) []finding {
	e := llm.EngineOf(s)
	if e == nil || model == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	f := finding{what: "embeddings", note: model}
	if err := e.CheckEmbeddings(ctx); err != nil {
		f.warn = "passages of documents over their cap are chosen by their words, because of " + err.Error()
		f.cure = "check summary.embeddings, or leave it empty"
	}
	return []finding{f}
}
