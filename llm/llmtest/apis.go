package llmtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

func parseOpenAI(r *http.Request, body []byte) Call {
	var q struct {
		Model    string `json:"model"`
		Messages []struct {
			Role    string  `json:"role"`
			Content content `json:"content"`
		} `json:"messages"`
		MaxTokens      int             `json:"max_tokens"`
		NewLimit       int             `json:"max_completion_tokens"`
		Stream         bool            `json:"stream"`
		ResponseFormat json.RawMessage `json:"response_format"`
	}
	_ = json.Unmarshal(body, &q) // a bad request shows as an empty call
	c := Call{API: "openai", Model: q.Model, MaxTokens: max(q.MaxTokens, q.NewLimit), NewLimit: q.NewLimit > 0, Stream: q.Stream,
		Structured: q.ResponseFormat != nil, Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Body: body}
	for _, m := range q.Messages {
		if m.Role == "system" {
			c.System = m.Content.text
		} else {
			c.User += m.Content.text
			c.Pictures = append(c.Pictures, m.Content.pictures...)
		}
	}
	return c
}

func writeOpenAI(w http.ResponseWriter, c Call, rep Reply) {
	if rep.Status != http.StatusOK {
		e := map[string]any{"message": rep.ErrorText, "type": rep.ErrorType}
		if rep.ErrorCode != "" {
			e["code"] = rep.ErrorCode
		}
		if rep.ErrorParam != "" {
			e["param"] = rep.ErrorParam
		}
		send(w, rep, map[string]any{"error": e})
		return
	}
	finish := rep.Finish
	if finish == "" {
		finish = "stop"
	}
	in, out := c.tokens(), tokens(rep.Text)
	usage := map[string]any{"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out}
	message := map[string]any{"role": "assistant", "content": rep.Text}
	if rep.Thoughts != "" {
		message["reasoning_content"] = rep.Thoughts
	}
	if rep.Refusal != "" {
		message["refusal"], message["content"] = rep.Refusal, nil
	}
	if c.Stream {
		chunk := func(delta map[string]any, finish any) map[string]any {
			return map[string]any{"object": "chat.completion.chunk", "choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish}}}
		}
		half := len(rep.Text) / 2
		for half > 0 && !utf8.RuneStart(rep.Text[half]) {
			half--
		}
		sendEvents(w, rep, []any{chunk(map[string]any{"content": rep.Text[:half]}, nil), chunk(map[string]any{"content": rep.Text[half:]}, finish), map[string]any{"choices": []any{}, "usage": usage}})
		return
	}
	send(w, rep, map[string]any{
		"id": "chatcmpl-test", "object": "chat.completion", "model": c.Model,
		"choices": []any{map[string]any{"index": 0, "finish_reason": finish, "message": message}}, "usage": usage,
	})
}

// sendEvents sends a stream of server-sent events; a truncated one ends before its last words.
func sendEvents(w http.ResponseWriter, rep Reply, events []any) {
	w.Header().Set("Content-Type", "text/event-stream")
	for i, e := range events {
		if rep.Truncate && i > 0 {
			return
		}
		b, err := json.Marshal(e)
		if err != nil {
			return
		}
		_, _ = fmt.Fprintf(w, "data: %s\n\n", b)
		_ = http.NewResponseController(w).Flush()
	}
	_, _ = io.WriteString(w, "data: [DONE]\n\n")
}

func parseResponses(r *http.Request, body []byte) Call {
	var q struct {
		Model        string `json:"model"`
		Instructions string `json:"instructions"`
		Input        input  `json:"input"`
		MaxTokens    int    `json:"max_output_tokens"`
		Stream       bool   `json:"stream"`
		Text         struct {
			Format struct {
				Type string `json:"type"`
			} `json:"format"`
		} `json:"text"`
	}
	_ = json.Unmarshal(body, &q)
	return Call{API: "responses", Model: q.Model, System: q.Instructions, User: q.Input.text, Pictures: q.Input.pictures, MaxTokens: q.MaxTokens, Stream: q.Stream,
		Structured: q.Text.Format.Type == "json_schema", Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Body: body}
}

func writeResponses(w http.ResponseWriter, c Call, rep Reply) {
	if rep.Status != http.StatusOK {
		writeOpenAI(w, c, rep)
		return
	}
	status, details := "completed", any(nil)
	if rep.Finish == "length" {
		status, details = "incomplete", map[string]any{"reason": "max_output_tokens"}
	}
	part := map[string]any{"type": "output_text", "text": rep.Text, "annotations": []any{}}
	if rep.Refusal != "" {
		part = map[string]any{"type": "refusal", "refusal": rep.Refusal}
	}
	whole := map[string]any{
		"id": "resp_test", "object": "response", "status": status, "error": nil, "incomplete_details": details, "model": c.Model,
		"output": []any{
			map[string]any{"type": "reasoning", "summary": []any{}},
			map[string]any{"type": "message", "role": "assistant", "content": []any{part}},
		},
		"usage": map[string]any{"input_tokens": c.tokens(), "output_tokens": tokens(rep.Text)},
	}
	if c.Stream {
		sendEvents(w, rep, []any{
			map[string]any{"type": "response.output_text.delta", "delta": rep.Text},
			map[string]any{"type": "response." + status, "response": whole},
		})
		return
	}
	send(w, rep, whole)
}

func parseAnthropic(r *http.Request, body []byte) Call {
	type textBlock struct {
		Text   string `json:"text"`
		Source struct {
			Type string `json:"type"`
			Data []byte `json:"data"`
		} `json:"source"`
	}
	var q struct {
		Model    string      `json:"model"`
		System   []textBlock `json:"system"`
		Messages []struct {
			Content []textBlock `json:"content"`
		} `json:"messages"`
		MaxTokens    int `json:"max_tokens"`
		OutputConfig struct {
			Format json.RawMessage `json:"format"`
		} `json:"output_config"`
	}
	_ = json.Unmarshal(body, &q)
	c := Call{API: "anthropic", Model: q.Model, MaxTokens: q.MaxTokens, Key: r.Header.Get("X-Api-Key"), Structured: q.OutputConfig.Format != nil, Body: body}
	for _, b := range q.System {
		c.System += b.Text
	}
	for _, m := range q.Messages {
		for _, b := range m.Content {
			c.User += b.Text
			if b.Source.Type == "base64" {
				c.Pictures = append(c.Pictures, b.Source.Data)
			}
		}
	}
	return c
}

func writeAnthropic(w http.ResponseWriter, c Call, rep Reply) {
	if rep.Status != http.StatusOK {
		send(w, rep, map[string]any{"type": "error", "error": map[string]any{"type": rep.ErrorType, "message": rep.ErrorText}})
		return
	}
	stop := rep.Finish
	switch stop {
	case "":
		stop = "end_turn"
	case "length":
		stop = "max_tokens"
	}
	send(w, rep, map[string]any{
		"id": "msg_test", "type": "message", "role": "assistant", "model": c.Model, "stop_reason": stop,
		"content": []any{map[string]any{"type": "text", "text": rep.Text}},
		"usage":   map[string]any{"input_tokens": c.tokens(), "output_tokens": tokens(rep.Text)},
	})
}

// tokens that a call is billed for: pictures at a price of this server's own.
func (c Call) tokens() int { return tokens(c.System+c.User) + PictureTokens*len(c.Pictures) }

// PictureTokens is what one picture is billed as.
const PictureTokens = 1000

func tokens(s string) int { return (len(s) + 3) / 4 }
