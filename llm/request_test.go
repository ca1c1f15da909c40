package llm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

// requestSchema is what a provider publishes about the body of one of its routes.
func requestSchema(t *testing.T, route string) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile("testdata/request-facts.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Source, Date string
		Schema       json.RawMessage
	}
	if err := json.Unmarshal(all[route], &facts); err != nil || facts.Source == "" || facts.Date == "" {
		t.Fatalf("%s: %v, source %q, date %q", route, err, facts.Source, facts.Date)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(facts.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(route, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(route)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every kind of request that is sent has the form that its provider publishes: with and without schema, temperature and effort, asked
// again, as a stream, for notes and for a summary.
func TestRequestsHaveTheFormThatProvidersPublish(t *testing.T) {
	warm := float32(0.2)
	for route, change := range map[string]func(*fixture){
		"chat/completions": func(f *fixture) { f.cfg.Model = "gpt-5-mini" },
		"responses":        func(f *fixture) { f.cfg.Temperature = &warm },
		"messages":         func(f *fixture) { f.anthropic().cfg.Temperature = &warm },
	} {
		t.Run(route, func(t *testing.T) {
			schema := requestSchema(t, route)
			f := newFixture(t, func(n int, c llmtest.Call) llmtest.Reply {
				switch {
				case route == "responses" && c.API == "openai":
					return llmtest.Reply{Status: 404, ErrorText: "use v1/responses"}
				case strings.Contains(c.System, "test a connection"): // asked once
				case n == 3:
					return llmtest.Reply{Status: 504, Raw: "late"} // streams from here on
				case strings.HasPrefix(c.User, "Your last answer"):
				case n%5 == 4:
					return llmtest.Reply{Empty: true} // asked again
				case n%11 == 10:
					return llmtest.Reply{Empty: true, Finish: "length"} // asked with more room
				}
				return llmtest.Reply{}
			})
			change(f)
			f.cfg.ContextTokens = 4096
			e := f.engine(t)
			for _, d := range []llm.Document{minutesDocument(), document(40, 400)} {
				if _, err := e.Summarise(context.Background(), d, nil, nil); err != nil {
					t.Fatal(err)
				}
			}
			if err := e.Check(context.Background()); err != nil {
				t.Fatal(err)
			}
			seen := 0
			for _, c := range f.srv.Calls() {
				if !strings.Contains(c.URL, route) {
					continue
				}
				seen++
				body, err := jsonschema.UnmarshalJSON(bytes.NewReader(c.Body))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(body); err != nil {
					t.Fatalf("%v in %s", err, c.Body)
				}
			}
			if seen < 20 {
				t.Errorf("only %d requests were seen", seen)
			}
		})
	}
}

// The schema of a summary keeps to the subset that both providers take: every member required, none else, no keyword outside it.
func TestSummarySchemaIsInTheStrictSubset(t *testing.T) {
	f := newFixture(t, nil)
	summarise(t, f, minutesDocument())
	var body struct {
		ResponseFormat struct {
			JSONSchema struct {
				Strict bool           `json:"strict"`
				Schema map[string]any `json:"schema"`
			} `json:"json_schema"`
		} `json:"response_format"`
	}
	if err := json.Unmarshal(f.srv.Calls()[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	if !body.ResponseFormat.JSONSchema.Strict {
		t.Error("the schema is not sent as strict")
	}
	checkStrict(t, "", body.ResponseFormat.JSONSchema.Schema)
}

func checkStrict(t *testing.T, path string, s map[string]any) {
	t.Helper()
	for k := range s {
		if !strings.Contains(" type properties required additionalProperties items description enum ", " "+k+" ") {
			t.Errorf("%s: %s is outside the subset", path, k)
		}
	}
	switch s["type"] {
	case "object":
		properties, _ := s["properties"].(map[string]any)
		required, _ := s["required"].([]any)
		if s["additionalProperties"] != false || len(required) != len(properties) || len(properties) == 0 {
			t.Errorf("%s: %d properties, %d required, additional %v", path, len(properties), len(required), s["additionalProperties"])
		}
		for name, p := range properties {
			checkStrict(t, path+"/"+name, p.(map[string]any))
		}
	case "array":
		checkStrict(t, path+"/*", s["items"].(map[string]any))
	}
}
