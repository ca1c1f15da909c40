package llm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/tokens"
)

// scripted is a provider whose answers are a function of the prompt.
type scripted struct {
	context int
	calls   atomic.Int64
	answer  func(p Prompt) (string, error)
}

func (s *scripted) Name() string       { return "scripted" }
func (s *scripted) Model() string      { return "scripted" }
func (s *scripted) ContextTokens() int { return s.context }

func (s *scripted) Complete(_ context.Context, p Prompt) (Completion, error) {
	s.calls.Add(1)
	text, err := s.answer(p)
	return Completion{Text: text, TokensIn: 1, TokensOut: 1}, err
}

// noteOf is a list of notes of exactly n tokens as the engine counts them, another one for each seed.
func noteOf(n, seed int) string {
	var b strings.Builder
	for i, used := 0, 0; used < n-30; i++ {
		line := fmt.Sprintf("- The %dth fact of part %d is told here (p. %d)\n", i*7+seed, seed, seed%90+1)
		used += tokens.Estimate(line)
		b.WriteString(line)
	}
	s := strings.TrimSpace(b.String())
	for have := tokens.Estimate(s); have > n; have = tokens.Estimate(s) {
		s = strings.TrimSpace(s[:strings.LastIndexByte(s, '\n')])
	}
	for i := seed; tokens.Estimate(s) < n-4; i += 3 {
		s += fmt.Sprintf(" %c%d", 'a'+i%26, i)
	}
	for tokens.Estimate(s) < n {
		s += "e"
	}
	return s
}

const wholeSummary = "# A summary\n\nThe document tells many facts in many parts.\n\n## Key points\n\n- There are many facts (p. 1)"

func longText(pages int) Document {
	var d Document
	for p := range pages {
		var b strings.Builder
		for i := range 60 {
			fmt.Fprintf(&b, "Sentence %d of page %d tells about topic %d. ", i, p+1, (i*7+p)%13)
		}
		d.Pages = append(d.Pages, prose.Page{Number: p + 1, Text: b.String()})
	}
	return d
}

func isFinal(p Prompt) bool { return strings.Contains(p.User, "notes on all consecutive") }

// Notes of exactly half the room do not fit a group in twos by a few tokens: the reduction must end all the same, whatever their size.
// (LangChain #16251: documents that cannot collapse under token_max are collapsed for ever.)
func TestReductionEndsWhateverSizeNotesHave(t *testing.T) {
	Computes(t) // the same reduction, of two levels, is watched in the next test
	for _, contextSize := range []int{2600, 8192} {
		p := &scripted{context: contextSize}
		e, err := New(p, Config{})
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{e.chunk()/2 - 3, e.chunk()/2 - 2, e.chunk() / 2, e.chunk()/2 + 1, e.chunk()/3 + 1, e.chunk() - 1, e.chunk(), 2 * e.chunk()} {
			t.Run(fmt.Sprintf("%d of %d", size, e.chunk()), func(t *testing.T) {
				var seed atomic.Int64
				p.answer = func(p Prompt) (string, error) {
					if isFinal(p) {
						return wholeSummary, nil
					}
					return noteOf(size, int(seed.Add(1))), nil
				}
				ctx, stop := context.WithTimeout(context.Background(), time.Minute) // it would go on for ever; a busy machine is no fault
				defer stop()
				before := p.calls.Load()
				s, err := e.Summarise(ctx, longText(contextSize/200), nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				if n := p.calls.Load() - before; int(n) > 3*s.Chunks+2 {
					t.Errorf("%d calls for %d chunks", n, s.Chunks)
				}
			})
		}
	}
}

// A cancelled run ends between any two levels, also where no level calls the model.
func TestReductionHeedsItsContextAtEveryLevel(t *testing.T) {
	why := errors.New("stopped")
	p := &scripted{context: 4096}
	e, err := New(p, Config{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	var seed, reductions atomic.Int64
	p.answer = func(q Prompt) (string, error) {
		if strings.Contains(q.User, "Merge them into one list") && reductions.Add(1) == 1 {
			cancel(why)
		}
		return noteOf(e.chunk()/2, int(seed.Add(1))), nil
	}
	if _, err := e.Summarise(ctx, longText(80), nil, nil); !errors.Is(err, why) {
		t.Fatalf("got %v", err)
	}
	if n := reductions.Load(); n == 0 {
		t.Fatal("no reduction was reached")
	}
}

// What is sent to the model never exceeds its context, however the notes grow. (LangChain #13230: the combined notes are longer than the
// model takes.)
func TestCombinedNotesNeverExceedTheContext(t *testing.T) {
	Computes(t)
	p := &scripted{context: 4096}
	var seed atomic.Int64
	p.answer = func(q Prompt) (string, error) {
		n := tokens.Estimate(q.System) + tokens.Estimate(q.User) + q.MaxTokens
		if q.Structured != nil {
			n = max(n, tokens.Estimate(q.System)+tokens.Estimate(q.Structured.User)+tokens.Estimate(string(q.Structured.Schema))+q.MaxTokens)
		}
		if n > p.context {
			t.Errorf("a prompt of %d tokens for a context of %d", n, p.context)
		}
		if isFinal(q) {
			return wholeSummary, nil
		}
		return noteOf(5000, int(seed.Add(1))), nil // a server that pays no heed to max_tokens
	}
	e, err := New(p, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Summarise(context.Background(), longText(40), nil, nil); err != nil {
		t.Fatal(err)
	}
}

// A server with less context than it says is served in smaller pieces, down to a bound, and then the reason is told.
func TestSmallerContextThanSaidEndsInItsReason(t *testing.T) {
	p := &scripted{context: 8192, answer: func(Prompt) (string, error) {
		return "", &Error{Code: CodeTooLong, Message: "too long"}
	}}
	e, err := New(p, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Summarise(context.Background(), longText(12), nil, nil); !isCode(err, CodeTooLong) {
		t.Fatalf("got %v", err)
	}
	if n := p.calls.Load(); n > 60 {
		t.Errorf("%d calls", n)
	}
}

// Answers to another question ("no changes needed") must not become notes or the summary. (LangChain #2504.)
func TestNoChangesNeededIsNoSummary(t *testing.T) {
	for _, text := range []string{
		"Return original summary.", "The original summary remains appropriate.", "No changes needed to the original summary.",
		"The existing summary remains sufficient in capturing the key points discussed", "No changes needed.",
		"No refinement needed, as the new context does not provide any additional information on the content of the discussion or its key takeaways.",
		"The existing summary is already comprehensive and does not require any refinement based on the additional context provided",
	} {
		p := &scripted{context: 8192, answer: func(Prompt) (string, error) { return text, nil }}
		e, err := New(p, Config{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Summarise(context.Background(), longText(2), nil, nil)
		var x *Error
		if !errors.As(err, &x) || x.Reason != "nochange" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Progress is told at every level: done never exceeds total, and both end equal.
func TestProgressIsToldAtEveryLevel(t *testing.T) {
	p := &scripted{context: 4096}
	e, err := New(p, Config{})
	if err != nil {
		t.Fatal(err)
	}
	var seed, reductions atomic.Int64
	p.answer = func(q Prompt) (string, error) {
		if isFinal(q) {
			return wholeSummary, nil
		}
		if strings.Contains(q.User, "Merge them into one list") {
			reductions.Add(1)
		}
		return noteOf(e.chunk()/3, int(seed.Add(1))), nil
	}
	done, total := 0, 0
	_, err = e.Summarise(context.Background(), longText(80), nil, func(d, n int) {
		if d < done || n < total || d > n {
			t.Errorf("%d of %d after %d of %d", d, n, done, total)
		}
		done, total = d, n
	})
	if err != nil {
		t.Fatal(err)
	}
	if done != total || int64(total) < reductions.Load() || reductions.Load() < 2 {
		t.Errorf("ends at %d of %d, %d reductions", done, total, reductions.Load())
	}
}

// A model that now and then answers with nothing at all must not leave the summary empty, at whatever step it does: the question is put again.
// (LangChain #21406: output_text is occasionally empty.)
func TestNowAndThenAnEmptyAnswerIsNoEmptySummary(t *testing.T) {
	for name, empty := range map[string]func(p Prompt) bool{
		"every third call": func(Prompt) bool { return true },
		"the last step":    isFinal,
		"the notes":        func(p Prompt) bool { return !isFinal(p) },
	} {
		t.Run(name, func(t *testing.T) {
			var asked, repeated, seed atomic.Int64
			p := &scripted{context: 4096}
			p.answer = func(q Prompt) (string, error) {
				again := strings.HasPrefix(q.User, "Your last answer could not be used")
				if !again && empty(q) && asked.Add(1)%3 == 1 {
					repeated.Add(1)
					return " \n", nil
				}
				if again {
					repeated.Add(-1)
				}
				if isFinal(q) {
					return wholeSummary, nil
				}
				return noteOf(200, int(seed.Add(1))), nil
			}
			e, err := New(p, Config{MaxConcurrency: 1})
			if err != nil {
				t.Fatal(err)
			}
			s, err := e.Summarise(context.Background(), longText(20), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(s.Markdown, "The document tells many facts") || asked.Load() == 0 || repeated.Load() != 0 {
				t.Errorf("%d questions, %d not put again, the summary is %q", asked.Load(), repeated.Load(), s.Markdown)
			}
		})
	}
	// One that never says anything ends in that reason, and nothing of it is kept.
	p := &scripted{context: 4096, answer: func(Prompt) (string, error) { return "", nil }}
	e, err := New(p, Config{})
	if err != nil {
		t.Fatal(err)
	}
	var x *Error
	if _, err = e.Summarise(context.Background(), longText(20), nil, nil); !errors.As(err, &x) || x.Code != CodeBadAnswer || x.Reason != "empty" {
		t.Errorf("got %v", err)
	}
}

// To make an engine, to look at its account and its configuration, loads no vocabulary: counting waits for a document.
func TestNewCountsNothing(t *testing.T) {
	counted := 0
	counting := func(e *Engine) { e.count = func(s string) int { counted++; return tokens.Estimate(s) } }
	e, err := New(&scripted{context: 128_000}, Config{}, counting)
	if err != nil {
		t.Fatal(err)
	}
	e.Outage()
	if e.Price(); counted != 0 {
		t.Errorf("counted %d texts before there was one", counted)
	}
	if e.chunk() != defaultChunk || counted == 0 {
		t.Errorf("chunks of %d", e.chunk())
	}
	if _, err := New(&scripted{context: 1500}, Config{}); err == nil {
		t.Error("a context without room for text was taken")
	}
}
