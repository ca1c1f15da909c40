package llmtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
)

// Plausible is a well-formed answer to c that rests on what c sent: notes for a part, a summary for the whole, in JSON where a schema
// asks for it. It is a function of the request alone.
func Plausible(c Call) string {
	page, w := firstWords(documentOf(c.User))
	quote := strings.Join(w[:min(len(w), 24)], " ")
	if !asksForSummary(c) {
		return fmt.Sprintf("- %s (p. %d)", quote, page)
	}
	abstract := "This document was summarised by the test server. It begins with these words: " + quote + "."
	if !c.Structured {
		return fmt.Sprintf("# Summary of a test document\n\n%s\n\n## Key points\n\n- %s (p. %d)\n- The text has %s.", abstract, quote, page, plural(len(w)))
	}
	b, err := json.Marshal(map[string]any{
		"title": "Summary of a test document", "abstract": abstract,
		"key_points": []any{
			map[string]any{"text": "It opens with: " + quote, "pages": []int{page}, "quote": strings.Join(w[:min(len(w), 10)], " ")},
			map[string]any{"text": "The text has " + plural(len(w)) + ".", "pages": []int{}, "quote": strings.Join(w[len(w)-min(len(w), 8):], " ")},
		},
		"sections": []any{}, "entities": map[string]any{"people": []string{}, "organisations": []string{}, "dates": []string{}, "amounts": []string{}},
	})
	if err != nil {
		panic(err) // strings and numbers
	}
	return string(b)
}

// asksForSummary tells a question for a summary from one for notes, in either of its forms.
func asksForSummary(c Call) bool {
	return c.Structured || strings.Contains(c.User, "# A short title") || strings.Contains(c.User, `"key_points"`)
}

// documentOf is what stands inside the fence.
func documentOf(user string) string {
	_, text, _ := strings.Cut(user, "<<<DOCUMENT>>>")
	text, _, _ = strings.Cut(text, "<<<END DOCUMENT>>>")
	return text
}

// firstWords are the words of a document's first page, or of its notes, and that page's number.
func firstWords(text string) (page int, words []string) {
	page = 1
	if at := strings.Index(text, "[p. "); at >= 0 {
		if _, err := fmt.Sscanf(text[at:], "[p. %d]", &page); err == nil {
			text = text[at+len("[p. ]"):]
			text = strings.TrimLeft(text, "0123456789]")
		}
	} else if at := strings.Index(text, "(p. "); at >= 0 {
		if _, err := fmt.Sscanf(text[at:], "(p. %d)", &page); err == nil {
			text = text[:at]
		}
	}
	if at := strings.Index(text, "\n[p. "); at >= 0 {
		text = text[:at]
	}
	return page, strings.Fields(strings.TrimLeft(strings.TrimSpace(text), "- "))
}

func plural(n int) string {
	if n < 100 {
		return "few words"
	}
	return "many words"
}

// EveryNth answers every n-th call with rep and all others regularly.
func EveryNth(n int, rep Reply) Script {
	return func(i int, _ Call) Reply {
		if i%n == 0 {
			return rep
		}
		return Reply{}
	}
}

// FirstN answers the first n calls with rep, later ones regularly.
func FirstN(n int, rep Reply) Script {
	var seen atomic.Int64
	return func(int, Call) Reply {
		if seen.Add(1) <= int64(n) {
			return rep
		}
		return Reply{}
	}
}

// Always answers every call with rep.
func Always(rep Reply) Script { return func(int, Call) Reply { return rep } }

// ContextLimit refuses prompts of more than max bytes as too long, as the API in question does.
func ContextLimit(max int) Script {
	return func(_ int, c Call) Reply {
		if len(c.User) <= max {
			return Reply{}
		}
		if c.API == "anthropic" {
			return Reply{Status: 400, ErrorType: "invalid_request_error", ErrorText: "prompt is too long: 250000 tokens > 200000 maximum"}
		}
		return Reply{Status: 400, ErrorType: "invalid_request_error", ErrorCode: "context_length_exceeded", ErrorText: "This model's maximum context length is 4096 tokens."}
	}
}

// Ready-made failures.
var (
	RateLimited = Reply{Status: 429, RetryAfter: "1", ErrorType: "rate_limit_error", ErrorCode: "rate_limit_exceeded", ErrorText: "Too many requests"}
	ServerError = Reply{Status: 500, ErrorType: "api_error", ErrorText: "internal error"}
	WrongKey    = Reply{Status: 401, ErrorType: "authentication_error", ErrorCode: "invalid_api_key", ErrorText: "Incorrect API key provided"}
	NoQuota     = Reply{Status: 429, ErrorType: "insufficient_quota", ErrorCode: "insufficient_quota", ErrorText: "You exceeded your current quota"}
	NoModel     = Reply{Status: 404, ErrorType: "not_found_error", ErrorCode: "model_not_found", ErrorText: "no such model"}
)
