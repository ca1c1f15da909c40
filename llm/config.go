package llm

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/account"
)

// Config chooses a summariser. The zero value is the embedded extractive one.
type Config struct {
	Provider string // "extractive" (default), "openai" (and every compatible server), "anthropic"
	Model    string // required by servers other than OpenAI's and Anthropic's own
	BaseURL  string // empty: the provider's own; otherwise for example http://localhost:11434/v1
	APIKey   string // secret; never logged
	// Of OpenAI's API and gateways before it.
	Organization string
	Project      string
	Headers      map[string]string // sent with every call; may hold secrets

	Unfounded       string        // what becomes of statements that the document does not hold: UnfoundedMark (default) or UnfoundedDrop
	MaxConcurrency  int           // calls at a time, over all documents; 0: as many as the provider has room for, up to MostCalls
	ChunkTokens     int           // tokens of document text per call; 0: what fits the context, at most 12000
	OverlapTokens   int           // tokens of the chunk before that a chunk repeats; 0: none
	ContextTokens   int           // tokens of prompt and answer together; 0: known for the model, else 8192
	MaxOutputTokens int           // tokens of one answer; 0: 1500
	Language        string        // BCP 47 of the summary; empty: the document's own
	Embeddings      string        // model of /embeddings that places the passages of documents over their cap; empty: they are placed by their words
	Temperature     *float32      // nil: the server's default; left out for models that take none
	MaxAttempts     int           // tries of one call; 0: 6
	CallTimeout     time.Duration // one call; 0: 3 minutes

	Budget Budget
	Prices map[string]Price // by model name; overrides the built-in table

	Log *slog.Logger // of what falls short and stops nothing; nil: nowhere
}

// MostCalls is how many calls run at a time at the most, where none are set and the provider has room for them.
const MostCalls = 256

// calls are how many run at a time.
func (c Config) calls() account.Bounds {
	if c.MaxConcurrency > 0 {
		return account.Bounds{First: c.MaxConcurrency, Most: c.MaxConcurrency}
	}
	return account.Bounds{First: firstCalls, Most: MostCalls, Patience: c.callTimeout()}
}

func (c Config) callTimeout() time.Duration { return cmp.Or(max(c.CallTimeout, 0), defaultCallTimeout) }

// Budget limits what one document may cost. 0 means no limit.
type Budget struct {
	MaxTokens int     // prompt and answer tokens billed together
	MaxUSD    float64 // refused before the call that would pass it; needs a known price
}

// Validate names the first field that cannot work.
func (c Config) Validate() error {
	switch c.Provider {
	case "", "extractive":
		return nil
	case "openai", "anthropic":
	default:
		return fmt.Errorf("summary.provider %q is not known: use extractive, openai or anthropic", c.Provider)
	}
	switch c.Unfounded {
	case "", UnfoundedMark, UnfoundedDrop:
	default:
		return fmt.Errorf("summary.unfounded %q is not known: use mark or drop", c.Unfounded)
	}
	if c.BaseURL != "" {
		u, err := url.Parse(c.BaseURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			return fmt.Errorf("summary.base_url must be an http or https address without user name, for example http://localhost:11434/v1")
		}
	}
	if c.APIKey == "" && c.BaseURL == "" {
		env := map[string]string{"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}[c.Provider]
		return fmt.Errorf("summary.api_key is missing: set %s, or summary.base_url for a local server", env)
	}
	if c.Embeddings != "" && c.Provider != "openai" {
		return fmt.Errorf("summary.embeddings is %q, and %s has no embeddings: leave it empty", c.Embeddings, c.Provider)
	}
	if c.BaseURL != "" && c.Model == "" {
		return fmt.Errorf("summary.model is missing: a server at summary.base_url needs a model name, for example llama3.1")
	}
	for setting, v := range map[string]int{"summary.concurrency": c.MaxConcurrency, "summary.chunk_tokens": c.ChunkTokens, "summary.context_tokens": c.ContextTokens, "summary.max_tokens_per_document": c.Budget.MaxTokens} {
		if v < 0 {
			return fmt.Errorf("%s must not be negative", setting)
		}
	}
	if c.OverlapTokens < 0 || c.MaxOutputTokens < 0 || c.MaxAttempts < 0 {
		return errors.New("the overlap, the length of an answer and the number of tries must not be negative")
	}
	if c.Budget.MaxUSD < 0 {
		return fmt.Errorf("summary.max_usd_per_document must not be negative")
	}
	return nil
}

// FromConfig builds the summariser that c asks for.
func FromConfig(c Config) (Summariser, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Provider == "" || c.Provider == "extractive" {
		return Extractive{}, nil
	}
	return NewFromConfig(c)
}

// NewFromConfig builds the engine for a model provider.
func NewFromConfig(c Config, opts ...Option) (*Engine, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	p, err := newProvider(c)
	if err != nil {
		return nil, err
	}
	return New(p, c, opts...)
}
