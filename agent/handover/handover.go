// Package handover lets another agent go on where this one stopped: it copies what the journal got to the object store, finds there what
// earlier holders of a job left, and keeps what a retry of missing pages needs. It knows a store and names, no job, lease or site.
package handover

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/artifact"
	"github.com/aidoc-pipeline/aidoc-agent/agent/objectstore"
	"github.com/aidoc-pipeline/aidoc-agent/agent/pressure"
	"github.com/aidoc-pipeline/aidoc-agent/extract"
	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

const (
	// every is how far the object store may lag behind the journal: the work that is done
	// again when this machine is gone for good. Documents that take less never write a checkpoint.
	every = 15 * time.Second
	// pageStores is how many recognised pages are on their way to the store at once.
	pageStores = 4
	// storeTime bounds how long one page or one paid answer waits for the object store.
	storeTime = 5 * time.Second
)

// Store is what a hand-over needs of the object store. Put overwrites atomically.
type Store interface {
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	Get(ctx context.Context, key string) (io.ReadCloser, objectstore.Info, error)
	Delete(ctx context.Context, key string) error
	// List yields the objects whose key starts with prefix.
	List(ctx context.Context, prefix string) iter.Seq2[objectstore.Info, error]
}

// Options are what a hand-over is made of; all are required but Checkpoint.
type Options struct {
	Job        artifact.Job
	Epoch      int64           // of this holder; the first one has 1
	Checkpoint json.RawMessage // of the holder before, as the lease brought it
	Extractor  string          // version of the reader
	Store      Store
	Own        bool                             // nobody else has the store, which lies beside the journal
	Answers    llm.Cache                        // of the journal: the model's answers
	Publish    func(checkpoint json.RawMessage) // puts it into the next beats
	Full       func(pressure.Place)             // told of a place without room
	Log        *slog.Logger
}

// Handover copies what the journal got to the object store, segment by segment, so that another
// agent can go on where this one stopped. It is best effort: without it work is repeated, not lost.
type Handover struct {
	opt     Options
	sha256  string           // of the document, once it is known
	names   artifact.Reading // likewise
	writing sync.Mutex       // one segment at a time, in order; taken before mu
	closed  bool             // guarded by writing

	mu      sync.Mutex // never held over a call to the store: page workers wait for it
	buf     bytes.Buffer
	mark    checkpoint
	written int             // segments of this holder
	used    map[string]bool // keys of the answers this job asked for
	retry   json.RawMessage // the checkpoint for a retry of the missing pages, or nil

	pages sync.WaitGroup // recognised pages on their way to the store
	room  chan struct{}
}

// New makes a hand-over; Adopt begins it.
func New(opt Options) *Handover {
	return &Handover{opt: opt, room: make(chan struct{}, pageStores)}
}

// Page takes a page that was read. Recognition is what an agent pays for with its time: such a
// Page goes to the store at once, beside the work, all others with the next segment.
func (h *Handover) Page(p extract.Page) {
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

func (h *Handover) storePage(l line) bool {
	raw, err := json.Marshal(l)
	if err != nil {
		return false
	}
	// Not the job's context: a page that is read is worth keeping for any agent that goes on.
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	key := h.names.Page(l.Page.Number)
	if err := h.opt.Store.Put(ctx, key, bytes.NewReader(append(raw, '\n')), int64(len(raw)+1), "application/x-ndjson"); err != nil {
		h.opt.Log.Warn("a recognised page was not stored; it goes with the next checkpoint", "page", l.Page.Number, "error", err.Error())
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark.Pages++
	return true
}

func (h *Handover) add(l line) {
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

// Run flushes now and then until ctx ends.
func (h *Handover) Run(ctx context.Context) {
	for backoff.Sleep(ctx, backoff.Jitter(every, 0.2)) {
		h.Flush(ctx)
	}
}

// Flush writes what has gathered as one segment and lets the next beat tell the site. Pages that
// finish meanwhile gather for the next one.
func (h *Handover) Flush(ctx context.Context) {
	h.writing.Lock()
	defer h.writing.Unlock()
	key, segment, mark := h.cut()
	if h.closed || key == "" {
		return
	}
	if err := h.opt.Store.Put(ctx, key, bytes.NewReader(segment), int64(len(segment)), "application/x-ndjson"); err != nil {
		h.opt.Log.Warn("checkpoint was not stored", "error", err.Error())
		h.putBack(segment)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.mark.Segments) < maxSegments { // the others are found by their names
		h.mark.Segments = append(h.mark.Segments, key)
	}
	mark.Segments, mark.Spent, mark.Batch = h.mark.Segments, h.mark.Spent, h.mark.Batch
	if raw, err := json.Marshal(mark); err == nil {
		h.opt.Publish(raw)
	}
}

// Spent lets the next beats carry what models have cost for the document. It needs no object store.
func (h *Handover) Spent(s Spent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark.Spent = &s
	h.publish()
}

// Waits lets the next beats say that questions wait for a batch; nil: that they do not any more.
func (h *Handover) Waits(w *Waiting) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark.Batch = w
	h.publish()
}

// publish is called with mu held.
func (h *Handover) publish() {
	mark := h.mark
	mark.Format, mark.SHA256, mark.Extractor = checkpointFormat, h.sha256, h.opt.Extractor
	if raw, err := json.Marshal(mark); err == nil {
		h.opt.Publish(raw)
	}
}

// cut takes what has gathered, with the mark that is true once it is stored; key is "" where there
// is nothing to store.
func (h *Handover) cut() (key string, segment []byte, mark checkpoint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.buf.Len() == 0 {
		return "", nil, checkpoint{}
	}
	key = h.names.Segment(h.written)
	h.written++
	segment = bytes.Clone(h.buf.Bytes())
	h.buf.Reset()
	mark = h.mark
	mark.Format, mark.SHA256, mark.Extractor = checkpointFormat, h.sha256, h.opt.Extractor
	return key, segment, mark
}

// Wait returns when no page is on its way to the store.
func (h *Handover) Wait() { h.pages.Wait() }

// Close ends the hand-over: nothing is on its way to the store when it returns, and nothing comes.
func (h *Handover) Close() {
	h.pages.Wait()
	h.writing.Lock()
	defer h.writing.Unlock()
	h.closed = true
}

// putBack puts a segment that was not stored before what has gathered since.
func (h *Handover) putBack(segment []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	later := bytes.Clone(h.buf.Bytes())
	h.buf.Reset()
	h.buf.Write(segment)
	h.buf.Write(later)
}
