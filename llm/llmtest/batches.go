package llmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"sync"
	"time"
)

// BatchMode is how the server treats batches; the zero value answers each at once.
type BatchMode struct {
	Slow        bool   // a batch is under way until FinishBatches
	LoseAnswer  bool   // a batch is made, and the connection cut before the answer
	CutBefore   bool   // the connection is cut before the batch is made
	RefuseWith  int    // status of the answer to a new batch; none is made
	FailWith    string // OpenAI: the batch is not begun, with this code of error
	Reversed    bool   // answers come in the opposite order
	ResultsGone bool   // the answers of an ended batch are not there
	// Outcome of the n-th question (from 1): "" answered, "errored", "expired", "missing" (no line at all).
	Outcome func(n int, key string) string
}

// SentBatch is one batch as it arrived.
type SentBatch struct {
	ID        string
	OwnID     string // OpenAI: of its metadata
	Path      string // OpenAI
	Keys      []string
	Calls     []Call
	Ended     bool
	Cancelled bool
	Deleted   bool // Anthropic: the batch was deleted
	At        time.Time

	failed        string
	input, output string // files
	errors        string
	lines         []resultLine
}

type resultLine struct {
	key, outcome string
	status       int
	body         json.RawMessage
}

// batchStore is the part of Handler that keeps batches and files.
type batchStore struct {
	mu    sync.Mutex
	mode  BatchMode
	all   []*SentBatch
	files map[string][]byte
	last  int
}

// SetBatchMode is for batches that are sent from now on, and for results that are read.
func (h *Handler) SetBatchMode(m BatchMode) {
	h.batches.mu.Lock()
	defer h.batches.mu.Unlock()
	h.batches.mode = m
}

// FinishBatches ends every batch that is under way.
func (h *Handler) FinishBatches() {
	h.batches.mu.Lock()
	defer h.batches.mu.Unlock()
	for _, b := range h.batches.all {
		if !b.Ended {
			h.finish(b, b.Cancelled)
		}
	}
}

// SentBatches are the batches so far, oldest first.
func (h *Handler) SentBatches() []SentBatch {
	h.batches.mu.Lock()
	defer h.batches.mu.Unlock()
	out := make([]SentBatch, 0, len(h.batches.all))
	for _, b := range h.batches.all {
		out = append(out, *b)
	}
	return out
}

// Files are the names of the files that are kept: OpenAI's questions and answers.
func (h *Handler) Files() []string {
	h.batches.mu.Lock()
	defer h.batches.mu.Unlock()
	var out []string
	for id := range h.batches.files {
		out = append(out, id)
	}
	sort.Strings(out)
	return out
}

func (s *batchStore) id(kind string) string {
	s.last++
	return fmt.Sprintf("%s_%04d", kind, s.last)
}

func (s *batchStore) find(id string) *SentBatch {
	for _, b := range s.all {
		if b.ID == id && !b.Deleted {
			return b
		}
	}
	return nil
}

// begin takes a batch in; ok is false where the mode has answered the request already.
func (h *Handler) begin(w http.ResponseWriter, b *SentBatch) (ok bool) {
	s := &h.batches
	switch m := s.mode; {
	case m.RefuseWith > 0:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(m.RefuseWith)
		_, _ = fmt.Fprint(w, `{"type":"error","error":{"type":"invalid_request_error","message":"refused by the test"}}`)
		return false
	case m.CutBefore:
		panic(http.ErrAbortHandler)
	}
	b.At = time.Now()
	s.all = append(s.all, b)
	if s.mode.FailWith != "" {
		b.failed, b.Ended = s.mode.FailWith, true
	} else if !s.mode.Slow {
		h.finish(b, false)
	}
	if s.mode.LoseAnswer {
		panic(http.ErrAbortHandler)
	}
	return true
}

// finish answers what the mode lets be answered.
func (h *Handler) finish(b *SentBatch, cancelled bool) {
	b.Ended = true
	for i, c := range b.Calls {
		outcome := ""
		if f := h.batches.mode.Outcome; f != nil {
			outcome = f(i+1, b.Keys[i])
		}
		if cancelled && outcome == "" {
			outcome = "cancelled"
		}
		l := resultLine{key: b.Keys[i], outcome: outcome}
		switch outcome {
		case "missing":
			continue
		case "":
			l.status, l.body = h.reply(c)
		}
		b.lines = append(b.lines, l)
	}
	if h.batches.mode.Reversed {
		slices.Reverse(b.lines)
	}
	if b.input != "" {
		h.batches.writeFiles(b)
	}
}

// reply is what a direct call would be answered with.
func (h *Handler) reply(c Call) (int, json.RawMessage) {
	write := map[string]func(http.ResponseWriter, Call, Reply){"openai": writeOpenAI, "responses": writeResponses, "anthropic": writeAnthropic}[c.API]
	h.mu.Lock()
	h.started++
	n, script := h.started, h.script
	h.mu.Unlock()
	var rep Reply
	if script != nil {
		rep = script(n, c)
	}
	if rep.Status == 0 {
		rep.Status = http.StatusOK
	}
	if rep.Text == "" && !rep.Empty && rep.Refusal == "" {
		rep.Text = Plausible(c)
	}
	rec := httptest.NewRecorder()
	write(rec, c, rep)
	return rec.Code, rec.Body.Bytes()
}
