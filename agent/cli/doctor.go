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
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

type doctorCmd struct{}

// maxSkew is how far a clock may be off before signatures are refused.
const maxSkew = 5 * time.Minute

// finding is the outcome of one check.
type finding struct {
	what string
	note string // shown when all is well
	warn string // works, but somebody should look
	err  error
	code int // exit code when err is set
}

// Run does every check, whatever failed before, and exits with the code of the gravest finding.
func (*doctorCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	ctx, stop := untilSignal(e.ctx)
	defer stop()
	from := cfg.Path
	if from == "" {
		from = "defaults and environment"
	}
	all := []finding{{what: "configuration", note: from}}
	for _, w := range cfg.Warnings {
		all = append(all, finding{what: "configuration", warn: w})
	}
	all = append(all, checkMachine(ctx, cfg)...)
	all = append(all, checkExtraction(ctx, cfg)...)
	all = append(all, checkStore(ctx, cfg))
	all = append(all, checkModel(ctx, cfg)...)
	all = append(all, checkSpend(ctx, cfg)...)
	all = append(all, checkSites(ctx, cfg, e.version)...)
	worst := exitOK
	for _, f := range all {
		printFinding(e, f)
		if f.err != nil {
			worst = max(worst, f.code)
		}
	}
	if worst == exitOK {
		return nil
	}
	return withCode(worst, errSaid)
}

func printFinding(e *env, f finding) {
	mark, text := "ok  ", f.note
	switch {
	case f.err != nil:
		mark, text = "FAIL", sentence(f.err)
	case f.warn != "":
		mark, text = "note", f.warn
	}
	if isTerminal(e.stdout) {
		colour := map[string]string{"ok  ": "32", "FAIL": "31", "note": "33"}[mark]
		mark = "\x1b[" + colour + "m" + mark + "\x1b[0m"
	}
	fmt.Fprint(bare(e.stdout), mark)
	fmt.Fprintf(e.stdout, "  %-14s %s\n", f.what, clean(text))
}

func checkMachine(ctx context.Context, cfg *config.Config) []finding {
	disk := finding{what: "data folder", note: cfg.DataDir, code: exitMachine}
	if err := makeDirs(cfg); err != nil {
		disk.err = err
		return []finding{disk}
	}
	if f, err := os.CreateTemp(cfg.DataDir, ".doctor-*"); err != nil {
		disk.err = fmt.Errorf("cannot write to %s: %w; make it writable for this user, or set data_dir", cfg.DataDir, err)
	} else {
		f.Close()
		os.Remove(f.Name())
	}
	if why := pressure.Disk(cfg.DataDir, int64(cfg.Limits.MinFreeDisk))(); why != "" && disk.err == nil {
		disk.err = fmt.Errorf("%s; the agent takes no work until then", why)
	}
	return []finding{disk, checkMemory(os.DirFS("/"), cfg), checkJournal(ctx, cfg), checkSchedule(cfg, time.Now())}
}

// checkSchedule says whether documents are processed now, and when that changes.
func checkSchedule(cfg *config.Config, now time.Time) finding {
	f := finding{what: "windows", code: exitUsage}
	windows, err := cfg.Schedule.Compile()
	if err != nil {
		f.err = err
		return f
	}
	f.note = "documents are processed now"
	if !windows.Open(now) {
		f.note = "outside the processing windows (schedule.windows); no work is taken"
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
		f.err = err
		return f
	}
	defer j.Close()
	n, _, err := j.OutboxSize(ctx)
	f.err = err
	f.note = fmt.Sprintf("%d KiB, %d results wait to be delivered", j.Bytes()>>10, n)
	return f
}

func checkExtraction(ctx context.Context, cfg *config.Config) []finding {
	f := finding{what: "extraction", code: exitMachine}
	pool, err := newExtractor(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		f.err = err
		return []finding{f}
	}
	defer pool.Close()
	f.note = fmt.Sprintf("%d workers, %d types, %s", cfg.Extract.Workers, len(pool.MIMEs()), pool.Version())
	langs := pool.Languages()
	ocr := finding{what: "OCR", note: "languages " + joinNames(langs), code: exitMachine}
	ocr.err = checkLanguages(cfg, langs)
	if len(langs) == 0 {
		ocr.err = errors.New("no OCR language is installed: apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd")
	}
	return []finding{f, ocr, checkSandbox(ctx, pool)}
}

// checkSandbox lets a child try to break out of its confinement.
func checkSandbox(ctx context.Context, pool *extract.Pool) finding {
	f := finding{what: "sandbox", code: exitMachine}
	st := pool.SandboxStatus()
	attempts, err := pool.ProbeSandbox(ctx)
	if err != nil {
		f.err = fmt.Errorf("the sandbox could not be tried: %w", err)
		return f
	}
	var through []string
	for what, stopped := range attempts {
		if stopped == "" {
			through = append(through, what)
		}
	}
	slices.Sort(through)
	f.note = fmt.Sprintf("landlock ABI %d, seccomp, limits; %d escape attempts, all refused", st.LandlockABI, len(attempts))
	if len(through) > 0 || !st.Complete() {
		f.warn = "a document reader is not fully confined"
		for name, why := range map[string]string{"landlock": st.Landlock, "seccomp": st.Seccomp, "limits": st.Limits} {
			if why != "" {
				f.warn += fmt.Sprintf("; %s: %s", name, why)
			}
		}
		if len(through) > 0 {
			f.warn += "; it could " + joinNames(through)
		}
		f.warn += ". Use a newer kernel, or set extract.sandbox: require to refuse to run like this"
	}
	return f
}

func missingLanguages(want, have []string) (missing []string) {
	for _, l := range want {
		if !slices.Contains(have, l) {
			missing = append(missing, l)
		}
	}
	return missing
}

func checkStore(ctx context.Context, cfg *config.Config) finding {
	f := finding{what: "object store", code: exitMachine}
	st, err := openStore(ctx, cfg)
	if err != nil {
		f.err = err
		return f
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	f.err, f.note = st.Check(ctx), st.String()
	return f
}

// checker is a summariser that can say whether its model answers.
type checker interface {
	Check(ctx context.Context) error
}

func checkModel(ctx context.Context, cfg *config.Config) []finding {
	f := finding{what: "summariser", code: exitUsage}
	s, err := newSummariser(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		f.err = err
		return []finding{f}
	}
	f.note = s.Name()
	if ch, ok := s.(checker); ok {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		f.err = ch.Check(ctx)
	}
	return slices.Concat([]finding{f}, checkEmbeddings(ctx, cfg, s), checkPrice(cfg, s))
}

// checkEmbeddings says whether the model answers that passages are chosen by. Without it work goes on.
func checkEmbeddings(ctx context.Context, cfg *config.Config, s llm.Summariser) []finding {
	e := llm.EngineOf(s)
	if e == nil || cfg.Summary.Embeddings == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	f := finding{what: "embeddings", note: cfg.Summary.Embeddings}
	if err := e.CheckEmbeddings(ctx); err != nil {
		f.warn = "passages of documents over their cap are chosen by their words, because of " + err.Error() + ": check summary.embeddings, or leave it empty"
	}
	return []finding{f}
}
