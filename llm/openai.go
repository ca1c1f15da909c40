package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/wire"
)

const (
	defaultOpenAIModel = "gpt-4.1-mini"
	openAIBase         = "https://api.openai.com/v1"
	// maxAdaptations bounds how often one call is repeated in another form. Such an answer is immediate and costs nothing.
	maxAdaptations = 8
	// longSilence is the wait after which a closed connection is taken for the work of a proxy that cuts silent ones.
	longSilence = 20 * time.Second
)

// openAI speaks Chat Completions and, for models that have only that, Responses: OpenAI itself and every compatible server. Requests are
// the SDK's types; answers are read by internal/wire, because compatible servers differ from what the SDK takes for granted.
type openAI struct {
	http    *http.Client
	base    *url.URL
	header  http.Header
	model   string
	vendor  string
	context int
	temp    *float32
	learnt  dialect

	batchOnce sync.Once
	batchHTTP *batchHTTP
}

func newOpenAI(c Config) (*openAI, error) {
	base, vendor := openAIBase, "OpenAI"
	if c.BaseURL != "" {
		base = c.BaseURL
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("summary.base_url is no address: %w", err)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	if c.BaseURL != "" {
		vendor = "the server " + u.Host
	}
	model := c.Model
	if model == "" {
		model = defaultOpenAIModel
	}
	o := &openAI{http: newHTTPClient(), base: u, header: openAIHeader(c, u), model: model, vendor: vendor, context: contextOf(c, model), temp: c.Temperature}
	o.learnt.know(model, c.BaseURL == "")
	return o, nil
}

// openAIHeader is what every request carries. Azure takes its keys in a header of its own.
func openAIHeader(c Config, base *url.URL) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("Accept", "application/json, text/event-stream")
	if c.APIKey != "" {
		h.Set("Authorization", "Bearer "+c.APIKey)
		if base.Query().Has("api-version") || strings.HasSuffix(base.Hostname(), ".azure.com") {
			h.Set("Api-Key", c.APIKey)
		}
	}
	if c.Organization != "" {
		h.Set("OpenAI-Organization", c.Organization)
	}
	if c.Project != "" {
		h.Set("OpenAI-Project", c.Project)
	}
	for k, v := range c.Headers {
		h.Set(k, v)
	}
	return h
}

func (o *openAI) Name() string       { return "openai" }
func (o *openAI) Model() string      { return o.model }
func (o *openAI) ContextTokens() int { return o.context }

// IgnoresSchema tells the provider that an answer did not follow the schema it was sent with.
func (o *openAI) IgnoresSchema() { o.learnt.noSchema.Store(true) }

// ThinksFirst says that the model is known to spend a part of its answer on thoughts.
func (o *openAI) ThinksFirst() bool { return o.learnt.thinks.Load() }

// Complete implements Provider. What the server does not take is left out and the request repeated.
func (o *openAI) Complete(ctx context.Context, p Prompt) (Completion, error) {
	for n := 1; ; n++ {
		form := o.learnt.now()
		c, fault, err := o.complete(ctx, p, form)
		if fault == nil || n >= maxAdaptations || !o.learnt.from(*fault, form, p) {
			return c, err
		}
	}
}

// complete makes one request in the given form. fault is what the server refused it with, if it did.
func (o *openAI) complete(ctx context.Context, p Prompt, f form) (Completion, *wire.Fault, error) {
	ctx, seen := withExchange(ctx)
	body, start, err := o.send(ctx, f.path(), o.request(p, f))
	if err != nil {
		if time.Since(start) > longSilence {
			o.learnt.stream.Store(true)
		}
		return Completion{}, nil, networkError(ctx, o.base.String(), err)
	}
	structured := f.structured(p)
	reply, fault, outcome := wire.Read(seen.status, body)
	switch outcome {
	case wire.Faulted:
		if fault.Status == http.StatusGatewayTimeout || fault.Status == 524 {
			o.learnt.stream.Store(true)
		}
		return Completion{}, &fault, o.refusal(fault, seen, p).problem()
	case wire.BrokenOff:
		return Completion{}, nil, &Error{Code: CodeUnavailable, Retryable: true, Billed: true, Message: "the answer of " + o.vendor + " broke off: it will be tried again"}
	case wire.Foreign:
		return Completion{}, nil, &Error{Code: CodeBadAnswer, Message: "the answer of " + o.vendor + " is no chat completion: check summary.base_url (it ends in /v1)"}
	}
	c, err := o.finished(reply, structured)
	return c, nil, err
}

// finished reads an answer that has come whole.
func (o *openAI) finished(reply wire.Reply, structured bool) (Completion, error) {
	c := Completion{Text: reply.Text, TokensIn: reply.TokensIn, TokensCached: reply.TokensCached, TokensOut: reply.TokensOut, Structured: structured, Stop: StopDone, Thought: reply.Thoughts != ""}
	switch {
	case reply.Finish == "content_filter":
		return c, &Error{Code: CodeRefused, Message: "the content filter of " + o.vendor + " refused the document"}
	case reply.Refusal != "" && strings.TrimSpace(c.Text) == "":
		c.Text, c.Stop = reply.Refusal, StopRefused
	case reply.Finish == "length":
		c.Stop = StopLength
	}
	if c.Thought {
		o.learnt.thinks.Store(true)
	}
	return c, nil
}

// send posts a request and reads the whole answer.
func (o *openAI) send(ctx context.Context, path string, request any) (body []byte, start time.Time, err error) {
	start = time.Now()
	payload, err := json.Marshal(request)
	if err != nil {
		return nil, start, err
	}
	u := *o.base
	u.Path += path
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(payload))
	if err != nil {
		return nil, start, err
	}
	req.Header = o.header.Clone()
	resp, err := o.http.Do(req)
	if err != nil {
		return nil, start, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) { // half an answer is told from a connection that never was
		return nil, start, err
	}
	return body, start, nil
}

// request is the prompt in the form that the server takes.
func (o *openAI) request(p Prompt, f form) any {
	user := p.User
	if f.structured(p) {
		user = p.Structured.User
	}
	if f.responses {
		return o.responseRequest(p, f, user)
	}
	req := openai.ChatCompletionRequest{
		Model: o.model,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: p.System},
			userMessage(user, p.Picture),
		},
		ReasoningEffort: f.effort(p), Stream: f.stream,
	}
	if f.stream && !f.noUsage {
		req.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	}
	switch f.limit {
	case limitOld:
		req.MaxTokens = f.room(p)
	case limitNew:
		req.MaxCompletionTokens = f.room(p)
	}
	if o.temp != nil && !f.noTemp {
		req.Temperature = *o.temp
	}
	if f.structured(p) {
		req.ResponseFormat = &openai.ChatCompletionResponseFormat{
			Type:       openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: p.Structured.Name, Schema: p.Structured.Schema, Strict: true},
		}
	}
	return req
}

func (o *openAI) responseRequest(p Prompt, f form, user string) any {
	keep := false // nothing of a document stays at the provider
	req := openai.CreateResponseRequest{Model: o.model, Instructions: p.System, Input: responseInput(user, p.Picture), Store: &keep, Stream: f.stream}
	if f.limit != limitNone {
		req.MaxOutputTokens = f.room(p)
	}
	if e := f.effort(p); e != "" {
		req.Reasoning = &openai.ResponseReasoning{Effort: e}
	}
	if o.temp != nil && !f.noTemp {
		req.Temperature = o.temp
	}
	if f.structured(p) {
		req.Text = &openai.ResponseTextConfig{Format: &openai.ResponseTextFormat{Type: "json_schema", Name: p.Structured.Name, Schema: p.Structured.Schema, Strict: true}}
	}
	return req
}

func (o *openAI) refusal(f wire.Fault, seen *exchange, p Prompt) refusal {
	return refusal{Fault: f, vendor: o.vendor, model: o.model, keyHint: "OPENAI_API_KEY", picture: p.Picture != nil, seen: seen}
}

// reasoningModels think before they write.
func reasoningModel(model string) bool {
	return prose.HasAnyPrefix(model, "o1", "o3", "o4", "gpt-5", "gpt-6")
}
