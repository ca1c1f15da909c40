// Package tokens counts what a model counts: by its own tokenizer where that is public, else by an estimate on the safe side.
package tokens

import (
	"strings"
	"sync"
	"unicode"

	"github.com/tiktoken-go/tokenizer"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Counter counts the tokens that a model sees in a text.
type Counter func(string) int

// CounterFor returns OpenAI's own tokenizer for OpenAI's models and an estimate for all others.
func CounterFor(provider, model string) Counter {
	if provider == "openai" {
		switch {
		case prose.HasAnyPrefix(model, "gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "o1", "o3", "o4", "chatgpt-"):
			return bpeCounter(o200k)
		case prose.HasAnyPrefix(model, "gpt-4", "gpt-3.5"):
			return bpeCounter(cl100k)
		}
	}
	return Estimate
}

// The vocabularies take megabytes and a tenth of a second each: loaded on first use, once.
var (
	o200k  = sync.OnceValues(func() (tokenizer.Codec, error) { return tokenizer.Get(tokenizer.O200kBase) })
	cl100k = sync.OnceValues(func() (tokenizer.Codec, error) { return tokenizer.Get(tokenizer.Cl100kBase) })
)

func bpeCounter(load func() (tokenizer.Codec, error)) Counter {
	return func(s string) int {
		c, err := load()
		if err != nil {
			return Estimate(s)
		}
		n := 0
		// Byte pair encoding of one endless word is quadratic: such a run is counted in slices.
		for len(s) > 0 {
			part := s
			if len(part) > bpeSlice {
				part = CutRune(s, bpeSlice)
			}
			m, err := c.Count(part)
			if err != nil {
				m = Estimate(part)
			}
			n += m
			s = s[len(part):]
		}
		return n
	}
}

const bpeSlice = 4096

// CutRune returns the first n bytes of s or a little less, ending at a rune border, at a space
// where there is one near.
func CutRune(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if i := strings.LastIndexAny(s[n-n/8:n], " \n"); i >= 0 {
		return s[:n-n/8+i]
	}
	for n > 1 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// Estimate is a count for models whose tokenizer is not public, on the safe side: the
// tokenizers of current models need 3.5 to 4.5 bytes a token in English prose, two characters in
// other alphabets, one character or more for ideographs.
func Estimate(s string) int {
	quarters := 0 // of a twelfth of a token
	for _, r := range s {
		switch {
		case r == ' ' || r == '\n':
			quarters++
		case r < 0x80 && (prose.IsASCIIWordByte(byte(r)) && !(r >= '0' && r <= '9')):
			quarters += 3
		case r < 0x80:
			quarters += 7 // digits and punctuation
		case r < 0x250:
			quarters += 5
		case prose.IsCJK(r) || unicode.Is(unicode.Hangul, r):
			quarters += 14
		case r < 0x0900:
			quarters += 7 // Greek, Cyrillic, Hebrew, Arabic
		default:
			quarters += 13
		}
	}
	return (quarters + 11) / 12
}

// EstimateTokens is the count used for models without a public tokenizer.
func EstimateTokens(s string) int { return Estimate(s) }
