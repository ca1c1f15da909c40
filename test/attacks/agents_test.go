//go:build attacks

package attacks

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Joined is an agent of the independent client.
type Joined struct {
	Client
	Name  string
	ID    int64
	Type  string // of jobs that only it asks for
	Slots int
}

// Lease is the right to one job, as section 4 has it.
type Lease struct {
	JobID        int64  `json:"job_id"`
	Epoch        int64  `json:"epoch"`
	Token        string `json:"lease_token"`
	Attempt      int    `json:"attempt"`
	TTLMs        int64  `json:"ttl_ms"`
	MaxRuntimeMs int64  `json:"max_runtime_ms"`
	Attachment   int64  `json:"attachment_id"`
	Bytes        int64  `json:"bytes"`
	SHA256       string `json:"sha256"`
}

var serial atomic.Int64

// name makes a name that no other test has.
func name(what string) string { return fmt.Sprintf("%s-%d", what, serial.Add(1)) }

var rest = sync.OnceValue(func() string { return site.URL + "/wp-json/" })

// invite makes an agent in WordPress and returns its join token.
func invite(t *testing.T, name string) string {
	t.Helper()
	var made struct {
		Token string `json:"token"`
	}
	site.Do(t, "agent", map[string]any{"name": name}, &made)
	if made.Token == "" {
		t.Fatalf("no join token for %s", name)
	}
	return made.Token
}

// tokenKey reads a join token: only its id ever travels.
func tokenKey(t *testing.T, token string) Key {
	t.Helper()
	part := strings.Split(token, ".")
	if len(part) != 3 || part[0] != "aidoc1" {
		t.Fatalf("not a join token: %s", token)
	}
	secret, err := base64.RawURLEncoding.DecodeString(part[2])
	if err != nil || len(secret) != 32 {
		t.Fatalf("the token's secret has %d bytes: %v", len(secret), err)
	}
	return macKey(part[1], secret)
}

func machine(slots int) map[string]any {
	return map[string]any{"version": "attacks", "host": "elsewhere", "os": "linux", "arch": "amd64", "slots": slots}
}

// join makes an agent and joins it.
func join(t *testing.T, what string) *Joined {
	t.Helper()
	a := &Joined{Name: name(what), Slots: 2}
	a.Type = "x-attacks/" + a.Name
	a.Client = Client{Root: rest(), Site: site.URL, Key: tokenKey(t, invite(t, a.Name))}
	r := a.Call(t, "/aidoc/v1/join", map[string]any{"token": a.Key.ID, "agent": machine(a.Slots)})
	a.accept(t, r)
	return a
}

// accept takes the key out of the answer to /join or /rotate.
func (a *Joined) accept(t *testing.T, r Reply) {
	t.Helper()
	if r.Status != http.StatusOK || !r.Verified() {
		t.Fatalf("%s has no key: %s %v %.300s", a.Name, r, r.Flaw, r.Body)
	}
	var out struct {
		KeyID  string `json:"key_id"`
		Secret string `json:"secret"`
		Agent  struct {
			ID int64 `json:"id"`
		} `json:"agent"`
	}
	r.Decode(t, &out)
	secret, err := base64.StdEncoding.DecodeString(out.Secret)
	if err != nil || len(secret) != 64 || !strings.HasPrefix(out.KeyID, "ak_") {
		t.Fatalf("key %s with %d secret bytes: %v", out.KeyID, len(secret), err)
	}
	a.Key = macKey(out.KeyID, secret)
	if out.Agent.ID > 0 {
		a.ID = out.Agent.ID
	}
}

// ask is the body of a /lease.
func (a *Joined) ask(slots int) map[string]any {
	return map[string]any{
		"request_id": uuid(), "free_slots": slots, "agent": machine(a.Slots),
		"capabilities": map[string]any{"mimes": []string{a.Type}, "ocr_languages": []string{}, "max_bytes": 1 << 30},
	}
}

// leases asks for work and returns what it got.
func (a *Joined) leases(t *testing.T, body map[string]any) ([]Lease, Reply) {
	t.Helper()
	r := a.Call(t, "/aidoc/v1/lease", body)
	var out struct {
		Leases []Lease `json:"leases"`
	}
	if r.Status == http.StatusOK && r.Verified() {
		r.Decode(t, &out)
	}
	return out.Leases, r
}

// queue puts an attachment into the queue for this agent alone.
func (a *Joined) queue(t *testing.T, attachment int64) (job int64) {
	t.Helper()
	site.Do(t, "enqueue", map[string]any{"attachment": attachment, "type": a.Type}, &job)
	return job
}

// take leases the one document that waits for this agent.
func (a *Joined) take(t *testing.T, attachment int64) Lease {
	t.Helper()
	a.queue(t, attachment)
	got, r := a.leases(t, a.ask(1))
	if len(got) != 1 || got[0].Attachment != attachment {
		t.Fatalf("%s asked for attachment %d and got %v: %s %v", a.Name, attachment, got, r, r.Flaw)
	}
	return got[0]
}

func (l Lease) ref() map[string]any {
	return map[string]any{"job_id": l.JobID, "epoch": l.Epoch, "lease_token": l.Token}
}

// with adds fields to the reference to a lease.
func (l Lease) with(more map[string]any) map[string]any {
	out := l.ref()
	for k, v := range more {
		out[k] = v
	}
	return out
}

// Text is what a test's summary says.
type Text struct {
	Title, Markdown, S3Key string
	Blocks                 []any
}

// result is a body of /result for this lease.
func (l Lease) result(text Text) map[string]any {
	out := l.with(map[string]any{
		"result_id": uuid(), "attachment_id": l.Attachment, "source_sha256": l.SHA256, "title": text.Title,
		"summary_markdown": text.Markdown, "language": "en", "word_count": 12, "chunks": 1, "processing_ms": 5, "s3_text_key": text.S3Key,
	})
	if text.Blocks != nil {
		out["summary_blocks"] = text.Blocks
	}
	return out
}

// deliver sends a result and returns the summary's post.
func (a *Joined) deliver(t *testing.T, l Lease, text Text) int64 {
	t.Helper()
	r := a.Call(t, "/aidoc/v1/result", l.result(text))
	var out struct {
		Status string `json:"status"`
		PostID int64  `json:"post_id"`
	}
	if r.Status != http.StatusOK || !r.Verified() {
		t.Fatalf("the result was refused: %s %v %.300s", r, r.Flaw, r.Body)
	}
	r.Decode(t, &out)
	return out.PostID
}

// file asks for a document's bytes.
func (a *Joined) file(t *testing.T, job int64, lease string, header http.Header) Reply {
	t.Helper()
	w := a.wire(http.MethodGet, fmt.Sprintf("/aidoc/v1/jobs/%d/file", job), nil)
	w.Header.Set("X-Aidoc-Lease", lease)
	for k, v := range header {
		w.Header[k] = v
	}
	return a.Send(t, w)
}

func (l Lease) header() string { return fmt.Sprintf("%d:%s", l.Epoch, l.Token) }

// document makes a text file's attachment; parent 0 for none.
func document(t *testing.T, filename, text string, author, parent int64) (id int64) {
	t.Helper()
	site.Do(t, "upload", map[string]any{"name": filename + ".txt", "text": text, "author": author, "parent": parent}, &id)
	return id
}
