package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

// leftSegmentBytes is where a segment for a retry ends; one line more must still fit below maxSegmentBytes.
const leftSegmentBytes = maxSegmentBytes / 2

// isMissing tells whether some page could not be read. Somebody may want that page tried again.
func isMissing(pages []extract.Page) bool {
	return slices.ContainsFunc(pages, func(p extract.Page) bool { return p.Err != nil })
}

// use remembers an answer that went into the summary.
func (h *handover) use(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.used == nil {
		h.used = map[string]bool{}
	}
	h.used[key] = true
}

// leave is for documents with missing pages: everything that a retry need not do again is gathered in segments of its
// own, whose checkpoint goes with the result. The other objects are removed when the site has taken that.
func (h *handover) leave(ctx context.Context) {
	mark, err := h.gather(ctx)
	if err != nil {
		h.j.log.Warn("a retry of the missing pages will read the others again, unless on this machine", "error", err.Error())
		return
	}
	raw, err := json.Marshal(mark)
	if err != nil {
		return
	}
	h.left = raw
	h.j.h.SetCheckpoint(raw)
}

// gather writes the finished pages and the answers in use, and returns the checkpoint that names them.
func (h *handover) gather(ctx context.Context) (checkpoint, error) {
	j := h.j
	mark := checkpoint{Format: checkpointFormat, SHA256: j.sha256, Extractor: j.a.opt.Extractor.Version()}
	var buf bytes.Buffer
	put := func(l line) error {
		raw, err := json.Marshal(l)
		if err != nil {
			return err
		}
		buf.Write(append(raw, '\n'))
		if buf.Len() < leftSegmentBytes {
			return nil
		}
		return h.putLeft(ctx, &mark, &buf)
	}
	for _, p := range j.pages {
		if p.Err != nil {
			continue
		}
		mark.Pages++
		if err := put(line{Page: &p}); err != nil {
			return mark, err
		}
	}
	for _, key := range h.usedKeys() {
		done, ok, err := j.a.opt.Journal.Get(ctx, key)
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
	return mark, h.putLeft(ctx, &mark, &buf)
}

// putLeft stores buf as the next segment of mark and empties it.
func (h *handover) putLeft(ctx context.Context, mark *checkpoint, buf *bytes.Buffer) error {
	if buf.Len() == 0 {
		return nil
	}
	if len(mark.Segments) >= maxSegments {
		return fmt.Errorf("more than %d segments", maxSegments)
	}
	key := h.j.names().ForRetry(len(mark.Segments))
	if err := h.j.a.opt.Store.Put(ctx, key, bytes.NewReader(buf.Bytes()), int64(buf.Len()), "application/x-ndjson"); err != nil {
		return err
	}
	buf.Reset()
	mark.Segments = append(mark.Segments, key)
	return nil
}

func (h *handover) usedKeys() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	keys := make([]string, 0, len(h.used))
	for k := range h.used {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
