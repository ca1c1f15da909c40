package llm_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

func (f *fixture) anthropic() *fixture {
	f.cfg.Provider, f.cfg.BaseURL = "anthropic", f.srv.URL
	return f
}

func TestAnthropicIgnoresTheEnvironmentAndDoesNotRetryItself(t *testing.T) {
	t.Setenv("ANTHROPIC_API_KEY", "sk-other")
	t.Setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1/")
	f := newFixture(t, nil).anthropic()
	s, err := f.engine(t).Summarise(context.Background(), document(1, 100), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	calls := f.srv.Calls()
	if len(calls) != 1 || calls[0].API != "anthropic" || calls[0].Key != "sk-secret-key" || s.Provider != "anthropic" || s.TokensOut == 0 {
		t.Errorf("calls %+v, summary %+v", calls, s)
	}
	f = newFixture(t, llmtest.Always(llmtest.Reply{Status: 529, ErrorType: "overloaded_error"})).anthropic()
	f.cfg.MaxAttempts = 2
	_, err = f.engine(t).Summarise(context.Background(), document(1, 100), nil, nil)
	wantCode(t, err, llm.CodeUnavailable)
	if n := len(f.srv.Calls()); n != 3 {
		t.Errorf("%d calls, want 2 and one that asks whether the server answers anybody", n)
	}
}

func TestAnthropicErrors(t *testing.T) {
	for name, c := range map[string]struct {
		reply llmtest.Reply
		code  llm.Code
	}{
		"wrong key": {llmtest.WrongKey, llm.CodeAuth},
		"no model":  {llmtest.NoModel, llm.CodeNotFound},
		"refusal":   {llmtest.Reply{Text: "no", Finish: "refusal"}, llm.CodeRefused},
		"web page":  {llmtest.Reply{Raw: "<html>", ContentType: "text/html"}, llm.CodeBadAnswer},
	} {
		f := newFixture(t, llmtest.Always(c.reply)).anthropic()
		_, err := f.engine(t).Summarise(context.Background(), document(1, 100), nil, nil)
		if e := wantCode(t, err, c.code); e.Retryable {
			t.Errorf("%s: retryable", name)
		}
	}
}

func TestNewerModelsGetTheirOwnLimitParameter(t *testing.T) {
	f := newFixture(t, func(_ int, c llmtest.Call) llmtest.Reply {
		if !c.NewLimit {
			return llmtest.Reply{Status: 400, ErrorType: "invalid_request_error", ErrorCode: "unsupported_parameter", ErrorParam: "max_tokens", ErrorText: "use max_completion_tokens"}
		}
		return llmtest.Reply{}
	})
	e := f.engine(t)
	for range 2 {
		if _, err := e.Summarise(context.Background(), document(1, 100), nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(f.srv.Calls()); n != 3 {
		t.Errorf("%d calls, want 3: the parameter is learnt once", n)
	}
	f = newFixture(t, nil)
	f.cfg.Model = "gpt-5-mini"
	if _, err := f.engine(t).Summarise(context.Background(), document(1, 100), nil, nil); err != nil {
		t.Fatal(err)
	}
	if c := f.srv.Calls()[0]; !c.NewLimit {
		t.Error("gpt-5-mini was sent max_tokens")
	}
}

func TestServerNotReachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	f := newFixture(t, nil)
	f.cfg.BaseURL = "http://" + addr + "/v1"
	err = f.engine(t).Check(context.Background())
	if e := wantCode(t, err, llm.CodeUnavailable); !e.Retryable || !strings.Contains(e.Message, addr) {
		t.Errorf("says %q", e.Message)
	}
}

func TestCheck(t *testing.T) {
	if err := newFixture(t, nil).engine(t).Check(context.Background()); err != nil {
		t.Error(err)
	}
	wantCode(t, newFixture(t, llmtest.Always(llmtest.WrongKey)).engine(t).Check(context.Background()), llm.CodeAuth)
}

func TestConfigNamesTheField(t *testing.T) {
	for says, c := range map[string]llm.Config{
		"summary.provider":                {Provider: "bard"},
		"OPENAI_API_KEY":                  {Provider: "openai"},
		"ANTHROPIC_API_KEY":               {Provider: "anthropic"},
		"summary.base_url":                {Provider: "openai", BaseURL: "localhost:11434"},
		"summary.model":                   {Provider: "openai", BaseURL: "http://localhost:11434/v1"},
		"summary.chunk_tokens":            {Provider: "openai", APIKey: "k", ChunkTokens: -1},
		"summary.context_tokens":          {Provider: "openai", APIKey: "k", ContextTokens: 900},
		"summary.max_tokens_per_document": {Provider: "openai", APIKey: "k", Budget: llm.Budget{MaxTokens: -1}},
	} {
		if _, err := llm.FromConfig(c); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want an error that names %s, got %v", says, err)
		}
	}
	if s, err := llm.FromConfig(llm.Config{}); err != nil || s.Name() != "extractive" {
		t.Errorf("the zero configuration gives %v, %v", s, err)
	}
	if s, err := llm.FromConfig(llm.Config{Provider: "anthropic", APIKey: "k"}); err != nil || s.Name() != "anthropic/claude-haiku-4-5" {
		t.Errorf("got %v, %v", s, err)
	}
}
