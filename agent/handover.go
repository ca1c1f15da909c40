package agent

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
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
	j       *job
	writing sync.Mutex // one segment at a time, in order; taken before mu

	mu   sync.Mutex // never held over a call to the store: page workers wait for it
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

// flush writes what has gathered as one segment and lets the next beat tell the site. Pages that
// finish meanwhile gather for the next one.
func (h *handover) flush(ctx context.Context) {
	h.writing.Lock()
	defer h.writing.Unlock()
	key, segment, mark := h.cut()
	if key == "" {
		return
	}
	if err := h.j.a.opt.Store.Put(ctx, key, bytes.NewReader(segment), int64(len(segment)), "application/x-ndjson"); err != nil {
		h.j.log.Warn("checkpoint was not stored", "error", err.Error())
		h.putBack(segment)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark.Segments = append(h.mark.Segments, key)
	mark.Segments = h.mark.Segments
	if raw, err := json.Marshal(mark); err == nil {
		h.j.h.setCheckpoint(raw)
	}
}

// cut takes what has gathered, with the mark that is true once it is stored; key is "" where there
// is nothing to store or no room in the checkpoint for another segment.
func (h *handover) cut() (key string, segment []byte, mark checkpoint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.buf.Len() == 0 || len(h.mark.Segments) >= maxSegments {
		return "", nil, checkpoint{}
	}
	key = h.j.checkpointKey(fmt.Sprintf("%d-%04d.jsonl", h.j.lease.Epoch, len(h.mark.Segments)))
	segment = bytes.Clone(h.buf.Bytes())
	h.buf.Reset()
	mark = h.mark
	mark.Format, mark.SHA256, mark.Extractor = checkpointFormat, h.j.sha256, h.j.a.opt.Extractor.Version()
	return key, segment, mark
}

// putBack puts a segment that was not stored before what has gathered since.
func (h *handover) putBack(segment []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	later := bytes.Clone(h.buf.Bytes())
	h.buf.Reset()
	h.buf.Write(segment)
	h.buf.Write(later)
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

// clear removes the segments once the finished artifacts are stored. It waits for a segment that is
// just being written: that one would stay behind.
func (h *handover) clear(ctx context.Context) {
	h.writing.Lock()
	defer h.writing.Unlock()
	h.mu.Lock()
	gone := slices.Concat(h.mark.Segments, h.steps)
	h.mark.Segments, h.steps = nil, nil
	h.buf.Reset()
	h.mu.Unlock()
	for _, key := range gone {
		if err := h.j.a.opt.Store.Delete(ctx, key); err != nil {
			h.j.log.Info("checkpoint was not removed", "key", key, "error", err.Error())
		}
	}
}
