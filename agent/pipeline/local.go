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

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// LocalJournal is the durable memory of a Local.
type LocalJournal interface {
	llm.Cache
	Reading
	budget.Ledger
}

// Local is the pipeline without a site: what `aidoc-agent process` runs on files of this machine.
type Local struct {
	Journal    LocalJournal
	Extractor  extract.Extractor
	Summariser llm.Summariser
	Vision     *Vision // as Env.Vision
	Budget     *budget.Budget
	Languages  []string
	Text       int64                       // as Env.Text
	Timeout    time.Duration               // for reading one document; 0: none
	Style      func(mime string) llm.Style // as Env.Style
	Log        *slog.Logger
}

// Processed is one processed file.
type Processed struct {
	Path     string
	Document extract.Document
	Summary  llm.Summary
	OCR      int // pages whose text was recognised
	Failed   int // pages that could not be read
	Took     time.Duration
	Warnings []string // sentences: which pages no model read that should have
	Seen     int      // pages that a model read
	Instead  string   // why the embedded summary stands in place of a model's; "" where it does not

	pages *pages
}

// Pages is how many pages the document has.
func (p Processed) Pages() int { return max(p.Document.Pages, p.pages.len()) }

// WriteText writes the text of all pages, parted by empty lines.
func (p Processed) WriteText(ctx context.Context, w io.Writer) error {
	return writeText(w, p.pages.all(ctx))
}

func (l *Local) document(ctx context.Context, p Processed) (llm.Document, error) {
	doc := llm.Document{Style: styleOf(l.Style, p.Document.MIME), Title: p.Document.Title, Filename: filepath.Base(p.Path)}
	return doc, p.pages.forModel(ctx, &doc)
}

// Explain reads a file and says what summarising it would take; nil where no model would be asked. It calls no model.
func (l *Local) Explain(ctx context.Context, path string, progress func(phase string, done, total int)) (*llm.Plan, error) {
	read, digest, err := l.read(ctx, path, progress)
	if err != nil {
		return nil, err
	}
	purse, err := l.purse(ctx, digest)
	if err != nil {
		return nil, err
	}
	doc, err := l.document(ctx, read)
	if err != nil {
		return nil, failure.Of(err)
	}
	doc.Ledger = purse // for the document's cap: over it only a part is read
	plan, asks, err := llm.PlanOf(ctx, l.Summariser, doc, l.Journal)
	switch {
	case err != nil:
		return nil, failure.Of(failure.Cause(ctx, err))
	case !asks:
		return nil, nil
	}
	return &plan, nil
}

func (l *Local) purse(ctx context.Context, digest string) (*budget.Purse, error) {
	p, err := l.Budget.Open(ctx, budget.Document{Key: journal.KeyOfDocument{Document: digest}})
	if err != nil {
		return nil, failure.Of(err)
	}
	return p, nil
}

// read reads one file; digest names its content.
func (l *Local) read(ctx context.Context, path string, progress func(phase string, done, total int)) (out Processed, digest string, err error) {
	out.Path = path
	if digest, err = fileDigest(path); err != nil {
		return out, "", &failure.Failure{Permanent: true, Code: "unreadable", Message: err.Error(), Err: err}
	}
	r := &reading{journal: l.Journal, extractor: l.Extractor, languages: l.Languages, most: l.Text, limit: l.Timeout, sha256: digest,
		name: filepath.Base(path), progress: progress, log: l.Log}
	if out.Document, out.pages, err = r.read(ctx, path); err != nil && (l.Vision == nil || out.pages == nil || !noText(err)) {
		return out, digest, failure.Of(failure.Cause(ctx, err))
	}
	ocr, failed, _ := out.pages.tally()
	out.OCR, out.Failed = ocr, len(failed)
	return out, digest, nil
}

// Process reads and summarises one file. Errors are *failure.Failure. progress is called from one
// goroutine at a time.
func (l *Local) Process(ctx context.Context, path string, progress func(phase string, done, total int)) (Processed, error) {
	start := time.Now()
	out, digest, err := l.read(ctx, path, progress)
	if err != nil {
		return out, err
	}
	purse, err := l.purse(ctx, digest)
	if err != nil {
		return out, err
	}
	atMost, err := l.see(ctx, &out, digest, purse, progress)
	if err != nil {
		return out, failure.Of(failure.Cause(ctx, err))
	}
	doc, err := l.document(ctx, out)
	if err != nil {
		return out, failure.Of(err)
	}
	doc.Ledger = afterVision{purse, atMost}
	out.Summary, err = l.Summariser.Summarise(ctx, doc, l.Journal, func(done, total int) { progress("summarise", done, total) })
	if budget.Over(err) != nil && l.Budget.Fallback() {
		out.Instead = budget.Over(err).Sentence()
		out.Summary, err = llm.Extractive{}.Summarise(ctx, doc, nil, nil)
	}
	if err != nil {
		return out, failure.Of(failure.Cause(ctx, err))
	}
	out.Took = time.Since(start)
	return out, nil
}

// see shows a model the pages that were recognised badly, and says what of the document's cap is set aside for that.
func (l *Local) see(ctx context.Context, out *Processed, digest string, purse *budget.Purse, progress func(phase string, done, total int)) (llm.Charge, error) {
	if l.Vision == nil || !out.pages.doubtful(l.Vision.Below) {
		return llm.Charge{}, out.pages.readable()
	}
	s := &seeing{vision: l.Vision, pages: out.pages, sha256: digest, with: l.Extractor.Version(), options: extract.Options{Languages: l.Languages, Name: filepath.Base(out.Path)},
		cache: l.Journal, ledger: purse.Aside(), cap: purse.DocumentCap(), log: l.Log, progress: func(done, total int) { progress("ocr", done, total) },
		open: func(context.Context) (string, error) { return out.Path, nil }}
	if err := s.run(ctx); err != nil {
		return llm.Charge{}, err
	}
	out.Warnings, out.Seen = s.warnings(), len(out.pages.seen)
	return s.atMost, out.pages.readable()
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
