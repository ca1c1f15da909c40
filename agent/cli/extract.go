package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

type extractCmd struct {
	JSON     bool     `help:"Print one JSON object a file: document, and its pages with method, confidence and language." xor:"form"`
	Markdown bool     `help:"Print what a summary is made from: tables and headings in Markdown, running heads and feet left out." xor:"form"`
	Out      string   `short:"o" help:"Write NAME.txt (or NAME.json, NAME.md) into this folder instead of printing." type:"path" placeholder:"DIR"`
	Files    []string `arg:"" help:"Files to read." type:"path"`
}

// extracted is what --json prints.
type extracted struct {
	File     string           `json:"file"`
	Document extract.Document `json:"document"`
	Pages    []extract.Page   `json:"pages"`
	Error    *extract.Error   `json:"error,omitempty"`
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
		doc, pages, err := readPages(ctx, pool, f, bar)
		bar.clear()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			fmt.Fprintf(e.stderr, "%s: %s\n", clean(f), reason(err))
		}
		if err != nil && !x.JSON {
			continue
		}
		if err := x.write(e, f, doc, pages, err); err != nil {
			return withCode(exitMachine, err)
		}
	}
	if failed > 0 {
		return withCode(exitDocuments, fmt.Errorf("%d of %d files failed", failed, len(x.Files)))
	}
	return nil
}

func readPages(ctx context.Context, pool *extract.Pool, path string, bar *progress) (extract.Document, []extract.Page, error) {
	var pages []extract.Page
	total := 0
	doc, err := pool.Extract(ctx, path, extract.Options{
		Name:       filepath.Base(path),
		OnDocument: func(d extract.Document) error { total = d.Pages; return nil },
		OnPage: func(p extract.Page) error {
			pages = append(pages, p)
			bar.show(path, "extract", len(pages), max(total, len(pages)))
			return nil
		},
	})
	slices.SortFunc(pages, func(a, b extract.Page) int { return a.Number - b.Number })
	return doc, pages, err
}

func (x *extractCmd) write(e *env, path string, doc extract.Document, pages []extract.Page, failure error) error {
	text, ext := extract.RenderText(doc, pages), ".txt"
	if x.Markdown {
		text, ext = extract.RenderMarkdown(pages), ".md"
	}
	if x.JSON {
		out := extracted{File: path, Document: doc, Pages: pages, Error: asExtractError(failure)}
		raw, err := json.Marshal(out)
		if err != nil {
			return err
		}
		text, ext = string(raw)+"\n", ".json"
	}
	if x.Out != "" {
		return os.WriteFile(filepath.Join(x.Out, filepath.Base(path)+ext), []byte(text), 0o644)
	}
	_, err := fmt.Fprint(e.stdout, text)
	return err
}

func asExtractError(err error) *extract.Error {
	if err == nil {
		return nil
	}
	var x *extract.Error
	if errors.As(err, &x) {
		return x
	}
	return &extract.Error{Code: extract.CodeInternal, Message: err.Error()}
}
