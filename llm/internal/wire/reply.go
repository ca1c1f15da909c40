// Package wire reads what model servers answer: OpenAI's Chat Completions and Responses, whole or as a stream of events, and the many
// bodies in which compatible servers and the proxies before them say no. It sends nothing and decides nothing.
package wire

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Reply is a model's answer, whatever shape it came in.
type Reply struct {
	Text         string
	Refusal      string // what the model said instead, where the API has a field for that
	Thoughts     string // reasoning that came in a field of its own; never shown
	Finish       string // "stop", "length", "content_filter", or the server's own word
	TokensIn     int    // 0 where the server reports no usage
	TokensCached int    // the part of TokensIn that the provider had in its cache
	TokensOut    int
}

// Outcome says what a body was.
type Outcome int

// What a body may be.
const (
	Answered  Outcome = iota
	Faulted           // an error, with any status: some servers send theirs with 200
	BrokenOff         // the beginning of an answer: the rest is missing
	Foreign           // no answer of a model server: a web page, another API
)

// Read reads the body of an answer with the given status.
func Read(status int, body []byte) (Reply, Fault, Outcome) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if status == 200 && isEvents(body) {
		return readEvents(body)
	}
	var top any
	if err := json.Unmarshal(body, &top); err != nil {
		if status != 200 {
			return Reply{}, Fault{Status: status}, Faulted
		}
		if bytes.HasPrefix(body, []byte("{")) && unfinished(err) {
			return Reply{}, Fault{}, BrokenOff
		}
		return Reply{}, Fault{}, Foreign
	}
	if f, ok := faultOf(status, top); ok {
		return Reply{}, f, Faulted
	}
	o, _ := top.(map[string]any)
	r, ok := replyOf(o)
	if !ok {
		return Reply{}, Fault{}, Foreign
	}
	return r, Fault{}, Answered
}

func unfinished(err error) bool { return strings.Contains(err.Error(), "unexpected end of JSON input") }

// replyOf reads a chat completion or a response.
func replyOf(o map[string]any) (Reply, bool) {
	r := usageOf(o)
	if choices, ok := o["choices"].([]any); ok {
		if len(choices) == 0 {
			return r, false
		}
		c, _ := choices[0].(map[string]any)
		r.Finish = text(c["finish_reason"])
		m, ok := c["message"].(map[string]any)
		if !ok {
			r.Text = text(c["text"])
			return r, c["text"] != nil
		}
		r.addMessage(m)
		return r, true
	}
	if output, ok := o["output"].([]any); ok {
		r.addOutput(output)
		r.Finish = finishOfResponse(o)
		return r, true
	}
	return r, false
}

func (r *Reply) addMessage(m map[string]any) {
	r.Text += contentText(m["content"])
	r.Refusal += text(m["refusal"])
	for _, field := range []string{"reasoning_content", "reasoning", "thinking"} {
		r.Thoughts += text(m[field])
	}
}

// addOutput reads the items of a response: messages count, reasoning does not.
func (r *Reply) addOutput(items []any) {
	for _, it := range items {
		item, _ := it.(map[string]any)
		switch text(item["type"]) {
		case "message":
			parts, _ := item["content"].([]any)
			for _, p := range parts {
				if part, ok := p.(map[string]any); ok {
					r.Refusal += text(part["refusal"])
				}
			}
			r.Text += contentText(item["content"])
		case "reasoning":
			r.Thoughts += contentText(item["summary"])
		}
	}
}

func finishOfResponse(o map[string]any) string {
	if text(o["status"]) != "incomplete" {
		return "stop"
	}
	d, _ := o["incomplete_details"].(map[string]any)
	if reason := text(d["reason"]); reason != "" && reason != "max_output_tokens" {
		return reason
	}
	return "length"
}

// contentText is the text of a message's content: a string, or parts of which only those of text count.
func contentText(v any) string {
	parts, ok := v.([]any)
	if !ok {
		return text(v)
	}
	var b strings.Builder
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b.WriteString(p)
		case map[string]any:
			switch text(p["type"]) {
			case "text", "output_text", "summary_text", "":
				b.WriteString(text(p["text"]))
			}
		}
	}
	return b.String()
}

func usageOf(o map[string]any) Reply {
	u, _ := o["usage"].(map[string]any)
	details, ok := u["prompt_tokens_details"].(map[string]any)
	if !ok {
		details, _ = u["input_tokens_details"].(map[string]any)
	}
	return Reply{
		TokensCached: number(details["cached_tokens"]),
		TokensIn:     max(number(u["prompt_tokens"]), number(u["input_tokens"])),
		TokensOut:    max(number(u["completion_tokens"]), number(u["output_tokens"])),
	}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// maxNumber is more than any answer can count.
const maxNumber = 1e9

func number(v any) int {
	n, _ := v.(float64)
	return int(min(max(n, 0), maxNumber)) // NaN is no JSON
}
