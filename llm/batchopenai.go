package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/wire"
)

// OpenAI's Batch API: questions are uploaded as a file of lines, a batch names the file, and answers and refusals come as two more
// files. Facts from its published OpenAPI description and the reference of Batch and Files.

const (
	ownBatchID    = "aidoc_batch" // of a batch's metadata: our id
	batchPages    = 10            // of the list of batches that are looked through for a lost one
	batchPageSize = 100
)

var _ batchProvider = (*openAI)(nil)

func (o *openAI) batches() *batchHTTP {
	o.batchOnce.Do(func() { o.batchHTTP = newBatchHTTP(o.base.String(), o.header, o.vendor, o.model, "OPENAI_API_KEY") })
	return o.batchHTTP
}

// batchRequest is what Complete would send, never as a stream.
func (o *openAI) batchRequest(p Prompt) (string, json.RawMessage, error) {
	f := o.learnt.now()
	f.stream = false
	body, err := json.Marshal(o.request(p, f))
	return "/v1" + f.path(), body, err
}

type openAIBatchLine struct {
	CustomID string          `json:"custom_id"`
	Method   string          `json:"method"`
	URL      string          `json:"url"`
	Body     json.RawMessage `json:"body"`
}

type openAIBatch struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	InputFileID  string `json:"input_file_id"`
	OutputFileID string `json:"output_file_id"`
	ErrorFileID  string `json:"error_file_id"`
	CreatedAt    int64  `json:"created_at"`
	Errors       struct {
		Data []struct {
			Code string `json:"code"`
		} `json:"data"`
	} `json:"errors"`
	Metadata map[string]string `json:"metadata"`
}

func (o *openAI) submitBatch(ctx context.Context, id, path string, lines []BatchLine) (string, error) {
	file, err := o.uploadBatch(ctx, id, path, lines)
	if err != nil {
		return "", err
	}
	var out openAIBatch
	err = o.batches().call(ctx, http.MethodPost, "/batches", map[string]any{
		"input_file_id": file, "endpoint": path, "completion_window": "24h", "metadata": map[string]string{ownBatchID: id},
		"output_expires_after": map[string]any{"anchor": "created_at", "seconds": int(batchKeep.Seconds())},
	}, &out)
	if err == nil && out.ID == "" {
		err = &Error{Code: CodeUnavailable, Retryable: true, Message: o.vendor + " took a batch and did not name it: it is looked for"}
	}
	return out.ID, err
}

// uploadBatch sends the questions as a file, which goes by itself should nobody remove it.
func (o *openAI) uploadBatch(ctx context.Context, id, path string, lines []BatchLine) (string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"purpose": "batch", "expires_after[anchor]": "created_at", "expires_after[seconds]": strconv.Itoa(int(batchKeep.Seconds()))} {
		if err := form.WriteField(name, value); err != nil {
			return "", err
		}
	}
	part, err := form.CreateFormFile("file", "aidoc-"+id+".jsonl")
	if err != nil {
		return "", err
	}
	enc := json.NewEncoder(part)
	for _, l := range lines {
		if err := enc.Encode(openAIBatchLine{CustomID: l.Key, Method: http.MethodPost, URL: path, Body: l.Body}); err != nil {
			return "", err
		}
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	var out struct {
		ID string `json:"id"`
	}
	err = o.batches().send(ctx, http.MethodPost, "/files", form.FormDataContentType(), body.Bytes(), &out)
	if err == nil && out.ID == "" {
		err = &Error{Code: CodeUnavailable, Retryable: true, Message: o.vendor + " took a file of questions and did not name it: it will be tried again"}
	}
	return out.ID, err
}

// findBatches looks through the newest batches for one with our id.
func (o *openAI) findBatches(ctx context.Context, lost LostBatch) ([]string, error) {
	after := ""
	for range batchPages {
		q := url.Values{"limit": {strconv.Itoa(batchPageSize)}}
		if after != "" {
			q.Set("after", after)
		}
		var page struct {
			Data    []openAIBatch `json:"data"`
			HasMore bool          `json:"has_more"`
		}
		if err := o.batches().call(ctx, http.MethodGet, "/batches?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		for _, b := range page.Data {
			if b.Metadata[ownBatchID] == lost.ID {
				return []string{b.ID}, nil
			}
			if time.Unix(b.CreatedAt, 0).Before(lost.Since.Add(-clockSkew)) {
				return nil, nil // newest first
			}
			after = b.ID
		}
		if !page.HasMore || len(page.Data) == 0 {
			break
		}
	}
	return nil, nil
}

func (o *openAI) batchState(ctx context.Context, remote string) (BatchState, error) {
	var b openAIBatch
	err := o.batches().call(ctx, http.MethodGet, "/batches/"+url.PathEscape(remote), nil, &b)
	if isGone(err) {
		return BatchState{Remote: remote, Ended: true, Failed: "not_found"}, nil
	}
	if err != nil {
		return BatchState{}, err
	}
	s := BatchState{Remote: remote, files: []string{b.OutputFileID, b.ErrorFileID, b.InputFileID}} // in this order: see batchAnswers
	switch b.Status {
	case "completed", "expired", "cancelled":
		s.Ended = true
	case "failed":
		s.Ended, s.Failed = true, "failed"
		for _, e := range b.Errors.Data {
			s.Failed = short(e.Code)
			s.Passes = s.Passes || strings.Contains(e.Code, "limit_exceeded") // too much is queued for this model: another time
		}
	}
	return s, nil
}

type openAIBatchAnswer struct {
	CustomID string `json:"custom_id"`
	Response *struct {
		Status int             `json:"status_code"`
		Body   json.RawMessage `json:"body"`
	} `json:"response"`
	Error *struct {
		Code string `json:"code"`
	} `json:"error"`
}

// batchAnswers reads the files of answers and of refusals; a batch may have either, both, or none.
func (o *openAI) batchAnswers(ctx context.Context, s BatchState, each func(batchLineAnswer) error) error {
	for _, file := range s.files[:min(2, len(s.files))] {
		if file == "" {
			continue
		}
		err := o.batches().lines(ctx, "/files/"+url.PathEscape(file)+"/content", func(line []byte) error {
			var a openAIBatchAnswer
			if err := json.Unmarshal(line, &a); err != nil {
				return unreadable(o.vendor, err)
			}
			c, err := o.batchAnswer(a)
			return each(batchLineAnswer{key: a.CustomID, c: c, err: err})
		})
		if err != nil && !isGone(err) { // a file that was removed has nothing to tell
			return err
		}
	}
	return nil
}

func (o *openAI) batchAnswer(a openAIBatchAnswer) (Completion, error) {
	switch {
	case a.Error != nil:
		return Completion{}, unanswered(o.vendor, a.Error.Code)
	case a.Response == nil:
		return Completion{}, unanswered(o.vendor, "no response")
	}
	reply, fault, outcome := wire.Read(a.Response.Status, a.Response.Body)
	switch outcome {
	case wire.Answered:
		return o.finished(reply, false)
	case wire.Faulted:
		return Completion{}, o.refusal(fault, &exchange{status: fault.Status}, Prompt{}).problem()
	}
	return Completion{}, unanswered(o.vendor, "unreadable")
}

func (o *openAI) cancelBatch(ctx context.Context, remote string) error {
	return o.batches().call(ctx, http.MethodPost, "/batches/"+url.PathEscape(remote)+"/cancel", nil, nil)
}

// discardBatch removes the files: questions hold the document's text, answers what was made of it.
func (o *openAI) discardBatch(ctx context.Context, s BatchState) error {
	for _, file := range s.files {
		if file == "" {
			continue
		}
		if err := o.batches().call(ctx, http.MethodDelete, "/files/"+url.PathEscape(file), nil, nil); err != nil && !isGone(err) {
			return err
		}
	}
	return nil
}
