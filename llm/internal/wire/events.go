package wire

import (
	"bytes"
	"encoding/json"
	"strings"
)

// isEvents says whether a body is a stream of server-sent events. Some servers always stream.
func isEvents(body []byte) bool {
	for _, begin := range []string{"data:", "event:", ": ", ":\n", "id:", "retry:"} {
		if bytes.HasPrefix(body, []byte(begin)) {
			return true
		}
	}
	return false
}

// readEvents puts the pieces of a stream together. A stream that ends without saying so is broken off.
func readEvents(body []byte) (Reply, Fault, Outcome) {
	var s stream
	for line := range strings.Lines(string(body)) {
		data, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "data:")
		if !ok {
			continue
		}
		data = strings.TrimSpace(data)
		if data == "[DONE]" {
			s.ended = true
			continue
		}
		var o map[string]any
		if json.Unmarshal([]byte(data), &o) != nil {
			continue
		}
		s.known = s.known || o["choices"] != nil || strings.HasPrefix(text(o["type"]), "response.") || o["error"] != nil
		if f, ok := faultOf(200, o); ok {
			return Reply{}, f, Faulted
		}
		s.add(o)
	}
	switch {
	case s.fault != nil:
		return Reply{}, *s.fault, Faulted
	case !s.known:
		return Reply{}, Fault{}, Foreign
	case !s.ended:
		return Reply{}, Fault{}, BrokenOff
	}
	return s.Reply, Fault{}, Answered
}

type stream struct {
	Reply
	known bool // it holds what a model server sends
	ended bool
	fault *Fault
}

func (s *stream) add(o map[string]any) {
	if u := usageOf(o); u.TokensIn+u.TokensOut > 0 {
		s.TokensIn, s.TokensOut = u.TokensIn, u.TokensOut
	}
	if choices, ok := o["choices"].([]any); ok && len(choices) > 0 {
		c, _ := choices[0].(map[string]any)
		for _, field := range []string{"delta", "message"} {
			if m, ok := c[field].(map[string]any); ok {
				s.addMessage(m)
			}
		}
		if f := text(c["finish_reason"]); f != "" {
			s.Finish, s.ended = f, true
		}
	}
	switch text(o["type"]) {
	case "response.output_text.delta":
		s.Text += text(o["delta"])
	case "response.refusal.delta":
		s.Refusal += text(o["delta"])
	case "response.completed", "response.incomplete":
		whole, _ := o["response"].(map[string]any)
		if r, ok := replyOf(whole); ok {
			if r.Text == "" {
				r.Text = s.Text
			}
			s.Reply = r
		}
		s.ended = true
	case "response.failed":
		whole, _ := o["response"].(map[string]any)
		f, ok := faultOf(200, whole)
		if !ok {
			f = Fault{Status: 500}
		}
		s.fault = &f
	}
}
