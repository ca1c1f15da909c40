package agent

import (
	"context"
	"errors"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// reading of this job; valid once the document's digest is known.
func (j *job) reading() *reading {
	return &reading{
		journal: j.a.opt.Journal, extractor: j.a.opt.Extractor, languages: j.a.set.Languages, site: j.s.url,
		limit: j.a.set.ExtractTimeout, sha256: j.sha256, name: j.lease.Filename, progress: j.h.progress, fresh: j.freshPage, log: j.log,
	}
}

func (j *job) freshPage(p extract.Page) {
	j.a.opt.Metrics.page(p)
	if p.Err == nil {
		j.hand.page(p)
	}
}

// extract reads the pages that the journal does not have yet.
func (j *job) extract(ctx context.Context) (err error) {
	j.doc, j.pages, err = j.reading().read(ctx, j.file.Path)
	if err != nil || slices.ContainsFunc(j.pages, func(p extract.Page) bool { return p.Err != nil }) {
		// A reader that finds no room for a temporary file calls the document damaged.
		if full := writeProbe(j.a.set.WorkDir); fullPlace(full) != nowhere {
			return errors.Join(full, err)
		}
	}
	return err
}
