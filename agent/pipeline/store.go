package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/wpclient"
)

// object is one of them, to be stored.
type object struct{ key, mime, body string }

// store writes text, pages and summary.
func (j *job) store(ctx context.Context) error {
	defer j.timings.since("store", time.Now())
	names := j.names()
	j.stored = wpclient.Artifacts{Text: names.Text(), Pages: names.Pages(), Summary: names.Summary()}
	meta, err := j.meta()
	if err != nil {
		return err
	}
	all := []object{
		{j.stored.Text, "text/plain; charset=utf-8", extract.RenderText(j.pages)},
		{j.stored.Pages, "application/x-ndjson", pagesJSONL(j.pages)},
		{j.stored.Summary, "text/markdown; charset=utf-8", j.summary.Markdown},
		{names.Meta(), "application/json", meta},
	}
	for i, a := range all {
		// A reader that seeks lets the S3 client sign and retry without a copy of its own.
		if err := j.env.Store.Put(ctx, a.key, strings.NewReader(a.body), int64(len(a.body)), a.mime); err != nil {
			return err
		}
		j.h.Progress("store", i+1, len(all))
	}
	if slices.ContainsFunc(j.pages, func(p extract.Page) bool { return p.Err != nil }) { // somebody may want those tried again
		j.hand.KeepForRetry(ctx, j.pages)
	}
	return nil
}

// pagesJSONL is one JSON object a line: number, method, confidence, language, text.
func pagesJSONL(pages []extract.Page) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, p := range pages {
		_ = enc.Encode(p) // a bytes.Buffer does not fail, and Page has no type that JSON refuses
	}
	return b.String()
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
