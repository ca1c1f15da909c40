package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"

	openai "github.com/sashabaranov/go-openai"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

const defaultOpenAIModel = "gpt-4.1-mini"

// openAI speaks Chat Completions: OpenAI itself and every compatible server.
type openAI struct {
	client  *openai.Client
	model   string
	base    string
	vendor  string
	context int
	temp    *float32
	// newLimit: the server wants max_completion_tokens, not max_tokens. noTemp: it takes no
	// temperature. Both are learnt from its 400 and kept.
	newLimit atomic.Bool
	noTemp   atomic.Bool
}

func newOpenAI(c Config) *openAI {
	cfg := openai.DefaultConfig(c.APIKey)
	vendor := "OpenAI"
	if c.BaseURL != "" {
		cfg.BaseURL = strings.TrimRight(c.BaseURL, "/")
		vendor = "the server"
		if u, err := url.Parse(c.BaseURL); err == nil {
			vendor = "the server " + u.Host
		}
	}
	cfg.HTTPClient = newHTTPClient()
	model := c.Model
	if model == "" {
		model = defaultOpenAIModel
	}
	o := &openAI{client: openai.NewClientWithConfig(cfg), model: model, base: cfg.BaseURL, vendor: vendor, context: contextOf(c, model), temp: c.Temperature}
	// The SDK refuses max_tokens for these by itself, whatever the server.
	if prose.HasAnyPrefix(model, "o1", "o3", "o4", "gpt-5", "gpt-6") {
		o.newLimit.Store(true)
		o.noTemp.Store(true)
	}
	return o
}

func (o *openAI) Name() string       { return "openai" }
func (o *openAI) Model() string      { return o.model }
func (o *openAI) ContextTokens() int { return o.context }

// Complete implements Provider. A parameter that the server does not know is left out and the
// request repeated: such an answer is immediate and costs nothing.
func (o *openAI) Complete(ctx context.Context, p Prompt) (Completion, error) {
	for {
		oldLimit, oldTemp := o.newLimit.Load(), o.noTemp.Load()
		c, param, err := o.complete(ctx, p, oldLimit, oldTemp)
		switch {
		case err == nil:
			return c, nil
		case param == "max_tokens" && !oldLimit:
			o.newLimit.Store(true)
		case param == "temperature" && !oldTemp:
			o.noTemp.Store(true)
		default:
			return c, err
		}
	}
}

// complete makes one request; param names the parameter that a 400 complained about.
func (o *openAI) complete(ctx context.Context, p Prompt, newLimit, noTemp bool) (c Completion, param string, err error) {
	req := openai.ChatCompletionRequest{
		Model: o.model,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: p.System},
			{Role: openai.ChatMessageRoleUser, Content: p.User},
		},
	}
	if newLimit {
		req.MaxCompletionTokens = p.MaxTokens
	} else {
		req.MaxTokens = p.MaxTokens
	}
	if o.temp != nil && !noTemp {
		req.Temperature = *o.temp
	}
	ctx, seen := withExchange(ctx)
	resp, err := o.client.CreateChatCompletion(ctx, req)
	if err != nil {
		return Completion{}, badParam(err), o.problem(ctx, seen, err)
	}
	c = Completion{TokensIn: resp.Usage.PromptTokens, TokensOut: resp.Usage.CompletionTokens}
	if len(resp.Choices) == 0 {
		return c, "", &Error{Code: CodeBadAnswer, Message: o.vendor + " answered without a choice: check summary.base_url and summary.model"}
	}
	ch := resp.Choices[0]
	c.Text = ch.Message.Content
	switch {
	case ch.Message.Refusal != "" || ch.FinishReason == openai.FinishReasonContentFilter:
		return c, "", &Error{Code: CodeRefused, Message: o.model + " refused to summarise the document"}
	case strings.TrimSpace(c.Text) == "" && ch.FinishReason == openai.FinishReasonLength:
		return c, "", &Error{Code: CodeBadAnswer, Message: o.model + " used up its answer before writing: set summary.model to one that thinks less before it writes"}
	case strings.TrimSpace(c.Text) == "":
		return c, "", &Error{Code: CodeBadAnswer, Message: o.model + " gave an empty answer"}
	}
	return c, "", nil
}

func badParam(err error) string {
	var api *openai.APIError
	if errors.As(err, &api) && api.HTTPStatusCode == 400 && api.Param != nil {
		return *api.Param
	}
	return ""
}

func (o *openAI) problem(ctx context.Context, seen *exchange, err error) *Error {
	r := refusal{vendor: o.vendor, model: o.model, keyHint: "OPENAI_API_KEY", seen: seen}
	var api *openai.APIError
	var req *openai.RequestError
	var syntax *json.SyntaxError
	var field *json.UnmarshalTypeError
	switch {
	case errors.As(err, &api) && api.HTTPStatusCode != 0:
		r.status, r.kind, r.message = api.HTTPStatusCode, api.Type, api.Message
		if s := fmt.Sprint(api.Code); api.Code != nil {
			r.code = s
		}
		return r.problem()
	case errors.As(err, &req) && req.HTTPStatusCode != 0:
		r.status = req.HTTPStatusCode
		r.message = plainErrorBody(req.Body)
		return r.problem()
	case seen.status >= 300 && seen.status < 400: // the SDK takes a redirect for an answer
		r.status = seen.status
		return r.problem()
	case seen.status == 200 && (errors.As(err, &syntax) || errors.As(err, &field) || seen.html):
		return &Error{Code: CodeBadAnswer, Message: "the answer of " + o.vendor + " is no chat completion: check summary.base_url (it ends in /v1)"}
	}
	return networkError(ctx, o.base, err)
}

// plainErrorBody reads {"error":"…"} and {"message":"…"}, as Ollama and vLLM have them.
func plainErrorBody(b []byte) string {
	var m struct {
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"`
	}
	if json.Unmarshal(b, &m) != nil {
		return ""
	}
	return m.Message + string(m.Error)
}
