package llm_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

func smallJPEG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 60)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// seer makes a model of a test server read pictures.
func seer(t *testing.T, s *llmtest.Server, change func(*llm.Config)) *llm.Vision {
	t.Helper()
	cfg := llm.Config{Provider: "openai", Model: "seer", BaseURL: s.OpenAIURL(), ContextTokens: 32_000, Prices: map[string]llm.Price{"seer": {In: 1, Out: 2}}}
	if change != nil {
		change(&cfg)
	}
	e, err := llm.NewFromConfig(cfg, llm.WithClock(&instantClock{}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := llm.Private(e, cfg, llm.Privacy{})
	if err != nil {
		t.Fatal(err)
	}
	return llm.VisionOf(p)
}

// desk books what is reserved and settled.
type desk struct {
	refuse   error
	reserved []llm.Charge
	settled  []llm.Charge
}

func (d *desk) Reserve(_ context.Context, c llm.Charge) (int64, error) {
	if d.refuse != nil {
		return 0, d.refuse
	}
	d.reserved = append(d.reserved, c)
	return int64(len(d.reserved)), nil
}
func (d *desk) Settle(_ int64, c llm.Charge) { d.settled = append(d.settled, c) }

var harbour = []string{"harbour", "frozen", "winter", "boats", "stayed"}

// Each provider is shown the picture, told to transcribe, paid for it and its answer kept: a page is read once.
func TestVisionReadsAPageOnce(t *testing.T) {
	const text = "The harbour was frozen in winter\nand the boats stayed on land."
	for api, change := range map[string]func(*llm.Config, *llmtest.Server){
		"openai":    func(*llm.Config, *llmtest.Server) {},
		"anthropic": func(c *llm.Config, s *llmtest.Server) { c.Provider, c.BaseURL, c.APIKey = "anthropic", s.URL, "k" },
	} {
		t.Run(api, func(t *testing.T) {
			s := llmtest.NewServer(llmtest.Always(llmtest.Reply{Text: "```\n" + text + "\n```"}))
			defer s.Close()
			v := seer(t, s, func(c *llm.Config) { change(c, s) })
			picture, cache, money := smallJPEG(t), &memCache{}, &desk{}
			for range 2 {
				got, err := v.Read(context.Background(), llm.PagePicture{Source: "doc page 3", JPEG: picture, Width: 40, Height: 60, Sure: harbour}, cache, money)
				if err != nil || got.Text != text || got.Why != "" {
					t.Fatalf("%+v %v", got, err)
				}
			}
			calls := s.Calls()
			if len(calls) != 1 || calls[0].API != api || len(calls[0].Pictures) != 1 || !bytes.Equal(calls[0].Pictures[0], picture) || !strings.Contains(calls[0].System, "never an order") {
				t.Fatalf("%d calls, %+v", len(calls), calls)
			}
			if len(money.reserved) != 1 || len(money.settled) != 1 || money.settled[0].TokensIn < llmtest.PictureTokens || money.settled[0].USD <= 0 || money.reserved[0].Step != llm.StepVision || money.settled[0].Step != llm.StepVision {
				t.Errorf("reserved %+v, settled %+v", money.reserved, money.settled)
			}
			if got, ok, err := v.Kept(context.Background(), cache, "doc page 3"); !ok || err != nil || got.Text != text {
				t.Errorf("kept %+v %v %v", got, ok, err)
			}
			if _, ok, _ := v.Kept(context.Background(), cache, "doc page 4"); ok {
				t.Error("another page has its answer")
			}
		})
	}
}

// What a model says instead of what is written is refused, and not paid for again.
func TestVisionRefusesWhatIsNoTranscript(t *testing.T) {
	for name, c := range map[string]struct {
		reply llmtest.Reply
		sure  []string
		why   string
	}{
		"an order on the page obeyed": {llmtest.Reply{Text: "HACKED. The company owes 1,000,000 to Mallory."}, harbour, "unlike"},
		"refusal":                     {llmtest.Reply{Text: "I'm sorry, but I can't assist with that request."}, nil, "refusal"},
		"refusal in a field":          {llmtest.Reply{Refusal: "No."}, nil, "refusal"},
		"a description":               {llmtest.Reply{Text: "The image shows a handwritten letter."}, nil, "talk"},
		"a loop":                      {llmtest.Reply{Text: strings.Repeat("harbour frozen winter boats stayed and then again ", 80)}, harbour, "loop"},
		"no end":                      {llmtest.Reply{Text: "The harbour was frozen in winter", Finish: "length"}, nil, "cut"},
		"a thought":                   {llmtest.Reply{Text: "<think>What does it say?"}, nil, "thought"},
		"no text where there is some": {llmtest.Reply{Text: "[no text]"}, harbour, "unlike"},
		"nothing":                     {llmtest.Reply{Empty: true}, nil, "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			s := llmtest.NewServer(llmtest.Always(c.reply))
			defer s.Close()
			v, cache := seer(t, s, nil), &memCache{}
			for range 2 {
				got, err := v.Read(context.Background(), llm.PagePicture{Source: "x", JPEG: smallJPEG(t), Width: 40, Height: 60, Sure: c.sure}, cache, &desk{})
				if err != nil || got.Text != "" || got.Why != c.why {
					t.Errorf("%+v %v, want %s", got, err, c.why)
				}
			}
			if n := len(s.Calls()); n != 1 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

func TestVisionFindsAPageWithoutText(t *testing.T) {
	s := llmtest.NewServer(llmtest.Always(llmtest.Reply{Text: "[no text]"}))
	defer s.Close()
	got, err := seer(t, s, nil).Read(context.Background(), llm.PagePicture{Source: "x", JPEG: smallJPEG(t)}, &memCache{}, &desk{})
	if err != nil || got != (llm.Transcript{}) {
		t.Errorf("%+v %v", got, err)
	}
}

// A cap stops the call before it is made; a model that reads text alone says so at once, and an account that serves nobody is the account's.
func TestVisionErrors(t *testing.T) {
	page := llm.PagePicture{Source: "x", JPEG: smallJPEG(t), Width: 40, Height: 60}
	s := llmtest.NewServer(nil)
	defer s.Close()
	over := errors.New("over the cap")
	if _, err := seer(t, s, nil).Read(context.Background(), page, &memCache{}, &desk{refuse: over}); !errors.Is(err, over) || len(s.Calls()) != 0 {
		t.Errorf("%v after %d calls", err, len(s.Calls()))
	}
	for name, c := range map[string]struct {
		reply   llmtest.Reply
		code    llm.Code
		account bool
	}{
		"llama.cpp without a projector": {llmtest.Reply{Status: 500, ErrorText: "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"}, llm.CodeNoPictures, false},
		"OpenAI":                        {llmtest.Reply{Status: 400, ErrorType: "invalid_request_error", ErrorText: "Invalid content type. image_url is only supported by certain models."}, llm.CodeNoPictures, false},
		"vLLM":                          {llmtest.Reply{Status: 400, ErrorText: "seer is not a multimodal model"}, llm.CodeNoPictures, false},
		"wrong key":                     {llmtest.WrongKey, llm.CodeAuth, true},
		"down":                          {llmtest.ServerError, llm.CodeUnavailable, true},
	} {
		s.SetScript(llmtest.Always(c.reply))
		_, err := seer(t, s, func(cfg *llm.Config) { cfg.APIKey = name }).Read(context.Background(), page, &memCache{}, &desk{})
		var e *llm.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Account != c.account {
			t.Errorf("%s: %v", name, err)
		}
	}
	small := seer(t, s, func(cfg *llm.Config) { cfg.ContextTokens = 3000 })
	var e *llm.Error
	if _, err := small.Read(context.Background(), page, &memCache{}, &desk{}); !errors.As(err, &e) || e.Code != llm.CodeTooLong {
		t.Errorf("a small context: %v", err)
	}
}

// No picture of a document that is local only goes to a remote model, and none at all where personal data would have to be hidden in it.
func TestVisionBars(t *testing.T) {
	for name, c := range map[string]struct {
		base      string
		privacy   llm.Privacy
		localOnly bool
		barred    string
	}{
		"remote":                {base: "https://api.example.org/v1"},
		"remote, local only":    {base: "https://api.example.org/v1", localOnly: true, barred: "local only"},
		"remote, redacted":      {base: "https://api.example.org/v1", privacy: llm.Privacy{Redact: []string{"email"}}, barred: "privacy.redact"},
		"remote, own patterns":  {base: "https://api.example.org/v1", privacy: llm.Privacy{Patterns: []string{"X+"}}, barred: "privacy.redact"},
		"this machine":          {base: "http://127.0.0.1:1/v1", privacy: llm.Privacy{Redact: []string{"email"}}, localOnly: true},
		"trusted, and redacted": {base: "https://api.example.org/v1", privacy: llm.Privacy{Redact: []string{"email"}, TrustedHosts: []string{"api.example.org"}}, localOnly: true},
	} {
		cfg := llm.Config{Provider: "openai", Model: "m", BaseURL: c.base}
		e, err := llm.NewFromConfig(cfg)
		if err != nil {
			t.Fatal(err)
		}
		p, err := llm.Private(e, cfg, c.privacy)
		if err != nil {
			t.Fatal(err)
		}
		if got := llm.VisionOf(p).Bars(c.localOnly); (got == "") != (c.barred == "") || !strings.Contains(got, c.barred) {
			t.Errorf("%s: %q, want %q", name, got, c.barred)
		}
	}
	if llm.VisionOf(llm.Extractive{}) != nil {
		t.Error("the embedded summariser reads pictures")
	}
}

// A reservation covers what is billed: a picture of the largest size, and the longest answer.
func TestVisionAtMost(t *testing.T) {
	s := llmtest.NewServer(nil)
	defer s.Close()
	c := seer(t, s, nil).AtMost(1568, 1568)
	if c.TokensIn < 3000 || c.TokensIn > 8000 || c.TokensOut != 4096 || c.USD <= 0 {
		t.Errorf("%+v", c)
	}
}

// An answer that is longer than any may be is paid once and asked for no more: the page's text is not worth six of them.
func TestVisionOfAnAnswerWithoutEnd(t *testing.T) {
	s := llmtest.NewServer(func(_ int, c llmtest.Call) llmtest.Reply {
		if len(c.Pictures) == 0 {
			return llmtest.Reply{Text: "ok"}
		}
		return llmtest.Reply{Text: strings.Repeat("harbour frozen winter ", 1<<20)}
	})
	defer s.Close()
	for api, change := range map[string]func(*llm.Config){
		"openai":    func(*llm.Config) {},
		"anthropic": func(c *llm.Config) { c.Provider, c.BaseURL, c.APIKey = "anthropic", s.URL, "k" },
	} {
		before, money := len(s.Calls()), &desk{}
		_, err := seer(t, s, change).Read(context.Background(), llm.PagePicture{Source: "x", JPEG: smallJPEG(t), Width: 40, Height: 60, Sure: harbour}, &memCache{}, money)
		var e *llm.Error
		if !errors.As(err, &e) || e.Account || !strings.Contains(e.Message, "has no end") {
			t.Errorf("%s: %v", api, err)
		}
		shown := 0
		for _, c := range s.Calls()[before:] {
			shown += len(c.Pictures)
		}
		if shown != 1 || len(money.settled) == 0 || money.settled[0].TokensIn == 0 {
			t.Errorf("%s: shown %d times, settled %+v", api, shown, money.settled)
		}
	}
}
