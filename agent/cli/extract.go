package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

type extractCmd struct {
	JSON     bool     `help:"Print one JSON object a file: document, and its pages with method, confidence and language." xor:"form"`
	Markdown bool     `help:"Print what a summary is made from: tables and headings in Markdown, running headers and footers left out." xor:"form"`
	Out      string   `short:"o" help:"Write NAME.txt (or NAME.json, NAME.md) into this folder instead of printing." type:"path" placeholder:"DIR"`
	Files    []string `arg:"" help:"Files to read." type:"path"`
}

// Run prints the text of each file; nothing is cached, so that what is measured is the reading.
func (x *extractCmd) Run(e *env, c *commands) error {
	cfg, err := load(e, c)
	if err != nil {
		return err
	}
	if err := makeDirs(cfg); err != nil {
		return err
	}
	if x.Out != "" {
		if err := os.MkdirAll(x.Out, 0o755); err != nil {
			return withCode(exitUsage, fmt.Errorf("cannot create %s: %w", x.Out, err))
		}
	}
	pool, err := newExtractor(cfg, slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		return err
	}
	defer pool.Close()
	ctx, stop := untilSignal(e.ctx)
	defer stop()
	bar := newProgress(e.stderr)
	failed := 0
	for _, f := range x.Files {
		failure, err := x.one(ctx, e, pool, f, cfg.WorkDir(), bar)
		bar.clear()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return withCode(exitMachine, err)
		}
		if failure != nil {
			failed++
			fmt.Fprintf(e.stderr, "%s: %s\n", clean(f), clean(reason(failure)))
		}
	}
	if failed > 0 {
		return withCode(exitDocuments, fmt.Errorf("%d of %d files failed", failed, len(x.Files)))
	}
	return nil
}

// one reads one file and writes its pages as they come. failure is the file's, err this machine's.
func (x *extractCmd) one(ctx context.Context, e *env, pool *extract.Pool, path, dir string, bar *progress) (failure, err error) {
	out, err := x.output(e, path)
	if err != nil {
		return nil, err
	}
	defer out.abandon()
	sink := x.sink(out, path, dir)
	defer sink.close()
	doc, broken, err := readPages(ctx, pool, path, bar, sink.page)
	if err != nil || ctx.Err() != nil {
		return nil, err
	}
	if broken != nil && !x.JSON {
		return broken, nil
	}
	if err := sink.finish(doc, broken); err != nil {
		return nil, err
	}
	return broken, out.keep()
}

func (x *extractCmd) sink(w io.Writer, path, dir string) pageSink {
	switch {
	case x.JSON:
		return &jsonSink{w: w, path: path, spool: newPageSpool(dir)}
	case x.Markdown:
		return &markdownSink{w: w, spool: newPageSpool(dir)}
	}
	return newTextSink(w, dir)
}

// readPages hands each page to the sink. broken is why the document could not be read, err why the sink could not go on.
func readPages(ctx context.Context, pool *extract.Pool, path string, bar *progress, sink func(extract.Page) error) (doc extract.Document, broken, err error) {
	total, done := 0, 0
	doc, broken = pool.Extract(ctx, path, extract.Options{
		Name:       filepath.Base(path),
		OnDocument: func(d extract.Document) error { total = d.Pages; return nil },
		OnPage: func(p extract.Page) error {
			if err = sink(p); err != nil {
				return err
			}
			done++
			bar.show(path, "extract", done, max(total, done))
			return nil
		},
	})
	return doc, broken, err
}

// output is where a file's text goes: to standard output, or to a file that has its name once it is complete.
type output struct {
	*bufio.Writer
	file *os.File // nil for standard output
	name string
}

func (x *extractCmd) output(e *env, path string) (*output, error) {
	if x.Out == "" {
		return &output{Writer: bufio.NewWriterSize(e.document(), 64<<10)}, nil
	}
	ext := ".txt"
	switch {
	case x.JSON:
		ext = ".json"
	case x.Markdown:
		ext = ".md"
	}
	f, err := os.CreateTemp(x.Out, ".aidoc-*")
	if err != nil {
		return nil, err
	}
	return &output{Writer: bufio.NewWriterSize(f, 64<<10), file: f, name: filepath.Join(x.Out, filepath.Base(path)+ext)}, nil
}

// keep ends the output and gives the file its name.
func (o *output) keep() error {
	if err := o.Flush(); err != nil || o.file == nil {
		return err
	}
	if err := errors.Join(o.file.Chmod(0o644), o.file.Close(), os.Rename(o.file.Name(), o.name)); err != nil {
		return err
	}
	o.file = nil
	return nil
}

// abandon removes a file that was not kept.
func (o *output) abandon() {
	if o.file != nil {
		o.file.Close()
		os.Remove(o.file.Name())
	}
}

func asExtractError(err error) *extract.Error {
	if err == nil {
		return nil
	}
	var x *extract.Error
	if errors.As(err, &x) {
		return x
	}
	return &extract.Error{Code: extract.CodeInternal, Message: err.Error(), Transient: true}
}
