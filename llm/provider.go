package llm

import (
	"fmt"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

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
