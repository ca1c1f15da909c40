package wire

import (
	"testing"
	"time"
)

func TestReadFindsTheWordsOfEveryShape(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want Reply
	}{
		"chat":                 {`{"choices":[{"finish_reason":"stop","message":{"content":"words"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`, Reply{Text: "words", Finish: "stop", TokensIn: 3, TokensOut: 1}},
		"byte order mark":      {"\xef\xbb\xbf" + `{"choices":[{"message":{"content":"words"}}]}`, Reply{Text: "words"}},
		"null and thought":     {`{"choices":[{"finish_reason":"length","message":{"content":null,"reasoning_content":"hm"}}]}`, Reply{Thoughts: "hm", Finish: "length"}},
		"parts":                {`{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"words"}]}}]}`, Reply{Text: "words"}},
		"refusal":              {`{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"no"}}]}`, Reply{Refusal: "no", Finish: "stop"}},
		"old completion":       {`{"choices":[{"finish_reason":"stop","text":"words"}]}`, Reply{Text: "words", Finish: "stop"}},
		"cached input":         {`{"choices":[{"finish_reason":"stop","message":{"content":"words"}}],"usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":8}}}`, Reply{Text: "words", Finish: "stop", TokensIn: 9, TokensCached: 8, TokensOut: 1}},
		"usage beyond reason":  {`{"choices":[{"finish_reason":"stop","message":{"content":"words"}}],"usage":{"prompt_tokens":-5,"completion_tokens":1e300}}`, Reply{Text: "words", Finish: "stop", TokensOut: 1e9}},
		"response, cached":     {`{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"words"}]}],"usage":{"input_tokens":3,"output_tokens":1,"input_tokens_details":{"cached_tokens":2}}}`, Reply{Text: "words", Finish: "stop", TokensIn: 3, TokensCached: 2, TokensOut: 1}},
		"response":             {`{"status":"completed","error":null,"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","content":[{"type":"output_text","text":"words"}]}],"usage":{"input_tokens":3,"output_tokens":1}}`, Reply{Text: "words", Thoughts: "hm", Finish: "stop", TokensIn: 3, TokensOut: 1}},
		"response cut":         {`{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}`, Reply{Finish: "length"}},
		"stream":               {"data: {\"choices\":[{\"delta\":{\"content\":\"wo\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"rds\"},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n", Reply{Text: "words", Finish: "stop", TokensIn: 3, TokensOut: 1}},
		"stream with beats":    {": OPENROUTER PROCESSING\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"words\"}}]}\n\ndata: [DONE]\n\n", Reply{Text: "words"}},
		"stream of a response": {"event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"words\"}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n", Reply{Text: "words", Finish: "stop", TokensIn: 3, TokensOut: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			got, fault, outcome := Read(200, []byte(c.body))
			if outcome != Answered || got != c.want {
				t.Errorf("outcome %d, fault %+v\ngot  %+v\nwant %+v", outcome, fault, got, c.want)
			}
		})
	}
}

func TestReadFindsTheFaultOfEveryShape(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   Fault
	}{
		"plain":             {429, `{"error":{"message":"slow","type":"requests","param":null,"code":"rate_limit_exceeded"}}`, Fault{429, "requests", "rate_limit_exceeded", "", "slow"}},
		"in a 200":          {200, `{"error":{"message":"slow","code":429}}`, Fault{429, "", "429", "", "slow"}},
		"in a 200, by word": {200, `{"error":{"message":"boom","type":"server_error"}}`, Fault{500, "server_error", "", "", "boom"}},
		"list":              {400, `[{"error":{"code":400,"message":"too many","status":"INVALID_ARGUMENT"}}]`, Fault{400, "INVALID_ARGUMENT", "400", "", "too many"}},
		"sentence":          {500, `{"error":"runner stopped"}`, Fault{500, "", "", "", "runner stopped"}},
		"old vLLM":          {400, `{"object":"error","message":"too long","type":"BadRequestError","code":400}`, Fault{400, "BadRequestError", "400", "", "too long"}},
		"FastAPI":           {422, `{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs"}]}`, Fault{422, "", "", "max_completion_tokens", "extra_forbidden: Extra inputs"}},
		"under way":         {200, `{"choices":[{"finish_reason":"error","error":{"code":502,"message":"gone"},"message":{"content":""}}]}`, Fault{502, "", "502", "", "gone"}},
		"in a stream":       {200, "data: {\"error\":{\"code\":429,\"message\":\"slow\"}}\n\n", Fault{429, "", "429", "", "slow"}},
		"failed response":   {200, "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}}\n\n", Fault{429, "", "rate_limit_exceeded", "", "slow"}},
		"no JSON":           {502, "<html>", Fault{Status: 502}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, got, outcome := Read(c.status, []byte(c.body)); outcome != Faulted || got != c.want {
				t.Errorf("outcome %d\ngot  %+v\nwant %+v", outcome, got, c.want)
			}
		})
	}
}

func TestReadTellsHalfAnswersFromForeignOnes(t *testing.T) {
	for body, want := range map[string]Outcome{
		`{"choices":[{"message":{"cont`:                              BrokenOff,
		"data: {\"choices\":[{\"delta\":{\"content\":\"wo\"}}]}\n\n": BrokenOff,
		`<html><body>Sign in</body></html>`:                          Foreign,
		`{"choices":"none"}`:                                         Foreign,
		`{"choices":[]}`:                                             Foreign,
		`{"message":"hello"}`:                                        Foreign,
		"data: hello\n\n":                                            Foreign,
		"":                                                           Foreign,
	} {
		if _, _, got := Read(200, []byte(body)); got != want {
			t.Errorf("%q is %d, want %d", body, got, want)
		}
	}
}

func TestFaultNamesTheParameter(t *testing.T) {
	known := []string{"max_tokens", "max_completion_tokens", "temperature", "reasoning_effort", "response_format"}
	for _, c := range []struct {
		f    Fault
		want string
	}{
		{Fault{Status: 400, Param: "temperature"}, "temperature"},
		{Fault{Status: 400, Message: "litellm.BadRequestError: Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}, "max_tokens"},
		{Fault{Status: 400, Message: "Unsupported value: 'temperature' does not support 0.2 with this model."}, "temperature"},
		{Fault{Status: 422, Param: "max_completion_tokens", Message: "extra_forbidden"}, "max_completion_tokens"},
		{Fault{Status: 400, Message: "Unrecognized request argument supplied: reasoning_effort"}, "reasoning_effort"},
		{Fault{Status: 400, Message: "This response_format type is unavailable now; 'response_format' is not supported"}, "response_format"},
		{Fault{Status: 429, Message: "'max_tokens' not supported"}, ""},
		{Fault{Status: 400, Message: "the document says max_tokens"}, ""},
	} {
		if got := c.f.Parameter(known...); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.f, got, c.want)
		}
	}
}

func TestFaultNamesPauseAndLargestAnswer(t *testing.T) {
	for message, want := range map[string]time.Duration{
		"You exceeded your current quota. Please retry in 1.2s.": 1200 * time.Millisecond,
		"Rate limit reached. Please try again in 20s. Visit":     20 * time.Second,
		`x [{"retryDelay": "37s"}]`:                              37 * time.Second,
		"try again in 350ms":                                     350 * time.Millisecond,
		"Rate limit reached":                                     0,
	} {
		if got := (Fault{Message: message}).Pause(); got != want {
			t.Errorf("%q: %s, want %s", message, got, want)
		}
	}
	for message, want := range map[string]int{
		"max_tokens is too large: 1500. This model supports at most 1000 completion tokens":                                       1000,
		"max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for claude":                              8192,
		"'max_tokens' is too large: 1500. This model's maximum context length is 4096 tokens and your request has 3000 tokens.":   0,
		"`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window`": 8192,
		"no": 0,
	} {
		if got := (Fault{Status: 400, Message: message}).MostOutput(); got != want {
			t.Errorf("%q: %d, want %d", message, got, want)
		}
	}
}
