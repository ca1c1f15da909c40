package llmtest

import (
	"encoding/json"
	"net/http"
	"strings"
)

func parseOpenAI(r *http.Request, body []byte) Call {
	var q struct {
		Model    string `json:"model"`
		Messages []struct {
			Role    string `json:"role"`
			Content string `json:"content"`
		} `json:"messages"`
		MaxTokens int `json:"max_tokens"`
		NewLimit  int `json:"max_completion_tokens"`
	}
	_ = json.Unmarshal(body, &q) // a bad request shows as an empty call
	c := Call{API: "openai", Model: q.Model, MaxTokens: max(q.MaxTokens, q.NewLimit), NewLimit: q.NewLimit > 0,
		Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")}
	for _, m := range q.Messages {
		if m.Role == "system" {
			c.System = m.Content
		} else {
			c.User += m.Content
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
	in, out := tokens(c.System+c.User), tokens(rep.Text)
	send(w, rep, map[string]any{
		"id": "chatcmpl-test", "object": "chat.completion", "model": c.Model,
		"choices": []any{map[string]any{"index": 0, "finish_reason": finish, "message": map[string]any{"role": "assistant", "content": rep.Text}}},
		"usage":   map[string]any{"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out},
	})
}

func parseAnthropic(r *http.Request, body []byte) Call {
	type textBlock struct {
		Text string `json:"text"`
	}
	var q struct {
		Model    string      `json:"model"`
		System   []textBlock `json:"system"`
		Messages []struct {
			Content []textBlock `json:"content"`
		} `json:"messages"`
		MaxTokens int `json:"max_tokens"`
	}
	_ = json.Unmarshal(body, &q)
	c := Call{API: "anthropic", Model: q.Model, MaxTokens: q.MaxTokens, Key: r.Header.Get("X-Api-Key")}
	for _, b := range q.System {
		c.System += b.Text
	}
	for _, m := range q.Messages {
		for _, b := range m.Content {
			c.User += b.Text
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
	if stop == "" {
		stop = "end_turn"
	}
	send(w, rep, map[string]any{
		"id": "msg_test", "type": "message", "role": "assistant", "model": c.Model, "stop_reason": stop,
		"content": []any{map[string]any{"type": "text", "text": rep.Text}},
		"usage":   map[string]any{"input_tokens": tokens(c.System + c.User), "output_tokens": tokens(rep.Text)},
	})
}

func tokens(s string) int { return (len(s) + 3) / 4 }
