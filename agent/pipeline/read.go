package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// reading reads one document page by page, taking from the journal what is there and journalling
// what is read (pageBatch). Jobs and `process` share it.
type reading struct {
	journal   Reading
	extractor extract.Extractor
	languages []string
	with      string // what the pages are read with, as Env.ReadWith; "": the extractor as it is
	site      string // whose document it is; "" of this machine
	sha256    string
	name      string
	span      span // what of it is read
	progress  func(phase string, done, total int)
	most      int64              // bytes of text that are held in memory
	limit     time.Duration      // for reading one document; 0: none
	fresh     func(extract.Page) // told of each page read anew; may be nil
	log       *slog.Logger
}

var _ handover.Pages = (*reading)(nil)

// document is what the journal knows of the document, if anything.
func (r *reading) document(ctx context.Context) (doc extract.Document, ok bool) {
	raw, ok, err := r.journal.Document(ctx, r.sha256, r.version())
	if err != nil || !ok {
		return doc, false
	}
	return doc, json.Unmarshal(raw, &doc) == nil
}

// version is by what the journal knows pages again beside the file's digest. Those of one site are not another's: a
// document that took its reader over could leave wrong pages for a file that the other has too.
func (r *reading) version() string {
	with := cmp.Or(r.with, r.extractor.Version())
	if r.site == "" {
		return with
	}
	return with + " " + r.site
}

// complete reports whether earlier runs read all of this document that is to be read.
func (r *reading) complete(ctx context.Context) bool {
	doc, ok := r.document(ctx)
	if !ok || doc.Pages == 0 {
		return false
	}
	have, err := r.Numbers(ctx)
	return err == nil && r.span.count(doc.Pages) > 0 && len(have) == r.span.count(doc.Pages)
}

// kept are those pages in the journal that are to be read, in order. What a page says does not depend on which others are read, so readings of
// different parts of a document share them.
func (r *reading) kept(ctx context.Context) iter.Seq2[extract.Page, error] {
	return func(yield func(extract.Page, error) bool) {
		for after := 0; ; {
			blobs, last, err := r.journal.PagesAfter(ctx, r.sha256, r.version(), after)
			if err != nil {
				yield(extract.Page{}, fmt.Errorf("read journal: %w", err))
				return
			}
			for _, b := range blobs {
				var p extract.Page
				if r.span.has(b.Number) && json.Unmarshal(b.Blob, &p) == nil && p.Number == b.Number && !yield(p, nil) {
					return
				}
			}
			if after = last; last == 0 {
				return
			}
		}
	}
}

// Numbers are the pages that need not be read.
func (r *reading) Numbers(ctx context.Context) (map[int]bool, error) {
	have := map[int]bool{}
	for p, err := range r.kept(ctx) {
		if err != nil {
			return nil, err
		}
		have[p.Number] = true
	}
	return have, nil
}

// read returns all pages. path may be empty where complete said so. Pages that failed are among them, with their errors; a document with
// nothing readable is an error.
func (r *reading) read(ctx context.Context, path string) (extract.Document, *pages, error) {
	all := &pages{most: r.most, kept: r.kept}
	var before []string // what of the pages in the journal could not be read
	for p, err := range r.kept(ctx) {
		if err != nil {
			return extract.Document{}, nil, err
		}
		all.add(p)
		if len(before) < wpclient.MaxWarnings {
			before = append(before, p.Warnings()...)
		}
	}
	doc, _ := r.document(ctx)
	if path != "" {
		var err error
		if doc, err = r.readFile(ctx, path, all); err != nil {
			return doc, nil, err
		}
	}
	for _, s := range before {
		doc.Warn(s)
	}
	all.sort()
	return doc, all, all.readable()
}

func (r *reading) readFile(ctx context.Context, path string, have *pages) (extract.Document, error) {
	skip := make(map[int]bool, have.len())
	for _, h := range have.heads {
		skip[h.number] = true
	}
	total := 0
	if r.limit > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, r.limit, &failure.Failure{Permanent: true, Code: string(extract.CodeTimeout),
			Message: fmt.Sprintf("Reading took longer than %s. Split the document, or raise extract.timeout on the agent.", r.limit)})
		defer stop()
	}
	batch := pageBatch{put: r.putPages}
	doc, err := r.extractor.Extract(ctx, path, extract.Options{
		Languages: r.languages,
		Tenant:    r.site,
		Name:      r.name,
		Skip:      func(page int) bool { return skip[page] || !r.span.has(page) },
		OnDocument: func(d extract.Document) error {
			total = r.span.count(d.Pages)
			r.progress("extract", have.len(), total)
			if err := r.span.within(d); err != nil {
				return err
			}
			return r.keepDocument(d)
		},
		OnPage: func(p extract.Page) error {
			have.add(p)
			phase := "extract"
			if p.Method == extract.MethodOCR {
				phase = "ocr"
			}
			r.progress(phase, have.len(), max(total, have.len()))
			if p.Err != nil {
				r.skipped(p)
			} else if err := batch.add(ctx, p); err != nil {
				return err
			}
			if p.Err == nil {
				r.log.Debug("page read", "page", p.Number, "method", string(p.Method))
			}
			if r.fresh != nil {
				r.fresh(p)
			}
			return nil
		},
	})
	return doc, failure.Cause(ctx, batch.end(ctx, err))
}

// keepDocument journals what is known of the whole, with the first pages that are. Where the journal does not take it the document is read once more another time.
func (r *reading) keepDocument(d extract.Document) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	r.journal.PutDocumentSoon(r.sha256, r.version(), raw, func(err error) {
		if err != nil {
			r.log.Warn("journal did not take what is known of the document", "error", err.Error())
		}
	})
	return nil
}

// KeepPage journals a page that was read. A page that failed is not kept: the next attempt tries
// it again.
func (r *reading) KeepPage(ctx context.Context, p extract.Page) error {
	if p.Err != nil {
		r.skipped(p)
		return nil
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return r.putPages(ctx, []journal.PageBlob{{Number: p.Number, Blob: raw}})
}

func (r *reading) putPages(ctx context.Context, pages []journal.PageBlob) error {
	return r.journal.PutPages(ctx, r.sha256, r.version(), pages)
}

func (r *reading) skipped(p extract.Page) {
	r.log.Warn("page could not be read", "page", p.Number, "code", string(p.Err.Code))
}
