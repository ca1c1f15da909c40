package chaos

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

// Call is one paid model call. Every answer holds its serial number, so that it is found again in journals, in
// hand-over segments and in prompts made of answers.
type Call struct {
	Serial   int
	Agent    string // the API key it came with
	Prompt   string // digest; answers quoted in it count without their serials
	Mark     string // of the document
	Start    time.Time
	End      time.Time
	Answered bool // the whole answer left the server
}

// Model is a model server that counts.
type Model struct {
	URL   string
	min   time.Duration
	max   time.Duration
	srv   *http.Server
	mu    sync.Mutex
	calls []*Call
}

var serial = regexp.MustCompile(`paid call (\d+) end`)

// mark is the word that only one document has.
var mark = regexp.MustCompile(`mark\d{5}x`)

// NewModel starts a server whose answers take between least and most.
func NewModel(addr string, least, most time.Duration) (*Model, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the model: %w", err)
	}
	m := &Model{URL: "http://" + l.Addr().String() + "/v1", min: least, max: most}
	m.srv = &http.Server{Handler: m, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = m.srv.Serve(l) }()
	return m, nil
}

// Close ends the server.
func (m *Model) Close() { _ = m.srv.Close() }

// Pace changes how long answers take.
func (m *Model) Pace(least, most time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.min, m.max = least, most
}

// Calls returns all calls so far.
func (m *Model) Calls() []Call {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]Call, len(m.calls))
	for i, c := range m.calls {
		out[i] = *c
	}
	return out
}

func (m *Model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	if err != nil {
		return
	}
	m.mu.Lock()
	c := &Call{Serial: len(m.calls) + 1, Agent: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Start: time.Now(), Prompt: promptOf(body), Mark: string(mark.Find(body))}
	m.calls = append(m.calls, c)
	wait := m.min + time.Duration(rand.Int64N(int64(m.max-m.min)+1))
	m.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	// One handler for each call: the words are this call's own.
	llmtest.NewHandler(func(_ int, in llmtest.Call) llmtest.Reply {
		in.Structured = false // as many servers do: what follows the schema's object would be lost
		return llmtest.Reply{Delay: wait, Text: fmt.Sprintf("%s This was paid call %d end.", llmtest.Plausible(in), c.Serial)}
	}).ServeHTTP(w, r)
	m.mu.Lock()
	defer m.mu.Unlock()
	c.End, c.Answered = time.Now(), r.Context().Err() == nil
}

// promptOf is the digest of a request without the serials of the answers it quotes.
func promptOf(body []byte) string {
	sum := sha256.Sum256(serial.ReplaceAll(body, []byte("paid call")))
	return hex.EncodeToString(sum[:])
}

// serialsIn are the calls whose answers a text holds.
func serialsIn(text []byte, into map[int]bool) {
	for _, m := range serial.FindAllSubmatch(text, -1) {
		n := 0
		if _, err := fmt.Sscan(string(m[1]), &n); err == nil {
			into[n] = true
		}
	}
}
