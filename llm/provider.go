package llm

import (
	"context"
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Embedder is a Provider that can also place texts by what they say.
type Embedder interface {
	// Embed gives a vector for each text, in their order, all of one length and none of them zero. tokens is what was billed, 0 where the server
	// does not tell. Errors are like those of Complete, or wrap ErrNoEmbeddings.
	Embed(ctx context.Context, model string, texts []string) (vectors [][]float32, tokens int, err error)
}

func newProvider(c Config) (Provider, error) {
	switch c.Provider {
	case "openai":
		return newOpenAI(c)
	case "anthropic":
		return newAnthropic(c), nil
	}
	return nil, fmt.Errorf("summary.provider %q is not known", c.Provider)
}

// unknownContext is what a model of unknown size is given. Ollama cuts a longer prompt silently
// at its default of 4096, and a summary of half a chunk is worse than one more call.
const unknownContext = 4096

func contextOf(c Config, model string) int {
	switch {
	case c.ContextTokens > 0:
		return c.ContextTokens
	case c.BaseURL != "":
		return unknownContext
	case prose.HasAnyPrefix(model, "claude-"):
		return 200_000
	case prose.HasAnyPrefix(model, "gpt-4o", "gpt-4-turbo"):
		return 128_000
	case prose.HasAnyPrefix(model, "gpt-4.1", "gpt-5", "gpt-6", "o1", "o3", "o4"):
		return 200_000
	case prose.HasAnyPrefix(model, "gpt-3.5"):
		return 16_000
	}
	return 8192
}
