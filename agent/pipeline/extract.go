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

// extract reads the pages that the journal does not have yet.
func (j *job) extract(ctx context.Context) (err error) {
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
