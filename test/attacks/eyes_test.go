//go:build attacks

package attacks

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Eyes is a server of Chat Completions, written from OpenAI's description of them, whose model is shown pages. Its answers are the test's.
type Eyes struct {
	*httptest.Server
	Key string // that the agent has for it

	mu    sync.Mutex
	shown []string // pictures, as they came: base64
	keys  []string // that came, of every request
	asked int      // requests without a picture: probes of the account
}

// Shown is a request with a picture, and how many came before it.
type Shown struct {
	N       int
	Picture []byte
	Orders  string // what the agent tells the model
}

// newEyes serves answers; a request without a picture is a probe, and gets one from probe, or a good answer where that is nil.
func newEyes(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, s Shown), probe http.HandlerFunc) *Eyes {
	t.Helper()
	e := &Eyes{Key: "sk-" + token(24)}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var in struct {
			Messages []struct {
				Content json.RawMessage `json:"content"`
			} `json:"messages"`
		}
		_ = json.Unmarshal(body, &in)
		s := Shown{}
		for _, m := range in.Messages {
			var parts []struct {
				Image struct {
					URL string `json:"url"`
				} `json:"image_url"`
			}
			if json.Unmarshal(m.Content, &parts) != nil {
				s.Orders += string(m.Content)
			}
			for _, p := range parts {
				if _, data, ok := strings.Cut(p.Image.URL, ";base64,"); ok {
					s.Picture, _ = base64.StdEncoding.DecodeString(data)
				}
			}
		}
		e.mu.Lock()
		e.keys = append(e.keys, r.Header.Get("Authorization"))
		if s.Picture == nil {
			e.asked++
		} else {
			s.N = len(e.shown)
			e.shown = append(e.shown, base64.StdEncoding.EncodeToString(s.Picture))
		}
		e.mu.Unlock()
		switch {
		case s.Picture != nil:
			answer(w, r, s)
		case probe != nil:
			probe(w, r)
		default:
			say("ok")(w, r, s)
		}
	}))
	t.Cleanup(func() { e.CloseClientConnections(); e.Close() })
	return e
}

// Pictures are those that the model was shown.
func (e *Eyes) Pictures() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.shown)
}

// say answers with a text.
func say(text string) func(http.ResponseWriter, *http.Request, Shown) {
	return func(w http.ResponseWriter, _ *http.Request, _ Shown) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(completion(text))
	}
}

func completion(text string) map[string]any {
	return map[string]any{
		"id": "1", "object": "chat.completion", "model": "eyes",
		"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text}}},
		"usage":   map[string]any{"prompt_tokens": 1500, "completion_tokens": 60, "total_tokens": 1560},
	}
}

// fails answers with an error as OpenAI writes them.
func fails(status int, text string) func(http.ResponseWriter, *http.Request, Shown) {
	return func(w http.ResponseWriter, _ *http.Request, _ Shown) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": text, "type": "server_error"}})
	}
}

// hang answers nothing until the agent goes.
func hang(_ http.ResponseWriter, r *http.Request, _ Shown) { <-r.Context().Done() }

// configure writes the agent's configuration: the embedded summariser, and this model for every page of which recognition is not sure. base is
// where the agent finds it; "": where it is.
func (e *Eyes) configure(t *testing.T, a *Installed, base, more string) {
	t.Helper()
	if base == "" {
		base = e.URL + "/v1"
	}
	text := fmt.Sprintf(`extract:
  vision: {model: eyes, below: 0.97, max_pages: 20}
models:
  - {name: eyes, provider: openai, model: eyes, base_url: %q, api_key: %q, context_tokens: 32000, timeout: 2s, usd_per_mtok_in: 10, usd_per_mtok_out: 100}
log: {level: debug}
%s`, base, e.Key, more)
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(a.dir, "agent.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Seen is what the agent made of one file.
type Seen struct {
	Outcome
	Text, Markdown string
}

// see has the agent read a file without a site.
func (e *Eyes) see(t *testing.T, base, more, env, name string, file []byte) Seen {
	t.Helper()
	a := newInstalled(t)
	e.configure(t, a, base, more)
	dir := t.TempDir()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out := Seen{Outcome: a.with(t, env, "process", "--config", filepath.Join(a.dir, "agent.yaml"), "-o", dir, path)}
	text, _ := os.ReadFile(path + ".txt")
	markdown, _ := os.ReadFile(path + ".md")
	out.Text, out.Markdown = string(text), string(markdown)
	return out
}

// kept fails where the document was not done, or a page has another text than recognition gave it.
func (s Seen) kept(t *testing.T, what, warning string) {
	t.Helper()
	switch {
	case s.Code != 0:
		broken(t, "model that reads pages", what, "it took the document down: exit %d %.400s", s.Code, s.Stderr)
	case !strings.Contains(strings.ToLower(s.Text), known):
		broken(t, "model that reads pages", what, "recognition's text is gone: %.300q", s.Text)
	case !strings.Contains(s.Stderr, warning):
		broken(t, "model that reads pages", what, "no warning says %q: %.500q", warning, s.Stderr)
	}
}

const patience = 2 * time.Minute
