package llmtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// batchRoute answers requests about batches and files; ok is false for every other request.
func (h *Handler) batchRoute(w http.ResponseWriter, r *http.Request, body []byte) (ok bool) {
	path := strings.TrimPrefix(r.URL.Path, "/v1")
	kind, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	h.batches.mu.Lock()
	defer h.batches.mu.Unlock()
	switch {
	case kind == "files":
		h.files(w, r, body, rest)
	case kind == "batches":
		h.openAIBatches(w, r, body, rest)
	case strings.HasPrefix(path, "/messages/batches"):
		h.anthropicBatches(w, r, body, strings.TrimPrefix(strings.TrimPrefix(path, "/messages/batches"), "/"))
	default:
		return false
	}
	return true
}

func answerJSON(w http.ResponseWriter, v any) { send(w, Reply{Status: http.StatusOK}, v) }

func notThere(w http.ResponseWriter) {
	send(w, Reply{Status: http.StatusNotFound}, map[string]any{"type": "error", "error": map[string]any{"type": "not_found_error", "message": "No such object."}})
}

// files is OpenAI's Files API, as far as batches use it.
func (h *Handler) files(w http.ResponseWriter, r *http.Request, body []byte, rest string) {
	s := &h.batches
	id, tail, _ := strings.Cut(rest, "/")
	switch {
	case r.Method == http.MethodPost && rest == "":
		r.Body = readCloser{bytes.NewReader(body)}
		if err := r.ParseMultipartForm(64 << 20); err != nil || r.FormValue("purpose") != "batch" || len(r.MultipartForm.File["file"]) != 1 {
			http.Error(w, "no file for a batch", http.StatusBadRequest)
			return
		}
		f, err := r.MultipartForm.File["file"][0].Open()
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		defer f.Close()
		var content bytes.Buffer
		_, _ = content.ReadFrom(f)
		id := s.id("file")
		s.keep(id, content.Bytes())
		answerJSON(w, map[string]any{"id": id, "object": "file", "purpose": "batch", "bytes": content.Len()})
	case r.Method == http.MethodGet && tail == "content" && s.files[id] != nil && !s.mode.ResultsGone:
		_, _ = w.Write(s.files[id])
	case r.Method == http.MethodDelete && s.files[id] != nil:
		delete(s.files, id)
		answerJSON(w, map[string]any{"id": id, "object": "file", "deleted": true})
	default:
		notThere(w)
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

func (s *batchStore) keep(id string, content []byte) {
	if s.files == nil {
		s.files = map[string][]byte{}
	}
	s.files[id] = content
}

func (h *Handler) openAIBatches(w http.ResponseWriter, r *http.Request, body []byte, rest string) {
	s := &h.batches
	id, tail, _ := strings.Cut(rest, "/")
	if rest == "" {
		if r.Method == http.MethodPost {
			h.newOpenAIBatch(w, r, body)
			return
		}
		var data []any
		for i := len(s.all) - 1; i >= 0; i-- {
			data = append(data, s.all[i].openAI())
		}
		answerJSON(w, map[string]any{"object": "list", "data": data, "has_more": false})
		return
	}
	b := s.find(id)
	if b == nil {
		notThere(w)
		return
	}
	if tail == "cancel" {
		b.Cancelled = true
	}
	answerJSON(w, b.openAI())
}

func (h *Handler) newOpenAIBatch(w http.ResponseWriter, r *http.Request, body []byte) {
	s := &h.batches
	var q struct {
		InputFileID string            `json:"input_file_id"`
		Endpoint    string            `json:"endpoint"`
		Window      string            `json:"completion_window"`
		Metadata    map[string]string `json:"metadata"`
	}
	if json.Unmarshal(body, &q) != nil || q.Window != "24h" || s.files[q.InputFileID] == nil {
		http.Error(w, "no batch", http.StatusBadRequest)
		return
	}
	b := &SentBatch{ID: s.id("batch"), OwnID: q.Metadata["aidoc_batch"], Path: q.Endpoint, input: q.InputFileID}
	lines := bufio.NewScanner(bytes.NewReader(s.files[q.InputFileID]))
	lines.Buffer(nil, 16<<20)
	seen := map[string]bool{}
	for lines.Scan() {
		var l struct {
			CustomID string          `json:"custom_id"`
			Method   string          `json:"method"`
			URL      string          `json:"url"`
			Body     json.RawMessage `json:"body"`
		}
		if json.Unmarshal(lines.Bytes(), &l) != nil || l.URL != q.Endpoint || l.Method != http.MethodPost || seen[l.CustomID] {
			http.Error(w, "a line is no question of this batch", http.StatusBadRequest)
			return
		}
		seen[l.CustomID] = true
		parse := parseOpenAI
		if strings.HasSuffix(l.URL, "/responses") {
			parse = parseResponses
		}
		b.Keys, b.Calls = append(b.Keys, l.CustomID), append(b.Calls, parse(r, l.Body))
	}
	if h.begin(w, b) {
		answerJSON(w, b.openAI())
	}
}

func (b *SentBatch) openAI() map[string]any {
	status := "in_progress"
	switch {
	case b.failed != "":
		status = "failed"
	case b.Ended && b.Cancelled:
		status = "cancelled"
	case b.Ended:
		status = "completed"
	case b.Cancelled:
		status = "cancelling"
	}
	out := map[string]any{
		"id": b.ID, "object": "batch", "endpoint": b.Path, "status": status, "input_file_id": b.input, "created_at": b.At.Unix(),
		"completion_window": "24h", "metadata": map[string]any{"aidoc_batch": b.OwnID}, "output_file_id": nil, "error_file_id": nil, "errors": nil,
		"request_counts": map[string]any{"total": len(b.Keys), "completed": 0, "failed": 0},
	}
	if b.failed != "" {
		out["errors"] = map[string]any{"object": "list", "data": []any{map[string]any{"code": b.failed, "message": "of the test", "line": nil, "param": nil}}}
	}
	if b.output != "" {
		out["output_file_id"] = b.output
	}
	if b.errors != "" {
		out["error_file_id"] = b.errors
	}
	return out
}

// writeFiles puts answers into one file and refusals into another, as OpenAI does; either is left out where it would be empty.
func (s *batchStore) writeFiles(b *SentBatch) {
	var good, bad bytes.Buffer
	for _, l := range b.lines {
		line := map[string]any{"id": "batch_req_" + l.key[:8], "custom_id": l.key, "response": nil, "error": nil}
		into := &bad
		switch l.outcome {
		case "":
			line["response"] = map[string]any{"status_code": l.status, "request_id": "req_test", "body": l.body}
			if l.status == http.StatusOK {
				into = &good
			}
		case "errored":
			line["response"] = map[string]any{"status_code": 400, "request_id": "req_test", "body": map[string]any{"error": map[string]any{"message": "of the test", "type": "invalid_request_error"}}}
		default:
			line["error"] = map[string]any{"code": "batch_" + l.outcome, "message": "of the test"}
		}
		_ = json.NewEncoder(into).Encode(line) // into memory
	}
	if good.Len() > 0 {
		b.output = s.id("file")
		s.keep(b.output, good.Bytes())
	}
	if bad.Len() > 0 {
		b.errors = s.id("file")
		s.keep(b.errors, bad.Bytes())
	}
}

func (h *Handler) anthropicBatches(w http.ResponseWriter, r *http.Request, body []byte, rest string) {
	s := &h.batches
	id, tail, _ := strings.Cut(rest, "/")
	if rest == "" {
		if r.Method == http.MethodPost {
			h.newAnthropicBatch(w, r, body)
			return
		}
		var data []any
		for i := len(s.all) - 1; i >= 0; i-- {
			if !s.all[i].Deleted {
				data = append(data, s.all[i].anthropic())
			}
		}
		answerJSON(w, map[string]any{"data": data, "has_more": false})
		return
	}
	b := s.find(id)
	switch {
	case b == nil:
		notThere(w)
	case tail == "results" && b.Ended && !s.mode.ResultsGone:
		enc := json.NewEncoder(w)
		for _, l := range b.lines {
			_ = enc.Encode(map[string]any{"custom_id": l.key, "result": l.anthropic()})
		}
	case tail == "results":
		notThere(w)
	case r.Method == http.MethodDelete && b.Ended:
		b.Deleted = true
		answerJSON(w, map[string]any{"id": b.ID, "type": "message_batch_deleted"})
	default:
		b.Cancelled = b.Cancelled || tail == "cancel"
		answerJSON(w, b.anthropic())
	}
}

func (h *Handler) newAnthropicBatch(w http.ResponseWriter, r *http.Request, body []byte) {
	var q struct {
		Requests []struct {
			CustomID string          `json:"custom_id"`
			Params   json.RawMessage `json:"params"`
		} `json:"requests"`
	}
	if json.Unmarshal(body, &q) != nil || len(q.Requests) == 0 || r.Header.Get("Anthropic-Version") == "" {
		http.Error(w, "no batch", http.StatusBadRequest)
		return
	}
	b := &SentBatch{ID: h.batches.id("msgbatch")}
	for _, one := range q.Requests {
		if len(one.CustomID) == 0 || len(one.CustomID) > 64 {
			http.Error(w, "custom_id is too long", http.StatusBadRequest)
			return
		}
		b.Keys, b.Calls = append(b.Keys, one.CustomID), append(b.Calls, parseAnthropic(r, one.Params))
	}
	if h.begin(w, b) {
		answerJSON(w, b.anthropic())
	}
}

func (b *SentBatch) anthropic() map[string]any {
	status := "in_progress"
	counts := map[string]any{"processing": len(b.Keys), "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
	switch {
	case b.Ended:
		status = "ended"
		counts["processing"], counts["succeeded"] = 0, len(b.Keys)
	case b.Cancelled:
		status = "canceling"
	}
	return map[string]any{"id": b.ID, "type": "message_batch", "processing_status": status, "request_counts": counts,
		"created_at": b.At.UTC().Format(time.RFC3339Nano), "expires_at": b.At.Add(24 * time.Hour).UTC().Format(time.RFC3339Nano), "results_url": nil}
}

func (l resultLine) anthropic() map[string]any {
	failure := map[string]any{"type": "error", "error": map[string]any{"type": "invalid_request_error", "message": "of the test"}}
	switch {
	case l.outcome == "errored":
		return map[string]any{"type": "errored", "error": failure}
	case l.outcome == "cancelled":
		return map[string]any{"type": "canceled"}
	case l.outcome != "":
		return map[string]any{"type": l.outcome}
	case l.status != http.StatusOK:
		return map[string]any{"type": "errored", "error": l.body}
	}
	return map[string]any{"type": "succeeded", "message": l.body}
}
