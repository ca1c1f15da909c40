package handover

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// retrySegmentBytes is where a segment for a retry ends; one line more must still fit below maxSegmentBytes.
const retrySegmentBytes = maxSegmentBytes / 2

// use remembers an answer that went into the summary.
func (h *Handover) use(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.used == nil {
		h.used = map[string]bool{}
	}
	h.used[key] = true
}

// KeepForRetry is for documents with missing pages: everything that a retry need not do again is gathered in segments of its
// own, whose checkpoint goes with the result. The other objects are removed when the site has taken that.
func (h *Handover) KeepForRetry(ctx context.Context, pages iter.Seq2[extract.Page, error]) {
	mark, err := h.gather(ctx, pages)
	if err != nil {
		h.opt.Log.Warn("a retry of the missing pages will read the others again, unless on this machine", "error", err.Error())
		return
	}
	raw, err := json.Marshal(mark)
	if err != nil {
		return
	}
	h.retry = raw
	h.opt.Publish(raw)
}

// RetryCheckpoint is what KeepForRetry wrote, to go with the result; nil where it wrote nothing.
func (h *Handover) RetryCheckpoint() json.RawMessage { return h.retry }

// gather writes the finished pages and the answers in use, and returns the checkpoint that names them.
func (h *Handover) gather(ctx context.Context, pages iter.Seq2[extract.Page, error]) (checkpoint, error) {
	h.mu.Lock()
	mark := checkpoint{Format: checkpointFormat, SHA256: h.sha256, Extractor: h.opt.Extractor, Spent: h.mark.Spent}
	h.mu.Unlock()
	var buf bytes.Buffer
	put := func(l line) error {
		raw, err := json.Marshal(l)
		if err != nil {
			return err
		}
		buf.Write(append(raw, '\n'))
		if buf.Len() < retrySegmentBytes {
			return nil
		}
		return h.putRetry(ctx, &mark, &buf)
	}
	for p, err := range pages {
		if err != nil {
			return mark, err
		}
		if p.Err != nil {
			continue
		}
		mark.Pages++
		if err := put(line{Page: &p}); err != nil {
			return mark, err
		}
	}
	for _, key := range h.usedKeys() {
		done, ok, err := h.opt.Answers.Get(ctx, key)
		if err != nil {
			return mark, err
		}
		if !ok {
			continue // asked for, never answered
		}
		mark.Steps++
		if err := put(line{Key: key, Step: &done}); err != nil {
			return mark, err
		}
	}
	return mark, h.putRetry(ctx, &mark, &buf)
}

// putRetry stores buf as the next segment of mark and empties it.
func (h *Handover) putRetry(ctx context.Context, mark *checkpoint, buf *bytes.Buffer) error {
	if buf.Len() == 0 {
		return nil
	}
	if len(mark.Segments) >= maxSegments {
		return fmt.Errorf("more than %d segments", maxSegments)
	}
	key := h.names.ForRetry(len(mark.Segments))
	if err := h.opt.Store.Put(ctx, key, bytes.NewReader(buf.Bytes()), int64(buf.Len()), "application/x-ndjson"); err != nil {
		return err
	}
	buf.Reset()
	mark.Segments = append(mark.Segments, key)
	return nil
}

func (h *Handover) usedKeys() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	keys := make([]string, 0, len(h.used))
	for k := range h.used {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
