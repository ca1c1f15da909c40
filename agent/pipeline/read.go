package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/failure"
	"github.com/aidoc-pipeline/aidoc-agent/agent/handover"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// reading reads one document page by page, taking from the journal what is there and journalling
// what is read (pageBatch). Jobs and `process` share it.
type reading struct {
	journal   Reading
	extractor extract.Extractor
	languages []string
	site      string // whose document it is; "" of this machine
	sha256    string
	name      string
	span      span // what of it is read
	progress  func(phase string, done, total int)
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
	if r.site == "" {
		return r.extractor.Version()
	}
	return r.extractor.Version() + " " + r.site
}

// complete reports whether earlier runs read all of this document that is to be read.
func (r *reading) complete(ctx context.Context) bool {
	doc, ok := r.document(ctx)
	if !ok || doc.Pages == 0 {
		return false
	}
	have, err := r.Pages(ctx)
	return err == nil && r.span.count(doc.Pages) > 0 && len(have) == r.span.count(doc.Pages)
}

// Pages are those pages in the journal that are to be read. What a page says does not depend on which others are read, so readings of
// different parts of a document share them.
func (r *reading) Pages(ctx context.Context) (map[int]extract.Page, error) {
	raw, err := r.journal.Pages(ctx, r.sha256, r.version())
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	have := make(map[int]extract.Page, len(raw))
	for n, b := range raw {
		var p extract.Page
		if r.span.has(n) && json.Unmarshal(b, &p) == nil && p.Number == n {
			have[n] = p
		}
	}
	return have, nil
}

// read returns all pages in order. path may be empty where complete said so. Pages that failed
// are among them, with Err set; a document with nothing readable is an error.
func (r *reading) read(ctx context.Context, path string) (extract.Document, []extract.Page, error) {
	have, err := r.Pages(ctx)
	if err != nil {
		return extract.Document{}, nil, err
	}
	doc, _ := r.document(ctx)
	if path != "" {
		if doc, err = r.readFile(ctx, path, have); err != nil {
			return doc, nil, err
		}
	}
	pages := make([]extract.Page, 0, len(have))
	for _, p := range have {
		pages = append(pages, p)
	}
	slices.SortFunc(pages, func(a, b extract.Page) int { return a.Number - b.Number })
	return doc, pages, readable(pages)
}

func (r *reading) readFile(ctx context.Context, path string, have map[int]extract.Page) (extract.Document, error) {
	skip := make(map[int]bool, len(have))
	for n := range have {
		skip[n] = true
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
			r.progress("extract", len(have), total)
			if err := r.span.within(d); err != nil {
				return err
			}
			return r.keepDocument(ctx, d)
		},
		OnPage: func(p extract.Page) error {
			have[p.Number] = p
			phase := "extract"
			if p.Method == extract.MethodOCR {
				phase = "ocr"
			}
			r.progress(phase, len(have), max(total, len(have)))
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

func (r *reading) keepDocument(ctx context.Context, d extract.Document) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return r.journal.PutDocument(ctx, r.sha256, r.version(), raw)
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

// readable returns the reason why pages hold nothing to summarise, or nil.
func readable(pages []extract.Page) error {
	var first *extract.Error
	for _, p := range pages {
		if p.Text != "" {
			return nil
		}
		if p.Err != nil && first == nil {
			first = p.Err
		}
	}
	if first != nil {
		return first
	}
	return &extract.Error{Code: extract.CodeNoText, Message: "No text was found in this document: its pages are blank or hold pictures without writing."}
}
