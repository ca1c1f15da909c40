package llm

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
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
	s := anthropic.NewMessageService(
		option.WithBaseURL(base), option.WithAPIKey(c.APIKey), option.WithMaxRetries(0), option.WithHTTPClient(newHTTPClient()),
	)
	return &anthropicAPI{messages: s, model: model, base: base, context: contextOf(c, model), temp: c.Temperature}
}

func (a *anthropicAPI) Name() string       { return "anthropic" }
func (a *anthropicAPI) Model() string      { return a.model }
func (a *anthropicAPI) ContextTokens() int { return a.context }

// Complete implements Provider.
func (a *anthropicAPI) Complete(ctx context.Context, p Prompt) (Completion, error) {
	req := anthropic.MessageNewParams{
		Model:     a.model,
		MaxTokens: int64(p.MaxTokens),
		System:    []anthropic.TextBlockParam{{Text: p.System}},
		Messages:  []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(p.User))},
	}
	if a.temp != nil {
		req.Temperature = anthropic.Float(float64(*a.temp))
	}
	ctx, seen := withExchange(ctx)
	m, err := a.messages.New(ctx, req)
	if err != nil {
		return Completion{}, a.problem(ctx, seen, err)
	}
	c := Completion{
		TokensIn:  int(m.Usage.InputTokens + m.Usage.CacheCreationInputTokens + m.Usage.CacheReadInputTokens),
		TokensOut: int(m.Usage.OutputTokens),
	}
	var text strings.Builder
	for _, b := range m.Content {
		if b.Type == "text" {
			text.WriteString(b.Text)
		}
	}
	c.Text = text.String()
	switch empty := strings.TrimSpace(c.Text) == ""; {
	case m.StopReason == anthropic.StopReasonRefusal:
		return c, &Error{Code: CodeRefused, Message: a.model + " refused to summarise the document"}
	case m.StopReason == anthropic.StopReasonModelContextWindowExceeded && empty:
		return c, &Error{Code: CodeTooLong, Message: "the text is longer than " + a.model + " takes in: set summary.context_tokens to what it allows"}
	case m.StopReason == anthropic.StopReasonMaxTokens && empty:
		return c, &Error{Code: CodeBadAnswer, Message: a.model + " used up its answer before writing: set summary.model to one that thinks less before it writes"}
	case empty && m.Type == "":
		return c, &Error{Code: CodeBadAnswer, Message: "the answer is no message of Anthropic's API: check summary.base_url"}
	case empty:
		return c, &Error{Code: CodeBadAnswer, Message: a.model + " gave an empty answer"}
	}
	return c, nil
}

func (a *anthropicAPI) problem(ctx context.Context, seen *exchange, err error) *Error {
	r := refusal{vendor: "Anthropic", model: a.model, keyHint: "ANTHROPIC_API_KEY", seen: seen}
	var api *anthropic.Error
	if errors.As(err, &api) {
		r.status, r.kind = api.StatusCode, string(api.Type())
		var body struct {
			Error struct {
				Message string `json:"message"`
			} `json:"error"`
		}
		if json.Unmarshal([]byte(api.RawJSON()), &body) == nil {
			r.message = body.Error.Message
		}
		return r.problem()
	}
	if seen.status == 200 {
		return &Error{Code: CodeBadAnswer, Message: "the answer is no message of Anthropic's API: check summary.base_url"}
	}
	return networkError(ctx, a.base, err)
}
