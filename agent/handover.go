package agent

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

const (
	// handoverEvery is how far the object store may lag behind the journal: the work that is done
	// again when this machine is gone for good. Documents that take less never write a checkpoint.
	handoverEvery = 15 * time.Second
	// A checkpoint must stay below the protocol's 16 KiB.
	maxSegments      = 120
	maxSegmentBytes  = 64 << 20
	checkpointFormat = 1
)

// checkpoint travels with the lease. It names what is done; the content is in the object store.
type checkpoint struct {
	Format    int      `json:"v"`
	SHA256    string   `json:"sha256"`
	Extractor string   `json:"extractor"`
	Pages     int      `json:"pages"` // done
	Steps     int      `json:"steps"` // done
	Segments  []string `json:"segments"`
}

// line is one line of a segment: a finished page or a finished model call.
type line struct {
	Page *extract.Page   `json:"page,omitempty"`
	Key  string          `json:"key,omitempty"`
	Step *llm.Completion `json:"step,omitempty"`
}

// handover copies what the journal got to the object store, segment by segment, so that another
// agent can go on where this one stopped. It is best effort: without it work is repeated, not lost.
type handover struct {
	j    *job
	mu   sync.Mutex
	buf  bytes.Buffer
	mark checkpoint
	// steps are the objects of single paid answers; clear removes them.
	steps []string
	used  map[string]bool // keys of the answers this job asked for
	left  json.RawMessage // the checkpoint for a retry of the missing pages, or nil
}

func (h *handover) add(l line) {
	raw, err := json.Marshal(l)
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.buf.Write(append(raw, '\n'))
	if l.Page != nil {
		h.mark.Pages++
	} else {
		h.mark.Steps++
	}
}

// loop flushes now and then until ctx ends.
func (h *handover) loop(ctx context.Context) {
	for sleep(ctx, jitter(handoverEvery, 0.2)) {
		h.flush(ctx)
	}
}

// flush writes what has gathered as one segment and lets the next beat tell the site.
func (h *handover) flush(ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.buf.Len() == 0 || len(h.mark.Segments) >= maxSegments {
		return
	}
	key := h.j.checkpointKey(fmt.Sprintf("%d-%04d.jsonl", h.j.lease.Epoch, len(h.mark.Segments)))
	if err := h.j.a.opt.Store.Put(ctx, key, bytes.NewReader(h.buf.Bytes()), int64(h.buf.Len()), "application/x-ndjson"); err != nil {
		h.j.log.Warn("checkpoint was not stored", "error", err.Error())
		return
	}
	h.buf.Reset()
	h.mark.Segments = append(h.mark.Segments, key)
	h.mark.Format, h.mark.SHA256, h.mark.Extractor = checkpointFormat, h.j.sha256, h.j.a.opt.Extractor.Version()
	if raw, err := json.Marshal(h.mark); err == nil {
		h.j.h.setCheckpoint(raw)
	}
}

// checkpointKey is below the job's own folder: adopt reads nothing else, so that a site cannot make
// an agent read another site's documents.
func (j *job) checkpointKey(name string) string {
	return j.a.set.Key(j.s.url, j.lease.JobID, "checkpoint/"+name)
}

// adopt takes over what an earlier holder of this job left: pages and model answers go into this
// agent's journal, where every step looks first.
func (j *job) adopt(ctx context.Context) {
	var c checkpoint
	if len(j.lease.Checkpoint) == 0 || json.Unmarshal(j.lease.Checkpoint, &c) != nil ||
		c.Format != checkpointFormat || c.SHA256 != j.sha256 || len(c.Segments) > maxSegments {
		return
	}
	have, err := j.reading().pages(ctx)
	if err != nil {
		return
	}
	pages, steps := 0, 0
	for _, key := range c.Segments {
		if !strings.HasPrefix(key, j.checkpointKey("")) {
			j.log.Warn("checkpoint names an object outside its job; it is not read", "key", key)
			return
		}
		err := j.readSegment(ctx, key, func(l line) error {
			switch {
			case l.Page != nil && l.Page.Err == nil && l.Page.Number > 0 && c.Extractor == j.a.opt.Extractor.Version():
				if _, ok := have[l.Page.Number]; ok {
					return nil
				}
				pages++
				return j.reading().keepPage(ctx, *l.Page)
			case l.Step != nil && l.Key != "":
				steps++
				return j.a.opt.Journal.Put(ctx, l.Key, *l.Step)
			}
			return nil
		})
		if err != nil {
			j.log.Info("checkpoint cannot be read here; the work is done again", "error", err.Error())
			break
		}
		j.hand.keep(key)
	}
	if pages+steps > 0 {
		j.log.Info("continuing another agent's work", "pages", pages, "steps", steps)
	}
}

// keep lets a segment of an earlier holder travel on with this one's.
func (h *handover) keep(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark.Segments = append(h.mark.Segments, key)
}

func (j *job) readSegment(ctx context.Context, key string, each func(line) error) error {
	body, _, err := j.a.opt.Store.Get(ctx, key)
	if err != nil {
		return err
	}
	defer body.Close()
	r := bufio.NewReader(io.LimitReader(body, maxSegmentBytes))
	for {
		raw, err := r.ReadBytes('\n')
		if err == io.EOF {
			return nil // a line without an end was cut off: it is not taken
		}
		if err != nil {
			return err
		}
		var l line
		if json.Unmarshal(raw, &l) != nil {
			return fmt.Errorf("segment %s is damaged", key)
		}
		if err := each(l); err != nil {
			return err
		}
	}
}

// clear removes the segments once the finished artifacts are stored.
func (h *handover) clear(ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.buf.Reset()
	for _, key := range append(h.mark.Segments, h.steps...) {
		if err := h.j.a.opt.Store.Delete(ctx, key); err != nil {
			h.j.log.Info("checkpoint was not removed", "key", key, "error", err.Error())
		}
	}
	h.mark.Segments, h.steps = nil, nil
}
