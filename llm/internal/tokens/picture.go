package tokens

import "github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"

// Of OpenAI's models that cut a picture into tiles (developers.openai.com, Images and vision): the shortest side is at most 768 pixels, a tile is
// 512. Most others count patches of 32 pixels and multiply them.
const (
	tileSide    = 512
	tileShort   = 768
	patchSide   = 32
	claudePixel = 750 // pixels of one of Claude's tokens (platform.claude.com, Vision)
	localSide   = 28  // patch of the open models with the finest ones (Qwen-VL)
)

// Picture is what a picture of so many pixels counts at the most, in tokens of the model's input.
func Picture(provider, model string, width, height int) int {
	switch {
	case provider == "anthropic":
		return width*height/claudePixel + 100
	case provider != "openai":
	case prose.HasAnyPrefix(model, "gpt-4o-mini"):
		return 2833 + 5667*tiles(width, height)
	case prose.HasAnyPrefix(model, "gpt-4.1-mini", "gpt-4.1-nano"):
	case prose.HasAnyPrefix(model, "gpt-4o", "gpt-4.1", "gpt-4-turbo", "o1", "o3"):
		return 85 + 170*tiles(width, height)
	}
	// Patches times the largest factor of any model, or a local model's own finer ones, whichever is more.
	return max(patches(width, height, patchSide)*246/100, patches(width, height, localSide)) + 16
}

func tiles(w, h int) int {
	if short := min(w, h); short > tileShort {
		w, h = (w*tileShort+short-1)/short, (h*tileShort+short-1)/short
	}
	return patches(w, h, tileSide)
}

func patches(w, h, side int) int { return ((w + side - 1) / side) * ((h + side - 1) / side) }
