package wire

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// Fault is an error answer in the words that most servers share.
type Fault struct {
	Status  int    // of the answer, or the one its body names where the answer itself says 200
	Type    string // error.type, or Google's error.status
	Code    string // error.code
	Param   string // the parameter it complains about, where it says so
	Message string // looked at, never passed on: it may quote the prompt
}

// faultOf finds the error in a decoded body. A body with status 200 is one only where it names an error.
func faultOf(status int, top any) (Fault, bool) {
	if list, ok := top.([]any); ok { // Google's OpenAI endpoint wraps its errors in a list
		if len(list) == 0 {
			return Fault{Status: status}, status != 200
		}
		top = list[0]
	}
	o, ok := top.(map[string]any)
	if !ok {
		return Fault{Status: status}, status != 200
	}
	f := Fault{Status: status}
	e, found := errorIn(o)
	switch e := e.(type) {
	case map[string]any:
		f.read(e)
	case string:
		f.Message = e
	}
	if !found && status == 200 {
		return Fault{}, false
	}
	if !found {
		f.read(o)
	}
	f.detail(o["detail"])
	if f.Status == 200 {
		f.Status = f.ownStatus()
	}
	return f, true
}

// errorIn is the error object or sentence of a body.
func errorIn(o map[string]any) (any, bool) {
	if e := o["error"]; e != nil && e != "" {
		return e, true
	}
	if text(o["object"]) == "error" {
		return o, true
	}
	if choices, ok := o["choices"].([]any); ok && len(choices) > 0 { // OpenRouter: a provider failed under way
		if c, ok := choices[0].(map[string]any); ok {
			if e, ok := c["error"].(map[string]any); ok {
				return e, true
			}
		}
	}
	return nil, false
}

func (f *Fault) read(e map[string]any) {
	f.Type, f.Param = text(e["type"]), text(e["param"])
	if f.Type == "" {
		f.Type = text(e["status"])
	}
	if c := e["code"]; c != nil {
		f.Code = scalar(c)
	}
	f.Message = text(e["message"])
	if d, ok := e["details"]; ok { // Google names the pause there
		if b, err := json.Marshal(d); err == nil {
			f.Message += " " + string(b)
		}
	}
}

// detail reads what FastAPI servers say of a field that they do not take.
func (f *Fault) detail(v any) {
	switch v := v.(type) {
	case string:
		f.Message += v
	case []any:
		for _, it := range v {
			d, _ := it.(map[string]any)
			f.Message += text(d["type"]) + ": " + text(d["msg"])
			if loc, ok := d["loc"].([]any); ok && len(loc) > 0 && f.Param == "" {
				f.Param = scalar(loc[len(loc)-1])
			}
		}
	}
}

// ownStatus is the status that the body of a 200 names.
func (f *Fault) ownStatus() int {
	if n, err := strconv.Atoi(f.Code); err == nil && n >= 400 && n < 600 {
		return n
	}
	if s, ok := statusOfWord[strings.ToLower(f.Code)]; ok {
		return s
	}
	if s, ok := statusOfWord[strings.ToLower(f.Type)]; ok {
		return s
	}
	return 500
}

var statusOfWord = map[string]int{
	"rate_limit_exceeded": 429, "rate_limit_error": 429, "resource_exhausted": 429, "insufficient_quota": 429,
	"invalid_request_error": 400, "invalid_argument": 400, "invalid_prompt": 400, "context_length_exceeded": 400,
	"authentication_error": 401, "invalid_api_key": 401, "unauthenticated": 401, "permission_denied": 403,
	"not_found": 404, "not_found_error": 404, "model_not_found": 404, "overloaded_error": 529, "unavailable": 503,
}

func scalar(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.Itoa(int(n))
	}
	if s, ok := v.(string); ok {
		return s
	}
	return fmt.Sprint(v)
}

var pauseIn = pattern.Lazily(`(?i)(?:(?:re)?try(?: again)? in|"retryDelay":\s*")\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|seconds?|minutes?)\b`)

// Pause is how long an error's sentence asks to wait, 0 where it does not say.
func (f Fault) Pause() time.Duration {
	m := pauseIn.FindStringSubmatch(f.Message)
	if m == nil {
		return 0
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil || n > 1e6 {
		return 0
	}
	unit := time.Second
	switch {
	case m[2] == "ms":
		unit = time.Millisecond
	case strings.HasPrefix(m[2], "m"):
		unit = time.Minute
	}
	return time.Duration(n * float64(unit))
}

var complaint = pattern.Lazily(`(?i)unsupported|not supported|does not support|doesn't support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|extra_forbidden|extra inputs|invalid (parameter|argument|value|type|field)|deprecated|is not available|only the default|not implemented`)

// Parameter is which of the names an error complains about: the one it names itself, else the first that its sentence mentions.
// Proxies pass on the sentence and lose the rest.
func (f Fault) Parameter(names ...string) string {
	switch f.Status {
	case 400, 404, 422, 500, 501:
	default:
		return ""
	}
	for _, n := range names {
		if f.Param == n || strings.HasPrefix(f.Param, n+".") {
			return n
		}
	}
	if !complaint.MatchString(f.Message) {
		return ""
	}
	first, at := "", len(f.Message)
	for _, n := range names {
		if i := indexWord(f.Message, n); i >= 0 && i < at {
			first, at = n, i
		}
	}
	return first
}

// indexWord finds name where it is not a part of a longer one.
func indexWord(s, name string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], name)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(name)
		if (i == 0 || !isNameByte(s[i-1])) && (end == len(s) || !isNameByte(s[end])) {
			return i
		}
		from = end
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

var mostOutput = pattern.Lazily(`(?i)(?:at most|maximum(?: allowed number of output tokens| output tokens| value| of)?(?: is| allowed is)?|less than or equal to|<=) ?` + "[`']?" + `(\d{2,7})|max_tokens: \d+ > (\d{2,7})`)

// MostOutput is the largest answer that the server says it gives, 0 where the error is about something else.
func (f Fault) MostOutput() int {
	if f.Status != 400 && f.Status != 422 || !strings.Contains(f.Message, "max_") || strings.Contains(strings.ToLower(f.Message), "context length") {
		return 0
	}
	m := mostOutput.FindStringSubmatch(f.Message)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1] + m[2])
	if err != nil {
		return 0
	}
	return n
}
