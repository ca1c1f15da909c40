package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

const (
	// handoverEvery is how far the object store may lag behind the journal: the work that is done
	// again when this machine is gone for good. Documents that take less never write a checkpoint.
	handoverEvery = 15 * time.Second
	// pageStores is how many recognised pages are on their way to the store at once.
	pageStores = 4
)

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
	closed  bool       // guarded by writing

	mu      sync.Mutex // never held over a call to the store: page workers wait for it
	buf     bytes.Buffer
	mark    checkpoint
	written int             // segments of this holder
	used    map[string]bool // keys of the answers this job asked for
	left    json.RawMessage // the checkpoint for a retry of the missing pages, or nil

	pages sync.WaitGroup // recognised pages on their way to the store
	room  chan struct{}
}

func newHandover(j *job) *handover {
	return &handover{j: j, room: make(chan struct{}, pageStores)}
}

// page takes a page that was read. Recognition is what an agent pays for with its time: such a
// page goes to the store at once, beside the work, all others with the next segment.
func (h *handover) page(p extract.Page) {
	l := line{Page: &p}
	if p.Method != extract.MethodOCR {
		h.add(l)
		return
	}
	h.room <- struct{}{}
	h.pages.Go(func() {
		defer func() { <-h.room }()
		if !h.storePage(l) {
			h.add(l)
		}
	})
}

func (h *handover) storePage(l line) bool {
	raw, err := json.Marshal(l)
	if err != nil {
		return false
	}
	// Not the job's context: a page that is read is worth keeping, whoever goes on.
	ctx, cancel := context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	key := h.j.pageKey(l.Page.Number)
	if err := h.j.a.opt.Store.Put(ctx, key, bytes.NewReader(append(raw, '\n')), int64(len(raw)+1), "application/x-ndjson"); err != nil {
		h.j.log.Warn("a recognised page was not stored; it goes with the next checkpoint", "page", l.Page.Number, "error", err.Error())
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark.Pages++
	return true
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
	for backoff.Sleep(ctx, backoff.Jitter(handoverEvery, 0.2)) {
		h.flush(ctx)
	}
}

// flush writes what has gathered as one segment and lets the next beat tell the site. Pages that
// finish meanwhile gather for the next one.
func (h *handover) flush(ctx context.Context) {
	h.writing.Lock()
	defer h.writing.Unlock()
	key, segment, mark := h.cut()
	if h.closed || key == "" {
		return
	}
	if err := h.j.a.opt.Store.Put(ctx, key, bytes.NewReader(segment), int64(len(segment)), "application/x-ndjson"); err != nil {
		h.j.log.Warn("checkpoint was not stored", "error", err.Error())
		h.putBack(segment)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.mark.Segments) < maxSegments { // the others are found by their names
		h.mark.Segments = append(h.mark.Segments, key)
	}
	mark.Segments = h.mark.Segments
	if raw, err := json.Marshal(mark); err == nil {
		h.j.h.setCheckpoint(raw)
	}
}

// cut takes what has gathered, with the mark that is true once it is stored; key is "" where there
// is nothing to store.
func (h *handover) cut() (key string, segment []byte, mark checkpoint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.buf.Len() == 0 {
		return "", nil, checkpoint{}
	}
	key = h.j.segmentKey(h.written)
	h.written++
	segment = bytes.Clone(h.buf.Bytes())
	h.buf.Reset()
	mark = h.mark
	mark.Format, mark.SHA256, mark.Extractor = checkpointFormat, h.j.sha256, h.j.a.opt.Extractor.Version()
	return key, segment, mark
}

// close ends the hand-over: nothing is on its way to the store when it returns, and nothing comes.
func (h *handover) close() {
	h.pages.Wait()
	h.writing.Lock()
	defer h.writing.Unlock()
	h.closed = true
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
