// Command benchmodels measures what stands around the calls to a model, with the model server of llm/llmtest in a model's place: wall time
// of long documents beside the sequential way, what is read of a document over its cap, caps under concurrent work, and claims that are
// looked up. It writes docs/benchmarks-models.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/agent/budget"
	"github.com/aidoc-pipeline/aidoc-agent/agent/journal"
	"github.com/aidoc-pipeline/aidoc-agent/llm"
	"github.com/aidoc-pipeline/aidoc-agent/llm/llmtest"
)

// model is the name that calls are priced by; the server answers to any.
const model = "gpt-4.1-mini"

var modelPrice = map[string]llm.Price{model: {In: 0.4, Out: 1.6}}

func main() {
	corpus := flag.String("corpus", "../shared/corpus", "folder of the documents that claims are looked up in")
	out := flag.String("out", "docs/benchmarks-models.md", "the report")
	rounds := flag.Int("rounds", 3, "how often each time is taken; the median is reported")
	delay := flag.Duration("delay", 300*time.Millisecond, "what a call to the model takes")
	flag.Parse()
	if err := run(*corpus, *out, *rounds, *delay); err != nil {
		fmt.Fprintln(os.Stderr, "benchmodels:", err)
		os.Exit(1)
	}
}

func run(corpus, out string, rounds int, delay time.Duration) error {
	ctx := context.Background()
	var b strings.Builder
	fmt.Fprintf(&b, "# Calls to a model\n\nWritten by `make bench-summaries` (`test/benchmodels`). The model is the server of `llm/llmtest`: it answers after %v, and its answers\nsay nothing about a real model. Dollars are at the price of %s.\n\n", delay, model)
	for _, part := range []func(context.Context, *strings.Builder) error{
		func(ctx context.Context, b *strings.Builder) error { return wallTimes(ctx, b, rounds, delay) },
		inPart,
		choosing,
		capUnderWorkers,
		func(ctx context.Context, b *strings.Builder) error { return claims(ctx, b, corpus) },
	} {
		if err := part(ctx, &b); err != nil {
			return err
		}
	}
	return os.WriteFile(out, []byte(b.String()), 0o644)
}

func document(pages int) llm.Document {
	d := llm.Document{Title: "Annual report", Filename: "report.pdf"}
	for i, text := range llmtest.ReportPages(pages) {
		d.Pages = append(d.Pages, llm.Page{Number: i + 1, Text: text})
	}
	return d
}

func engine(srv *llmtest.Server, change func(*llm.Config)) (*llm.Engine, error) {
	c := llm.Config{Provider: "openai", Model: model, BaseURL: srv.OpenAIURL(), Prices: modelPrice, ContextTokens: 128_000}
	change(&c)
	return llm.NewFromConfig(c)
}

// wallTimes takes both ways in turn, so that the machine's mood falls on both.
func wallTimes(ctx context.Context, b *strings.Builder, rounds int, delay time.Duration) error {
	b.WriteString("## Wall time of long documents\n\nEight calls at a time (the default), and one after the other, in turn; medians.\n\n" +
		"| pages | calls | tokens in | tokens out | US dollars | concurrent | one after the other | ratio |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, pages := range []int{100, 500} {
		var fast, slow []time.Duration
		var s llm.Summary
		for range rounds {
			for _, way := range []struct {
				calls int
				took  *[]time.Duration
			}{{8, &fast}, {1, &slow}} {
				srv := llmtest.NewServer(llmtest.Always(llmtest.Reply{Delay: delay}))
				e, err := engine(srv, func(c *llm.Config) { c.MaxConcurrency = way.calls })
				if err != nil {
					return err
				}
				start := time.Now()
				s, err = e.Summarise(ctx, document(pages), nil, nil)
				*way.took = append(*way.took, time.Since(start))
				srv.Close()
				if err != nil {
					return err
				}
			}
		}
		f, l := median(fast), median(slow)
		fmt.Fprintf(b, "| %d | %d | %d | %d | %.4f | %.1f s | %.1f s | %.1f |\n", pages, s.Calls, s.TokensIn, s.TokensOut, s.CostUSD, f.Seconds(), l.Seconds(), l.Seconds()/f.Seconds())
	}
	b.WriteString("\n")
	return nil
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

// inPart reads 619 pages within 60,000 tokens.
func inPart(ctx context.Context, b *strings.Builder) error {
	const pages, limit, parts = 619, 60_000, 10
	srv := llmtest.NewServer(nil)
	defer srv.Close()
	e, err := engine(srv, func(c *llm.Config) { c.Budget.MaxTokens = limit })
	if err != nil {
		return err
	}
	start := time.Now()
	s, err := e.Summarise(ctx, document(pages), nil, nil)
	if err != nil {
		return err
	}
	covered := map[int]bool{}
	for _, p := range s.PagesRead {
		covered[(p-1)*parts/pages] = true
	}
	whole, err := engine(srv, func(*llm.Config) {})
	if err != nil {
		return err
	}
	plan, err := whole.Plan(ctx, document(pages), nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "## A document over its cap\n\n%d pages, cap %d tokens; all of them would take up to %d tokens and %d calls. Read: passages of %d pages, from %d of the document's %d tenths,\n"+
		"in %d calls; billed %d tokens. Choosing and all calls took %.1f s.\n\n", pages, limit, plan.AtMost().Tokens(), plan.AtMost().Calls,
		len(s.PagesRead), len(covered), parts, s.Calls, s.TokensIn+s.TokensOut, time.Since(start).Seconds())
	return nil
}

// choosing reads long documents within caps in dollars and in tokens, by words and by embeddings.
func choosing(ctx context.Context, b *strings.Builder) error {
	const parts = 10
	b.WriteString("## Passages chosen by words and by embeddings\n\nThe vectors are made of words by the test server: they show what choosing costs, not how well a model chooses. Embeddings are priced like\n" +
		"text-embedding-3-small. Dollars are of all calls.\n\n| pages | cap | chosen by | calls for vectors | tokens for vectors | pages read | tenths covered | tokens billed | US dollars | time |\n|---:|---|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, c := range []struct {
		pages int
		cap   string
		limit llm.Budget
	}{{619, "0.02 US dollars", llm.Budget{MaxUSD: 0.02}}, {619, "60000 tokens", llm.Budget{MaxTokens: 60_000}}, {200, "60000 tokens", llm.Budget{MaxTokens: 60_000}}} {
		for _, model := range []string{"", "text-embedding-3-small"} {
			srv := llmtest.NewServer(nil)
			e, err := engine(srv, func(conf *llm.Config) {
				conf.Budget, conf.Embeddings = c.limit, model
				conf.Prices = maps.Clone(conf.Prices)
				conf.Prices["text-embedding-3-small"] = llm.Price{In: 0.02}
			})
			if err != nil {
				return err
			}
			start := time.Now()
			s, err := e.Summarise(ctx, document(c.pages), nil, nil)
			took := time.Since(start)
			srv.Close()
			if err != nil {
				return err
			}
			covered := map[int]bool{}
			for _, p := range s.PagesRead {
				covered[(p-1)*parts/c.pages] = true
			}
			calls, tokens := vectorsOf(srv.Calls())
			way := "words"
			if calls > 0 {
				way = "embeddings"
			} else if model != "" {
				way = "words: a fifth of the cap does not pay for embeddings"
			}
			fmt.Fprintf(b, "| %d | %s | %s | %d | %d | %d | %d | %d | %.4f | %.1f s |\n", c.pages, c.cap, way, calls, tokens, len(s.PagesRead), len(covered), s.TokensIn+s.TokensOut, s.CostUSD, took.Seconds())
		}
	}
	b.WriteString("\n")
	return nil
}

// vectorsOf counts the calls for vectors, and their tokens as the server counts them.
func vectorsOf(all []llmtest.Call) (calls, tokens int) {
	for _, c := range all {
		if c.API == "embeddings" {
			calls++
			for _, t := range c.Input {
				tokens += (len(t) + 3) / 4
			}
		}
	}
	return calls, tokens
}

// capUnderWorkers works off documents until the day's cap is reached, eight at a time.
func capUnderWorkers(ctx context.Context, b *strings.Builder) error {
	const documents, workers, limit = 80, 8, 100_000
	dir, err := os.MkdirTemp("", "benchmodels")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	j, err := journal.Open(ctx, filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		return err
	}
	defer j.Close()
	var mu sync.Mutex
	billed := 0
	money := budget.New(budget.Options{Ledger: j, Caps: budget.Caps{Day: budget.Amount{Tokens: limit}}, Log: slog.New(slog.DiscardHandler),
		Booked: func(c llm.Charge) { mu.Lock(); billed += c.Tokens(); mu.Unlock() }})
	srv := llmtest.NewServer(llmtest.Always(llmtest.Reply{Delay: 5 * time.Millisecond}))
	defer srv.Close()
	e, err := engine(srv, func(c *llm.Config) { c.MaxConcurrency = workers })
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	next := make(chan int)
	done, stopped, other := 0, 0, error(nil)
	for range workers {
		group.Go(func() {
			for n := range next {
				err := summarise(ctx, e, money, n)
				mu.Lock()
				switch {
				case err == nil:
					done++
				case budget.Over(err) != nil:
					stopped++
				default:
					other = err
				}
				mu.Unlock()
			}
		})
	}
	for n := range documents {
		next <- n
	}
	close(next)
	group.Wait()
	if other != nil {
		return other
	}
	fmt.Fprintf(b, "## A day's cap under eight workers\n\n%d documents, %d at a time, %d tokens a day for all: %d summarised, %d kept waiting by the cap; billed %d tokens, %s.\n\n",
		documents, workers, limit, done, stopped, billed, overOrWithin(billed, limit))
	return nil
}

func overOrWithin(billed, limit int) string {
	if billed > limit {
		return fmt.Sprintf("**%d over the cap**", billed-limit)
	}
	return fmt.Sprintf("never over the cap, %d below it", limit-billed)
}

func summarise(ctx context.Context, e *llm.Engine, money *budget.Budget, n int) error {
	purse, err := money.Open(ctx, budget.Document{Key: journal.KeyOfDocument{Document: fmt.Sprint(n)}})
	if err != nil {
		return err
	}
	d := document(3 + n%5)
	d.Pages[0].Text = fmt.Sprintf("Volume %d.\n\n%s", n, d.Pages[0].Text)
	d.Ledger = purse
	_, err = e.Summarise(ctx, d, nil, nil)
	return err
}

var claimsLine = regexp.MustCompile(`(true claims lost|false claims caught): (\d+) of (\d+); (.*)`)

// claims runs the benchmark of planted claims, which lives beside what it measures.
func claims(ctx context.Context, b *strings.Builder, corpus string) error {
	abs, err := filepath.Abs(corpus)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-run", "^TestPlantedClaims$", "-v", "./llm/internal/grounding")
	cmd.Env = append(os.Environ(), "AIDOC_CORPUS="+abs)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("planted claims: %w\n%s", err, out)
	}
	lines := claimsLine.FindAllStringSubmatch(string(out), -1)
	if len(lines) != 2 {
		return fmt.Errorf("planted claims: no figures in\n%s", out)
	}
	b.WriteString("## Claims that are looked up\n\nClaims made of sentences of the corpus' documents in the ways in which models write them, and false ones made of them by changing what matters.\n\n| | all | by kind |\n|---|---:|---|\n")
	for _, l := range lines {
		fmt.Fprintf(b, "| %s | %s of %s | %s |\n", l[1], l[2], l[3], l[4])
	}
	b.WriteString("\n")
	return nil
}
