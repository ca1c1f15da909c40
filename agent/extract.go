package agent

import "context"

// reading of this job; valid once the document's digest is known.
func (j *job) reading() *reading {
	return &reading{
		journal: j.a.opt.Journal, extractor: j.a.opt.Extractor, languages: j.a.set.Languages,
		sha256: j.sha256, name: j.lease.Filename, progress: j.h.progress, count: j.a.opt.Metrics.page, log: j.log,
	}
}

// extract reads the pages that the journal does not have yet.
func (j *job) extract(ctx context.Context) (err error) {
	j.doc, j.pages, err = j.reading().read(ctx, j.file.Path)
	return err
}
