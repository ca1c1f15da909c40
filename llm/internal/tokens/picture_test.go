package tokens

import "testing"

func TestPicture(t *testing.T) {
	for _, c := range []struct {
		provider, model string
		w, h, want      int
	}{
		{"openai", "gpt-4o", 1024, 1024, 765}, // the vendor's own example: four tiles
		{"openai", "gpt-4.1", 2048, 1024, 1105},
		{"openai", "gpt-4o-mini", 1024, 1024, 2833 + 4*5667},
		{"openai", "gpt-4.1-mini", 1024, 1024, 1024*246/100 + 16},
		{"anthropic", "claude-haiku-4-5", 1000, 1000, 1333 + 100},
		{"openai", "qwen2.5-vl", 28, 28, 16 + 2},
	} {
		if got := Picture(c.provider, c.model, c.w, c.h); got != c.want {
			t.Errorf("%s %d×%d: %d, want %d", c.model, c.w, c.h, got, c.want)
		}
	}
}
