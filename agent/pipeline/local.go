package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// LocalJournal is the durable memory of a Local.
type LocalJournal interface {
	llm.Cache
	Reading
}

// Local is the pipeline without a site: what `aidoc-agent process` runs on files of this machine.
type Local struct {
	Journal    LocalJournal
	Extractor  extract.Extractor
	Summariser llm.Summariser
	Languages  []string
	Timeout    time.Duration               // for reading one document; 0: none
	Style      func(mime string) llm.Style // as Env.Style
	Log        *slog.Logger
}

// Processed is one processed file.
type Processed struct {
	Path     string
	Document extract.Document
	Pages    []extract.Page
	Summary  llm.Summary
	Took     time.Duration
}

// Process reads and summarises one file. Errors are *failure.Failure. progress is called from one
// goroutine at a time.
func (l *Local) Process(ctx context.Context, path string, progress func(phase string, done, total int)) (Processed, error) {
	start := time.Now()
	out := Processed{Path: path}
	digest, err := fileDigest(path)
	if err != nil {
		return out, &failure.Failure{Permanent: true, Code: "unreadable", Message: err.Error(), Err: err}
	}
	r := &reading{journal: l.Journal, extractor: l.Extractor, languages: l.Languages, limit: l.Timeout, sha256: digest,
		name: filepath.Base(path), progress: progress, log: l.Log}
	if out.Document, out.Pages, err = r.read(ctx, path); err != nil {
		return out, failure.Of(failure.Cause(ctx, err))
	}
	doc := llm.Document{Style: styleOf(l.Style, out.Document.MIME), Title: out.Document.Title, Filename: filepath.Base(path), Pages: llmPages(out.Pages)}
	out.Summary, err = l.Summariser.Summarise(ctx, doc, l.Journal, func(done, total int) { progress("summarise", done, total) })
	if err != nil {
		return out, failure.Of(failure.Cause(ctx, err))
	}
	out.Took = time.Since(start)
	return out, nil
}

func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("cannot open the file: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("cannot read the file: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
