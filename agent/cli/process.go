package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pipeline"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

type processCmd struct {
	Out     string   `short:"o" help:"Write NAME.md and NAME.txt into this folder instead of printing." type:"path" placeholder:"DIR"`
	Explain bool     `help:"Say what a model would be asked and what that would cost at the most. Nothing is sent, nothing summarised."`
	Files   []string `arg:"" help:"Files to read and summarise." type:"path"`
}

func errDocuments(n int) error { return fmt.Errorf("%d document(s) failed", n) }

// Run reads and summarises each file; one that fails does not stop the others.
func (p *processCmd) Run(e *env, c *commands) error {
	ctx, stop := untilSignal(e.ctx)
	defer stop()
	l, closeAll, err := newLocal(ctx, e, c)
	if err != nil {
		return err
	}
	defer closeAll()
	if p.Explain {
		return explain(ctx, e, l, p.Files)
	}
	if p.Out != "" {
		if err := os.MkdirAll(p.Out, 0o755); err != nil {
			return withCode(exitUsage, fmt.Errorf("cannot create %s: %w", p.Out, err))
		}
	}
	printed := 0
	return eachFile(ctx, e, p.Files, l.Process, func(f string, out pipeline.Processed) error {
		if out.Instead != "" {
			fmt.Fprintf(e.stderr, "%s: the embedded summary in place of a model's: %s\n", clean(f), clean(out.Instead))
		}
		for _, w := range out.Warnings {
			fmt.Fprintf(e.stderr, "%s: %s\n", clean(f), clean(w))
		}
		note(e, out)
		if p.Out != "" {
			return writeOutcome(ctx, p.Out, out)
		}
		printed++
		return printOutcome(e, out, printed-1)
	})
}

// eachFile works on files one after the other and shows how far it is. A file that fails says why and stops no other one; what cannot be
// written ends it.
func eachFile[T any](ctx context.Context, e *env, files []string, work func(ctx context.Context, file string, progress func(phase string, done, total int)) (T, error), write func(file string, out T) error) error {
	bar := newProgress(e.stderr)
	failed := 0
	for _, f := range files {
		out, err := work(ctx, f, func(phase string, done, total int) { bar.show(f, phase, done, total) })
		bar.clear()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			fmt.Fprintf(e.stderr, "%s: %s\n", clean(f), clean(reason(err)))
			continue
		}
		if err := write(f, out); err != nil {
			return withCode(exitMachine, err)
		}
	}
	if failed > 0 {
		return withCode(exitDocuments, fmt.Errorf("%d of %d files failed", failed, len(files)))
	}
	return nil
}

// reason is the sentence for a person, without codes.
func reason(err error) string {
	var f *failure.Failure
	if errors.As(err, &f) {
		return f.Message
	}
	var x *extract.Error
	if errors.As(err, &x) {
		return x.Message
	}
	return err.Error()
}

// note tells on standard error what was done; standard output stays pure Markdown.
func note(e *env, o pipeline.Processed) {
	if !isTerminal(e.stderr) {
		return
	}
	line := fmt.Sprintf("%s: %s, %d pages, %d by OCR, %d words, %.1f s, %s", clean(filepath.Base(o.Path)), o.Document.Format,
		o.Pages(), o.OCR, o.Summary.Words, o.Took.Seconds(), o.Summary.Provider)
	if o.Summary.Claims > 0 {
		line += fmt.Sprintf(", %d of %d statements found in the document", o.Summary.Checked, o.Summary.Claims)
	}
	if o.Seen > 0 {
		line += fmt.Sprintf(", %d pages read by a model", o.Seen)
	}
	if o.Failed > 0 {
		line += fmt.Sprintf("; %d pages could not be read", o.Failed)
	}
	fmt.Fprintln(e.stderr, clean(line))
}

// markdown is a whole document: the summariser's Markdown has no first-level heading of its own.
func markdown(o pipeline.Processed) string {
	body := strings.TrimSpace(o.Summary.Markdown)
	if o.Summary.Title != "" && !strings.HasPrefix(body, "# ") {
		body = "# " + o.Summary.Title + "\n\n" + body
	}
	return body + "\n"
}

func printOutcome(e *env, o pipeline.Processed, before int) error {
	sep := ""
	if before > 0 {
		sep = "\n---\n\n"
	}
	_, err := fmt.Fprint(e.document(), sep, markdown(o))
	return err
}

func writeOutcome(ctx context.Context, dir string, o pipeline.Processed) (err error) {
	name := filepath.Base(o.Path)
	if err := os.WriteFile(filepath.Join(dir, name+".md"), []byte(markdown(o)), 0o644); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, name+".txt"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return o.WriteText(ctx, f)
}

// newLocal builds the pipeline without a site. It keeps a journal of its own beside the agent's, so
// that a second run over the same file costs nothing; where another process has it, a throwaway one.
func newLocal(ctx context.Context, e *env, c *commands) (*pipeline.Local, func(), error) {
	cfg, err := load(e, c)
	if err != nil {
		return nil, nil, err
	}
	log := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	if err := makeDirs(cfg); err != nil {
		return nil, nil, err
	}
	tmp, err := os.MkdirTemp(cfg.WorkDir(), "process-*")
	if err != nil {
		return nil, nil, withCode(exitMachine, err)
	}
	j, err := openJournal(ctx, filepath.Join(cfg.DataDir, "process.db"), cfg, log)
	if errors.Is(err, journal.ErrLocked) {
		j, err = openJournal(ctx, filepath.Join(tmp, "process.db"), cfg, log)
	}
	if err != nil {
		os.RemoveAll(tmp)
		return nil, nil, err
	}
	done := func() { j.Close(); os.RemoveAll(tmp) }
	ex, err := newExtractor(cfg, log)
	if err != nil {
		done()
		return nil, nil, err
	}
	done = func() { ex.Close(); j.Close(); os.RemoveAll(tmp) }
	sum, err := newSummariser(cfg, slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		done()
		return nil, nil, err
	}
	if why := unpriced(cfg, "", sum); why != "" {
		fmt.Fprintln(e.stderr, "note:", why)
	}
	vision, err := localVision(cfg, ex, log)
	if err != nil {
		done()
		return nil, nil, err
	}
	_, text := pipeline.TextIn(int64(cfg.Limits.Memory))
	return &pipeline.Local{Text: text, Journal: j, Extractor: ex, Summariser: sum, Vision: vision, Style: styles(cfg, "", nil), Budget: newBudget(cfg, j, nil, log), Languages: cfg.Extract.Languages, Timeout: cfg.Extract.Timeout.D(), Log: log}, done, nil
}
