// Package llmtest is a model server for tests: it speaks OpenAI's Chat Completions and Responses and Anthropic's
// Messages, whole or as a stream, and both vendors' batches, answers from a script or with a plausible summary, fails on demand, and remembers
// every call. It is no model: its answers quote the first words it was given.
package llmtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Call is one request as it arrived.
type Call struct {
	API       string // "openai", "responses", "anthropic" or "embeddings"
	Model     string
	System    string
	User      string
	Pictures  [][]byte `json:"-"` // JPEGs
	MaxTokens int
	// NewLimit says that the request used max_completion_tokens.
	NewLimit   bool
	Input      []string // of embeddings: the texts
	Base64     bool     // of embeddings: numbers are asked for in base64
	Structured bool     // an answer in JSON that follows a schema is asked for
	Stream     bool
	Key        string
	Status     int // what was answered
	At         time.Time
	URL        string          // path and query
	Header     http.Header     `json:"-"`
	Body       json.RawMessage `json:"-"` // the request as it came
}

// Member is one member of the request's body, "" where it has none; an object or a list is given as JSON.
func (c Call) Member(name string) string {
	var o map[string]json.RawMessage
	if json.Unmarshal(c.Body, &o) != nil {
		return ""
	}
	return strings.Trim(string(o[name]), `"`)
}

// Reply is what to answer one call with. The zero value is a plausible summary.
type Reply struct {
	Status      int                              // 0: 200
	RetryAfter  string                           // header, as given
	Text        string                           // the model's words; empty: a plausible summary, unless Empty
	Empty       bool                             // answer with no words
	Finish      string                           // finish or stop reason; empty: the regular one
	Thoughts    string                           // OpenAI only: reasoning in a field of its own
	Refusal     string                           // OpenAI only: the field for it, instead of words
	ErrorType   string                           // of a Status that is no success
	ErrorCode   string                           // OpenAI only
	ErrorParam  string                           // OpenAI only
	ErrorText   string                           // message
	Raw         string                           // sent as the whole body, with ContentType
	ContentType string                           // of Raw
	Delay       time.Duration                    // before answering; ends with the request
	Vectors     func(texts []string) [][]float32 // embeddings only: what is answered in place of WordVectors
	Truncate    bool                             // cut the body in the middle of the JSON
	Hold        <-chan struct{}
}

// Script decides the answer to the n-th call (from 1).
type Script func(n int, c Call) Reply

// Handler is the server's logic; NewServer wraps it for tests.
type Handler struct {
	mu      sync.Mutex
	script  Script
	calls   []Call
	started int
	running int
	peak    int

	batches batchStore
}

// NewHandler makes a handler; a nil script answers every call with a plausible summary.
func NewHandler(s Script) *Handler { return &Handler{script: s} }

// Server is a Handler on a loopback port.
type Server struct {
	*Handler
	*httptest.Server
}

// NewServer starts a server. Close it.
func NewServer(s Script) *Server {
	h := NewHandler(s)
	return &Server{Handler: h, Server: httptest.NewServer(h)}
}

// OpenAIURL is the base URL for OpenAI's API.
func (s *Server) OpenAIURL() string { return s.URL + "/v1" }

// Calls returns the calls answered so far, in the order they came in.
func (h *Handler) Calls() []Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Call(nil), h.calls...)
}

// Peak is the largest number of calls that ran at the same time.
func (h *Handler) Peak() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.peak
}

// SetScript replaces the script for later calls.
func (h *Handler) SetScript(s Script) {
	h.mu.Lock()
	h.script = s
	h.mu.Unlock()
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 128<<20))
	if err != nil {
		return
	}
	path := r.URL.Path
	if h.batchRoute(w, r, body) {
		return
	}
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/calls":
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(h.Calls())
	case r.Method == http.MethodPost && strings.HasSuffix(path, "/chat/completions"):
		h.answer(w, r, parseOpenAI(r, body), writeOpenAI)
	case r.Method == http.MethodPost && strings.HasSuffix(path, "/responses"):
		h.answer(w, r, parseResponses(r, body), writeResponses)
	case r.Method == http.MethodPost && strings.HasSuffix(path, "/embeddings"):
		h.answer(w, r, parseEmbeddings(r, body), writeEmbeddings)
	case r.Method == http.MethodPost && path == "/v1/messages":
		h.answer(w, r, parseAnthropic(r, body), writeAnthropic)
	default:
		http.NotFound(w, r)
	}
}

func (h *Handler) answer(w http.ResponseWriter, r *http.Request, c Call, write func(http.ResponseWriter, Call, Reply)) {
	h.mu.Lock()
	h.started++
	n, script := h.started, h.script
	h.running++
	h.peak = max(h.peak, h.running)
	h.mu.Unlock()
	defer func() { h.mu.Lock(); h.running--; h.mu.Unlock() }()
	c.At, c.URL, c.Header = time.Now(), r.URL.RequestURI(), r.Header.Clone()
	var rep Reply
	if script != nil {
		rep = script(n, c)
	}
	if rep.Status == 0 {
		rep.Status = http.StatusOK
	}
	c.Status = rep.Status
	h.mu.Lock()
	h.calls = append(h.calls, c)
	h.mu.Unlock()
	if rep.Hold != nil {
		select {
		case <-rep.Hold:
		case <-r.Context().Done():
			return
		}
	}
	if rep.Delay > 0 {
		select {
		case <-time.After(rep.Delay):
		case <-r.Context().Done():
			return
		}
	}
	if rep.RetryAfter != "" {
		w.Header().Set("Retry-After", rep.RetryAfter)
	}
	if rep.Raw != "" {
		if rep.ContentType != "" {
			w.Header().Set("Content-Type", rep.ContentType)
		}
		w.WriteHeader(rep.Status)
		_, _ = io.WriteString(w, rep.Raw)
		return
	}
	if rep.Text == "" && !rep.Empty && rep.Refusal == "" && c.API != "embeddings" {
		rep.Text = Plausible(c)
	}
	write(w, c, rep)
}

func send(w http.ResponseWriter, rep Reply, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if rep.Truncate {
		// The length promises more than is sent: the client sees an unexpected end.
		w.Header().Set("Content-Length", strconv.Itoa(len(b)))
		b = b[:len(b)/2]
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(rep.Status)
	_, _ = w.Write(b)
}
