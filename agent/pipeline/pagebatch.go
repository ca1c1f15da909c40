package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// Bounds of a batch: what a crash may cost is the reading of so many pages of text, about a second at the most.
const (
	batchPages = 32
	batchBytes = 256 << 10
	batchTime  = time.Second
)

// pageBatch journals pages as they are read: a page that was recognised at once, with what waits, pages of text a batch at a time.
type pageBatch struct {
	put     func(ctx context.Context, pages []journal.PageBlob) error
	waiting []journal.PageBlob
	bytes   int
	since   time.Time
}

// add takes a page; an error is that of the batch it completed.
func (b *pageBatch) add(ctx context.Context, p extract.Page) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if len(b.waiting) == 0 {
		b.since = time.Now()
	}
	b.waiting = append(b.waiting, journal.PageBlob{Number: p.Number, Blob: raw})
	b.bytes += len(raw)
	if p.Method == extract.MethodOCR || len(b.waiting) >= batchPages || b.bytes >= batchBytes || time.Since(b.since) >= batchTime {
		return b.flush(ctx)
	}
	return nil
}

// flush journals what waits.
func (b *pageBatch) flush(ctx context.Context) error {
	if len(b.waiting) == 0 {
		return nil
	}
	pages := b.waiting
	b.waiting, b.bytes = nil, 0
	return b.put(ctx, pages)
}

// flushTime bounds the last write of a reading that was stopped.
const flushTime = 5 * time.Second

// end journals what waits when the reading has ended with err, also where it was stopped: what was read is kept.
func (b *pageBatch) end(ctx context.Context, err error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	if flushed := b.flush(ctx); flushed != nil {
		return errors.Join(err, flushed)
	}
	return err
}
