package llm_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

const letter = `Anna Berg asks the council for a ramp at the town hall. She can be reached at anna.berg@example.org or under +44 20 7946 0958.

The ramp costs 12,000 euros, which are to be paid to DE89 3704 0044 0532 0130 00. Case number AZ-2024/17. Her office, anna.berg@example.org, waits for the council's decision in May.`

// remote is a configuration whose text leaves the machine; the tests' engine speaks to a server here all the same.
var remote = llm.Config{Provider: "openai"}

func letterDocument() llm.Document {
	return llm.Document{Title: "Letter of anna.berg@example.org", Filename: "letter.txt", Pages: []llm.Page{{Number: 1, Text: letter}}}
}

func private(t *testing.T, s llm.Summariser, c llm.Config, p llm.Privacy) llm.Summariser {
	t.Helper()
	g, err := llm.Private(s, c, p)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRemoteModelSeesNoPersonalData(t *testing.T) {
	f, cache := newFixture(t, llmtest.Always(llmtest.Reply{Text: "# Ramp asked for by [EMAIL-1]\n\nThe council is asked for a ramp at the town hall by [EMAIL-1] ([PHONE-1]).\n\n## Key points\n\n" +
		"- 12,000 euros are to be paid to **[IBAN-1]** in the case HIDDEN-1. (p. 1)\n- An answer by [EMAIL-1] or [EMAIL-2] is waited for. (p. 1)"})), &memCache{}
	g := private(t, f.engine(t), remote, llm.Privacy{Redact: []string{"email", "phone", "iban"}, Patterns: []string{`AZ-\d+/\d+`}})
	s, err := g.Summarise(context.Background(), letterDocument(), cache, nil)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{"anna.berg", "example.org", "7946", "DE89", "3704", "AZ-2024"}
	for _, secret := range secrets {
		for _, c := range f.srv.Calls() {
			if strings.Contains(c.System+c.User, secret) {
				t.Errorf("%q was sent:\n%s", secret, c.User)
			}
		}
		for key, kept := range cache.m {
			if strings.Contains(key+kept.Text, secret) {
				t.Errorf("%q is in the cache of answers", secret)
			}
		}
	}
	if sys := f.srv.Calls()[0].System; !strings.Contains(sys, "[EMAIL-1]") {
		t.Errorf("the model is not told what the marks are:\n%s", sys)
	}
	if s.Title != "Ramp asked for by anna.berg@example.org" || s.Hidden != 4 {
		t.Errorf("title %q, %d hidden", s.Title, s.Hidden)
	}
	for _, want := range []string{"anna.berg@example.org (+44 20 7946 0958)", "DE89 3704 0044 0532 0130 00", "AZ-2024/17", "\\[EMAIL-2\\]"} {
		if !strings.Contains(s.Markdown, want) {
			t.Errorf("%q is missing in\n%s", want, s.Markdown)
		}
	}
}

func TestRestoredDataIsTextAndNeverForm(t *testing.T) {
	f := newFixture(t, llmtest.Always(llmtest.Reply{Text: "# Orders\n\nThe order HIDDEN-1 was placed by the council last week.\n\n## Key points\n\n- HIDDEN-1 is to be delivered in May. (p. 1)"}))
	g := private(t, f.engine(t), remote, llm.Privacy{Patterns: []string{`<b>.*?</b>`}})
	d := llm.Document{Pages: []llm.Page{{Number: 1, Text: "The order <b>[x](http://evil.example) # y</b> was placed by the council last week. It is to be delivered in May."}}}
	s, err := g.Summarise(context.Background(), d, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Blocks[0].Runs[0].Text; len(s.Blocks[0].Runs) != 1 || !strings.Contains(got, "<b>[x](http://evil.example) # y</b>") {
		t.Errorf("the value did not come back as plain text: %+v", s.Blocks[0])
	}
}

func TestLocalOnlyDocumentsDoNotLeave(t *testing.T) {
	d := letterDocument()
	d.LocalOnly = true
	for name, c := range map[string]struct {
		config llm.Config
		trust  []string
		leaves bool
	}{
		"OpenAI":            {remote, nil, false},
		"Anthropic":         {llm.Config{Provider: "anthropic"}, nil, false},
		"a server far away": {llm.Config{Provider: "openai", BaseURL: "https://models.example.org/v1"}, nil, false},
		"name like ours":    {llm.Config{Provider: "openai", BaseURL: "http://localhost.example.org/v1"}, nil, false},
		"userinfo":          {llm.Config{Provider: "openai", BaseURL: "http://127.0.0.1@models.example.org/v1"}, nil, false},
		"in the office":     {llm.Config{Provider: "openai", BaseURL: "http://10.20.0.7:8000/v1"}, nil, false},
		"loopback":          {llm.Config{Provider: "openai", BaseURL: "http://127.0.0.2:11434/v1"}, nil, true},
		"loopback of IPv6":  {llm.Config{Provider: "openai", BaseURL: "http://[::1]:11434/v1"}, nil, true},
		"localhost":         {llm.Config{Provider: "openai", BaseURL: "http://localhost:11434/v1"}, nil, true},
		"trusted network":   {llm.Config{Provider: "openai", BaseURL: "http://10.20.0.7:8000/v1"}, []string{"10.20.0.0/16"}, true},
		"other network":     {llm.Config{Provider: "openai", BaseURL: "http://10.21.0.7:8000/v1"}, []string{"10.20.0.0/16"}, false},
		"trusted name":      {llm.Config{Provider: "openai", BaseURL: "https://Models.Example.org/v1"}, []string{"models.example.org"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil)
			g := private(t, f.engine(t), c.config, llm.Privacy{TrustedHosts: c.trust})
			s, err := g.Summarise(context.Background(), d, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if sent := len(f.srv.Calls()) > 0; sent != c.leaves {
				t.Errorf("sent: %v, want %v", sent, c.leaves)
			}
			if !c.leaves && s.Provider != "extractive" {
				t.Errorf("summarised by %q, want the embedded summariser", s.Provider)
			}
		})
	}
}

func TestPrivacyRefusesWhatItCannotHold(t *testing.T) {
	for say, p := range map[string]llm.Privacy{
		"no kind of personal data":                    {Redact: []string{"names"}},
		"is no regular expression of Go":              {Patterns: []string{"("}},
		"write a host, an address, or a network such": {TrustedHosts: []string{"10.20.0.0/99"}},
	} {
		if _, err := llm.Private(llm.Extractive{}, remote, p); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%+v: %v, want %q", p, err, say)
		}
	}
}
