package llm

import (
	"strings"
	"sync/atomic"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/wire"
)

// dialect is what is known of a server: learnt from its answers, each fact once, and kept as long as the provider lives. Facts are only
// ever added, so that calls that learn at the same time agree.
type dialect struct {
	noOldLimit atomic.Bool // it takes no max_tokens
	noNewLimit atomic.Bool // it takes no max_completion_tokens
	newFirst   atomic.Bool // it is known to want max_completion_tokens
	noTemp     atomic.Bool
	noEffort   atomic.Bool // it takes no reasoning_effort
	noSchema   atomic.Bool // it refuses or ignores response_format
	noStream   atomic.Bool
	noUsage    atomic.Bool // it takes no stream_options
	responses  atomic.Bool // the model has only the Responses API
	stream     atomic.Bool // something on the way cuts connections that are silent for long
	thinks     atomic.Bool
	mostOutput atomic.Int64 // the largest answer it gives; 0: not known
}

// form is how a request is made: the dialect at one moment.
type form struct {
	limit      limitName
	noTemp     bool
	noEffort   bool
	noSchema   bool
	noUsage    bool
	responses  bool
	stream     bool
	thinks     bool
	mostOutput int
}

type limitName int

const (
	limitOld limitName = iota // max_tokens
	limitNew                  // max_completion_tokens
	limitNone
)

// know sets what needs no learning.
func (d *dialect) know(model string, official bool) {
	if reasoningModel(model) {
		d.newFirst.Store(true)
		d.noTemp.Store(true)
		d.thinks.Store(true)
	}
	if prose.HasAnyPrefix(model, "o1-pro", "o3-pro", "gpt-5-pro", "codex-mini", "gpt-5-codex") && official {
		d.responses.Store(true)
	}
}

func (d *dialect) now() form {
	f := form{
		noTemp: d.noTemp.Load(), noEffort: d.noEffort.Load(), noSchema: d.noSchema.Load(), noUsage: d.noUsage.Load(),
		responses: d.responses.Load(), stream: d.stream.Load() && !d.noStream.Load(), thinks: d.thinks.Load(), mostOutput: int(d.mostOutput.Load()),
	}
	order := []limitName{limitOld, limitNew}
	if d.newFirst.Load() {
		order = []limitName{limitNew, limitOld}
	}
	f.limit = limitNone
	for i := len(order) - 1; i >= 0; i-- {
		if refused := order[i] == limitOld && d.noOldLimit.Load() || order[i] == limitNew && d.noNewLimit.Load(); !refused {
			f.limit = order[i]
		}
	}
	return f
}

func (f form) path() string {
	if f.responses {
		return "/responses"
	}
	return "/chat/completions"
}

func (f form) structured(p Prompt) bool { return p.Structured != nil && !f.noSchema }

func (f form) room(p Prompt) int {
	if f.mostOutput > 0 {
		return min(p.MaxTokens, f.mostOutput)
	}
	return p.MaxTokens
}

// effort is sent where a model has shown that it thinks, or is known to: a summary needs little of it.
func (f form) effort(p Prompt) string {
	if f.noEffort || !f.thinks || !p.ThinkLittle {
		return ""
	}
	return "low"
}

// from learns from a refusal of a request in form f. It says whether the request is worth repeating in the form that follows from it.
func (d *dialect) from(fault wire.Fault, f form, p Prompt) bool {
	if n := fault.MostOutput(); n > 0 && n < f.room(p) {
		d.mostOutput.Store(int64(n))
		return true
	}
	if !f.responses && onlyResponses(fault) {
		d.responses.Store(true)
		return true
	}
	sent := map[string]*atomic.Bool{}
	switch f.limit {
	case limitOld:
		sent["max_tokens"] = &d.noOldLimit
	case limitNew:
		sent["max_completion_tokens"] = &d.noNewLimit
	}
	if !f.noTemp {
		sent["temperature"] = &d.noTemp
	}
	if f.effort(p) != "" {
		sent["reasoning_effort"], sent["reasoning"], sent["effort"] = &d.noEffort, &d.noEffort, &d.noEffort
	}
	if f.stream {
		sent["stream_options"], sent["stream"] = &d.noUsage, &d.noStream
	}
	if f.structured(p) {
		for _, name := range []string{"response_format", "json_schema", "text"} {
			sent[name] = &d.noSchema
		}
	}
	names := make([]string, 0, len(sent))
	for n := range sent {
		names = append(names, n)
	}
	if n := fault.Parameter(names...); n != "" {
		sent[n].Store(true)
		return true
	}
	if f.structured(p) && refusesSchema(fault) {
		d.noSchema.Store(true)
		return true
	}
	return false
}

func onlyResponses(f wire.Fault) bool {
	return (f.Status == 404 || f.Status == 400) && strings.Contains(f.Message, "v1/responses")
}

var schemaWords = pattern.Lazily(`(?i)response.?format|json.?schema|structured.?output|guided|grammar|output_config|output_format`)

// refusesSchema is for servers that complain about the schema in words of their own, or say nothing but that a request is bad.
func refusesSchema(f wire.Fault) bool {
	switch f.Status {
	case 400, 422, 500, 501:
		return schemaWords.MatchString(f.Message) || f.Status != 500 && !refusal{Fault: f}.known()
	}
	return false
}
