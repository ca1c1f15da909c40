package pipeline

import (
	"context"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// takeShared brings the text of the document into the journal, where an agent of this site has shared it; true where nothing is left to read. Best
// effort: without it the document is read.
func (j *job) takeShared(ctx context.Context) bool {
	if j.env.Texts == nil {
		return false
	}
	r := j.reading()
	batch := pageBatch{put: r.putPages}
	first := true
	ok, err := j.env.Texts.Get(ctx, j.sha256, func(d extract.Document, p extract.Page) error {
		if first {
			first = false
			if err := r.keepDocument(d); err != nil {
				return err
			}
		}
		return batch.add(ctx, p)
	})
	if ok {
		err = batch.end(ctx, nil)
	}
	if err != nil {
		j.log.Warn("a shared text could not be used; the document is read", "error", err.Error())
		return false
	}
	return ok && r.complete(ctx)
}

// share gives the text of the document to the other agents of the site: all of it, of a file that the site knows by this digest, so that it
// can have it erased. Best effort too.
func (j *job) share(ctx context.Context) {
	read := j.file.Path != "" // else it came out of the journal, and had its chance before
	if j.env.Texts == nil || !read || j.lease.SHA256 != j.sha256 || j.pages.failed() || j.pages.len() != j.doc.Pages {
		return
	}
	if err := j.env.Texts.Put(ctx, j.sha256, j.doc, j.pages.read(ctx)); err != nil {
		j.log.Warn("the text was not shared with other agents", "error", err.Error())
	}
}
