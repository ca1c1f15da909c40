package llm

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/anthropics/anthropic-sdk-go"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/wire"
)

// Anthropic's Message Batches API: questions and batch are one request, answers come as lines. A batch has no room for an id of ours.
// Facts from the types of its SDK (messagebatch.go) and the reference of Message Batches.

const anthropicVersion = "2023-06-01"

var _ batchProvider = (*anthropicAPI)(nil)

func anthropicHeader(c Config) http.Header {
	h := http.Header{}
	h.Set("X-Api-Key", c.APIKey)
	h.Set("Anthropic-Version", anthropicVersion)
	for k, v := range c.Headers {
		h.Set(k, v)
	}
	return h
}

func (a *anthropicAPI) batches() *batchHTTP {
	a.batchOnce.Do(func() {
		a.batchHTTP = newBatchHTTP(strings.TrimSuffix(a.base, "/")+"/v1/messages", a.header, "Anthropic", a.model, "ANTHROPIC_API_KEY")
	})
	return a.batchHTTP
}

func (a *anthropicAPI) batchRequest(p Prompt) (string, json.RawMessage, error) {
	req, err := a.request(p, a.learnt.now())
	if err != nil {
		return "", nil, err
	}
	body, err := json.Marshal(req)
	return "/v1/messages", body, err
}

type anthropicBatch struct {
	ID        string    `json:"id"`
	Status    string    `json:"processing_status"`
	CreatedAt time.Time `json:"created_at"`
	Counts    struct {
		Processing int `json:"processing"`
		Succeeded  int `json:"succeeded"`
		Errored    int `json:"errored"`
		Canceled   int `json:"canceled"`
		Expired    int `json:"expired"`
	} `json:"request_counts"`
}

func (b anthropicBatch) total() int {
	c := b.Counts
	return c.Processing + c.Succeeded + c.Errored + c.Canceled + c.Expired
}

func (a *anthropicAPI) submitBatch(ctx context.Context, _, _ string, lines []BatchLine) (string, error) {
	type request struct {
		CustomID string          `json:"custom_id"`
		Params   json.RawMessage `json:"params"`
	}
	all := make([]request, 0, len(lines))
	for _, l := range lines {
		all = append(all, request{l.Key, l.Body})
	}
	var out anthropicBatch
	err := a.batches().call(ctx, http.MethodPost, "/batches", map[string]any{"requests": all}, &out)
	if err == nil && out.ID == "" {
		err = &Error{Code: CodeUnavailable, Retryable: true, Message: "Anthropic took a batch and did not name it: it is looked for"}
	}
	return out.ID, err
}

// findBatches are those of the same size that were made since.
func (a *anthropicAPI) findBatches(ctx context.Context, lost LostBatch) ([]string, error) {
	var found []string
	after := ""
	for range batchPages {
		q := url.Values{"limit": {strconv.Itoa(batchPageSize)}}
		if after != "" {
			q.Set("after_id", after)
		}
		var page struct {
			Data    []anthropicBatch `json:"data"`
			HasMore bool             `json:"has_more"`
		}
		if err := a.batches().call(ctx, http.MethodGet, "/batches?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		for _, b := range page.Data {
			if b.CreatedAt.Before(lost.Since.Add(-clockSkew)) {
				return found, nil // newest first
			}
			if b.total() == lost.Questions {
				found = append(found, b.ID)
			}
			after = b.ID
		}
		if !page.HasMore || len(page.Data) == 0 {
			break
		}
	}
	return found, nil
}

func (a *anthropicAPI) batchState(ctx context.Context, remote string) (BatchState, error) {
	var b anthropicBatch
	err := a.batches().call(ctx, http.MethodGet, "/batches/"+url.PathEscape(remote), nil, &b)
	if isGone(err) {
		return BatchState{Remote: remote, Ended: true, Failed: "not_found"}, nil
	}
	return BatchState{Remote: remote, Ended: b.Status == "ended"}, err
}

type anthropicBatchAnswer struct {
	CustomID string `json:"custom_id"`
	Result   struct {
		Type    string          `json:"type"` // succeeded, errored, canceled, expired
		Message json.RawMessage `json:"message"`
		Error   json.RawMessage `json:"error"`
	} `json:"result"`
}

func (a *anthropicAPI) batchAnswers(ctx context.Context, s BatchState, each func(batchLineAnswer) error) error {
	// Not results_url: the key goes to the configured host only.
	err := a.batches().lines(ctx, "/batches/"+url.PathEscape(s.Remote)+"/results", func(line []byte) error {
		var l anthropicBatchAnswer
		if err := json.Unmarshal(line, &l); err != nil {
			return unreadable("Anthropic", err)
		}
		c, err := a.batchAnswer(l)
		return each(batchLineAnswer{key: l.CustomID, c: c, err: err})
	})
	if isGone(err) {
		return nil
	}
	return err
}

func (a *anthropicAPI) batchAnswer(l anthropicBatchAnswer) (Completion, error) {
	switch l.Result.Type {
	case "succeeded":
		var m anthropic.Message
		if err := json.Unmarshal(l.Result.Message, &m); err != nil || m.Type == "" && len(m.Content) == 0 {
			return Completion{}, unanswered("Anthropic", "unreadable")
		}
		return a.finished(&m, false)
	case "errored":
		if _, fault, outcome := wire.Read(http.StatusBadRequest, l.Result.Error); outcome == wire.Faulted {
			return Completion{}, a.batches().refusal(fault, 0).problem()
		}
	}
	return Completion{}, unanswered("Anthropic", l.Result.Type)
}

func (a *anthropicAPI) cancelBatch(ctx context.Context, remote string) error {
	return a.batches().call(ctx, http.MethodPost, "/batches/"+url.PathEscape(remote)+"/cancel", nil, nil)
}

func (a *anthropicAPI) discardBatch(ctx context.Context, s BatchState) error {
	if err := a.batches().call(ctx, http.MethodDelete, "/batches/"+url.PathEscape(s.Remote), nil, nil); err != nil && !isGone(err) {
		return err
	}
	return nil
}
