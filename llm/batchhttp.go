package llm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/backoff"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/wire"
)

// batchHTTP makes the calls about batches. Unlike those of direct questions their answers may be long: they are read line by line.
type batchHTTP struct {
	http    *http.Client
	base    string // without a slash at its end
	header  http.Header
	vendor  string
	model   string
	keyHint string
}

// maxResults bounds the answers of one batch together; each is bounded like a direct one.
const maxResults = 2 << 30

func newBatchHTTP(base string, header http.Header, vendor, model, keyHint string) *batchHTTP {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = batchCallTime
	return &batchHTTP{base: base, header: header, vendor: vendor, model: model, keyHint: keyHint, http: &http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // as newHTTPClient
	}}
}

// do makes one request and leaves a good answer's body to the caller.
func (h *batchHTTP) do(ctx context.Context, method, path, contentType string, body []byte) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, method, h.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = h.header.Clone()
	req.Header.Set("Content-Type", contentType)
	resp, err := h.http.Do(req)
	if err != nil {
		return nil, networkError(ctx, h.base, err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20)) // the status tells enough
	_, fault, outcome := wire.Read(resp.StatusCode, text)
	if outcome != wire.Faulted {
		fault = wire.Fault{Status: resp.StatusCode}
	}
	return nil, h.refusal(fault, backoff.RetryAfter(resp.Header, time.Now(), maxAsked)).problem()
}

func (h *batchHTTP) refusal(f wire.Fault, pause time.Duration) refusal {
	return refusal{Fault: f, vendor: h.vendor, model: h.model, keyHint: h.keyHint, seen: &exchange{status: f.Status, retryAfter: pause}}
}

// call sends in (nil: nothing) and reads the answer into out (nil: whatever it is).
func (h *batchHTTP) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	return h.send(ctx, method, path, "application/json", body, out)
}

func (h *batchHTTP) send(ctx context.Context, method, path, contentType string, body []byte, out any) error {
	answer, err := h.do(ctx, method, path, contentType, body)
	if err != nil {
		return err
	}
	defer answer.Close()
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(io.LimitReader(answer, maxAnswerBytes)).Decode(out); err != nil {
		return &Error{Code: CodeUnavailable, Retryable: true, Message: "the answer of " + h.vendor + " about a batch cannot be read: it will be tried again", Err: err}
	}
	return nil
}

// lines reads an answer line by line. One that broke off is an error: a batch that has ended has all its lines.
func (h *batchHTTP) lines(ctx context.Context, path string, each func(line []byte) error) error {
	answer, err := h.do(ctx, http.MethodGet, path, "application/json", nil)
	if err != nil {
		return err
	}
	defer answer.Close()
	s := bufio.NewScanner(io.LimitReader(answer, maxResults))
	s.Buffer(make([]byte, 64<<10), maxAnswerBytes)
	for s.Scan() {
		if line := bytes.TrimSpace(s.Bytes()); len(line) > 0 {
			if err := each(line); err != nil {
				return err
			}
		}
	}
	if err := s.Err(); err != nil {
		return &Error{Code: CodeUnavailable, Retryable: true, Message: "the answers of a batch of " + h.vendor + " broke off: they will be read again", Err: err}
	}
	return nil
}

// unreadable is a line of answers that is not what the provider documents.
func unreadable(vendor string, err error) error {
	return &Error{Code: CodeUnavailable, Retryable: true, Message: fmt.Sprintf("a line of the answers of %s to a batch cannot be read: they will be read again", vendor), Err: err}
}

// isGone says that the provider does not have what was asked for.
func isGone(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == CodeNotFound
}

// unanswered is why a batch has no answer to a question.
func unanswered(vendor, why string) *Error {
	return &Error{Code: CodeUnavailable, Retryable: true, Message: vendor + " did not answer a question of a batch (" + short(why) + "): it is asked directly"}
}
