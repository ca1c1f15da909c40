package pipeline

import (
	"context"
	"errors"

	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// reading of this job; valid once the document's digest is known.
func (j *job) reading() *reading {
	return &reading{
		journal: j.env.Journal, extractor: j.env.Extractor, languages: j.env.Languages, with: j.env.ReadWith(), site: j.env.Site,
		most: j.env.Text, limit: j.env.Timeout, sha256: j.sha256, name: j.lease.Filename, span: spanOf(j.lease.Pages), progress: j.h.Progress, fresh: j.freshPage, log: j.log,
	}
}

func (j *job) freshPage(p extract.Page) {
	j.env.Metrics.Page(p)
	j.timings.page(p)
	if p.Err == nil {
		j.hand.Page(p)
	}
}

// extract reads the pages that the journal does not have yet, and shows a model those that are recognised badly.
func (j *job) extract(ctx context.Context) error {
	err := j.readPages(ctx)
	if j.env.Vision == nil || j.pages == nil || err != nil && !noText(err) {
		return err
	}
	if why := j.see(ctx); why != nil {
		return why
	}
	return j.pages.readable()
}

func (j *job) readPages(ctx context.Context) (err error) {
	if j.file.Path != "" { // else every page is in the journal, and no reader is needed
		end, err := j.turns.Read(ctx)
		if err != nil {
			return err
		}
		defer end()
	}
	j.timings.reading()
	j.doc, j.pages, err = j.reading().read(ctx, j.file.Path)
	if err != nil || j.pages.failed() {
		// A reader that finds no room for a temporary file calls the document damaged.
		if full := pressure.ProbeDir(j.env.WorkDir); pressure.FullPlace(full) != pressure.Nowhere {
			return errors.Join(full, err)
		}
	}
	return err
}

// noText says that recognition found nothing that it can read. A model may.
func noText(err error) bool {
	var e *extract.Error
	return errors.As(err, &e) && (e.Code == extract.CodeNoText || e.Code == extract.CodeLanguageMissing)
}

// see shows a model the pages that were recognised badly.
func (j *job) see(ctx context.Context) error {
	if !j.pages.doubtful(j.env.Vision.Below) {
		return nil
	}
	purse, err := j.openPurse(ctx)
	if err != nil {
		return err
	}
	defer j.bookSpent()
	s := &seeing{
		vision: j.env.Vision, pages: j.pages, sha256: j.sha256, with: j.env.ReadWith(), localOnly: j.env.LocalOnly || j.lease.LocalOnly,
		options: extract.Options{Languages: j.env.Languages, Tenant: j.env.Site, Name: j.lease.Filename},
		cache:   j.hand.Cache(), ledger: purse.Aside(), cap: purse.DocumentCap(), log: j.log,
		progress: func(done, total int) { j.h.Progress("ocr", done, total) },
		fresh:    j.env.Metrics.Page,
		open: func(ctx context.Context) (string, error) {
			if j.file.Path != "" {
				return j.file.Path, nil
			}
			err := j.spoolFile(ctx)
			return j.file.Path, err
		},
	}
	err = s.run(ctx)
	j.unseen, j.forVision = s.warnings(), s.atMost
	return err
}
