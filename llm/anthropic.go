package llm

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/wire"
)

const (
	defaultAnthropicModel = "claude-haiku-4-5"
	anthropicBase         = "https://api.anthropic.com/"
)

// anthropicAPI speaks Anthropic's Messages API.
type anthropicAPI struct {
	messages anthropic.MessageService
	model    string
	base     string
	context  int
	temp     *float32
	learnt   dialect

	header    http.Header
	batchOnce sync.Once
	batchHTTP *batchHTTP
}

func newAnthropic(c Config) *anthropicAPI {
	base := anthropicBase
	if c.BaseURL != "" {
		base = strings.TrimSuffix(strings.TrimRight(c.BaseURL, "/"), "/v1") + "/"
	}
	model := c.Model
	if model == "" {
		model = defaultAnthropicModel
	}
	// The service and not the client: the client would read keys and addresses from the environment.
	opts := []option.RequestOption{option.WithBaseURL(base), option.WithAPIKey(c.APIKey), option.WithMaxRetries(0), option.WithHTTPClient(newHTTPClient())}
	for k, v := range c.Headers {
		opts = append(opts, option.WithHeader(k, v))
	}
	s := anthropic.NewMessageService(opts...)
	return &anthropicAPI{messages: s, model: model, base: base, context: contextOf(c, model), temp: c.Temperature, header: anthropicHeader(c)}
}

func (a *anthropicAPI) Name() string       { return "anthropic" }
func (a *anthropicAPI) Model() string      { return a.model }
func (a *anthropicAPI) ContextTokens() int { return a.context }

// IgnoresSchema tells the provider that an answer did not follow the schema it was sent with.
func (a *anthropicAPI) IgnoresSchema() { a.learnt.noSchema.Store(true) }

// ThinksFirst is false: extended thinking is never asked for.
func (a *anthropicAPI) ThinksFirst() bool { return false }

// Complete implements Provider. What the server does not take is left out and the request repeated.
func (a *anthropicAPI) Complete(ctx context.Context, p Prompt) (Completion, error) {
	for n := 1; ; n++ {
		form := a.learnt.now()
		c, fault, err := a.complete(ctx, p, form)
		if fault == nil || n >= maxAdaptations || !a.learnt.from(*fault, form, p) {
			return c, err
		}
	}
}

func (a *anthropicAPI) request(p Prompt, f form) (anthropic.MessageNewParams, error) {
	user := p.User
	if f.structured(p) {
		user = p.Structured.User
	}
	req := anthropic.MessageNewParams{
		Model:     a.model,
		MaxTokens: int64(f.room(p)),
		System:    []anthropic.TextBlockParam{{Text: p.System}},
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(user))},
	}
	if p.Picture != nil {
		shown := anthropic.NewImageBlockBase64("image/jpeg", base64.StdEncoding.EncodeToString(p.Picture))
		req.Messages[0] = anthropic.NewUserMessage(shown, anthropic.NewTextBlock(user))
	}
	if a.temp != nil && !f.noTemp {
		req.Temperature = anthropic.Float(float64(*a.temp))
	}
	if f.structured(p) {
		if err := json.Unmarshal(p.Structured.Schema, &req.OutputConfig.Format.Schema); err != nil {
			return req, err
		}
	}
	return req, nil
}

func (a *anthropicAPI) complete(ctx context.Context, p Prompt, f form) (Completion, *wire.Fault, error) {
	req, err := a.request(p, f)
	if err != nil {
		return Completion{}, nil, err
	}
	ctx, seen := withExchange(ctx)
	m, err := a.messages.New(ctx, req)
	if err != nil {
		fault, e := a.problem(ctx, seen, p, err)
		return Completion{}, fault, e
	}
	if m.Type == "" && len(m.Content) == 0 {
		return Completion{}, nil, foreignToAnthropic()
	}
	c, err := a.finished(m, f.structured(p))
	return c, nil, err
}

// finished reads a message that has come whole.
func (a *anthropicAPI) finished(m *anthropic.Message, structured bool) (Completion, error) {
	c := Completion{
		TokensIn:  int(m.Usage.InputTokens + m.Usage.CacheCreationInputTokens + m.Usage.CacheReadInputTokens),
		TokensOut: int(m.Usage.OutputTokens),

		TokensCached: int(m.Usage.CacheReadInputTokens),
		Structured:   structured,
	}
	var text strings.Builder
	for _, b := range m.Content {
		switch b.Type {
		case "text":
			text.WriteString(b.Text)
		case "thinking", "redacted_thinking":
			c.Thought = true
		}
	}
	c.Text = text.String()
	switch m.StopReason {
	case anthropic.StopReasonRefusal:
		return c, &Error{Code: CodeRefused, Message: a.model + " refused to summarise the document"}
	case anthropic.StopReasonModelContextWindowExceeded:
		if strings.TrimSpace(c.Text) == "" {
			return c, &Error{Code: CodeTooLong, Message: "the text is longer than " + a.model + " takes in: set summary.context_tokens to what it allows"}
		}
		c.Stop = StopLength
	case anthropic.StopReasonMaxTokens:
		c.Stop = StopLength
	}
	return c, nil
}

func foreignToAnthropic() *Error {
	return &Error{Code: CodeBadAnswer, Message: "the answer is no message of Anthropic's API: check summary.base_url"}
}

// problem turns what the SDK says into our error, and into what the server itself said, if it did.
func (a *anthropicAPI) problem(ctx context.Context, seen *exchange, p Prompt, err error) (*wire.Fault, *Error) {
	r := refusal{vendor: "Anthropic", model: a.model, keyHint: "ANTHROPIC_API_KEY", picture: p.Picture != nil, seen: seen}
	var api *anthropic.Error
	if errors.As(err, &api) {
		_, fault, outcome := wire.Read(api.StatusCode, []byte(api.RawJSON()))
		if outcome == wire.Faulted {
			r.Fault = fault
		}
		r.Status = api.StatusCode
		return &r.Fault, r.problem()
	}
	if seen.noEnd {
		return nil, networkError(ctx, a.base, errNoEnd)
	}
	if seen.status == 200 && ctx.Err() == nil {
		return nil, foreignToAnthropic()
	}
	return nil, networkError(ctx, a.base, err)
}
