package llmtest

import (
	"strings"
	"sync/atomic"
)

// Plausible is a well-formed answer to c: notes for a part, a summary for the whole. It is a
// function of the request alone.
func Plausible(c Call) string {
	text := c.User
	if i := strings.Index(text, "<<<DOCUMENT>>>"); i >= 0 {
		text = text[i+len("<<<DOCUMENT>>>"):]
	}
	if i := strings.Index(text, "<<<END DOCUMENT>>>"); i >= 0 {
		text = text[:i]
	}
	w := strings.Fields(text)
	quote := strings.Join(w[:min(len(w), 24)], " ")
	if !strings.Contains(c.User, "# A short title") {
		return "- " + quote
	}
	return "# Summary of a test document\n\nThis document was summarised by the test server. It begins with these words: " + quote +
		".\n\n## Key points\n\n- The first point is the opening of the text.\n- The second point is that it has " + plural(len(w)) + ".\n- The third point ends the list."
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
