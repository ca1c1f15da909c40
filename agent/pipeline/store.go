package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// object is one of them, to be stored.
type object struct {
	key, mime string
	write     func(io.Writer) error
}

// store writes text, pages and summary.
func (j *job) store(ctx context.Context) error {
	defer j.timings.since("store", time.Now())
	names := j.names()
	j.stored = wpclient.Artifacts{Text: names.Text(), Pages: names.Pages(), Summary: names.Summary()}
	meta, err := j.meta()
	if err != nil {
		return err
	}
	if j.env.Storing != nil {
		if err := j.env.Storing(ctx, j.lease.JobID); err != nil {
			return err
		}
	}
	all := []object{
		{j.stored.Text, "text/plain; charset=utf-8", func(w io.Writer) error { return writeText(w, j.pages.all(ctx)) }},
		{j.stored.Pages, "application/x-ndjson", func(w io.Writer) error { return writeJSONL(w, j.pages.all(ctx)) }},
		{j.stored.Summary, "text/markdown; charset=utf-8", written(j.summary.Markdown)},
		{names.Meta(), "application/json", written(meta)},
	}
	for i, a := range all {
		if err := j.putObject(ctx, a); err != nil {
			return err
		}
		j.h.Progress("store", i+1, len(all))
	}
	j.share(ctx)
	if j.pages.failed() { // somebody may want those tried again
		j.hand.KeepForRetry(ctx, j.pages.read(ctx))
	}
	return nil
}

// putObject stores an object that may be as large as the document is long: what is more than a little goes by a file.
func (j *job) putObject(ctx context.Context, a object) error {
	body := spool{dir: j.env.WorkDir}
	defer body.close()
	if err := a.write(&body); err != nil {
		return err
	}
	r, size, err := body.reader()
	if err != nil {
		return err
	}
	return j.env.Store.Put(ctx, a.key, r, size, a.mime)
}

func written(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// writeText writes the texts of pages, which are in order.
func writeText(w io.Writer, pages iter.Seq2[extract.Page, error]) error {
	text := extract.Joiner{W: w}
	for p, err := range pages {
		if err != nil {
			return err
		}
		if err := text.Add(p.Text); err != nil {
			return err
		}
	}
	return text.End()
}

// writeJSONL writes one JSON object a line: number, method, confidence, language, text.
func writeJSONL(w io.Writer, pages iter.Seq2[extract.Page, error]) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for p, err := range pages {
		if err != nil {
			return err
		}
		if err := enc.Encode(p); err != nil {
			return err
		}
	}
	return nil
}

// meta describes the artifacts to anybody who finds them in the store without the database.
func (j *job) meta() (string, error) {
	raw, err := json.MarshalIndent(map[string]any{
		"site": j.env.Site, "job_id": j.lease.JobID, "attachment_id": j.lease.AttachmentID, "filename": j.lease.Filename,
		"sha256": j.sha256, "document": j.doc, "pages_read": j.pagesRead(), "extractor": j.env.Extractor.Version(), "summariser": j.env.Summariser.Name(),
		"agent_version": j.env.Agent.Version, "stored_at": time.Now().UTC().Format(time.RFC3339),
	}, "", "  ")
	if err != nil {
		return "", fmt.Errorf("encode meta: %w", err)
	}
	return string(raw) + "\n", nil
}
