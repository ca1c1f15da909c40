// Package tokens counts what a model counts: by its own tokenizer where that is public, else by an estimate on the safe side.
package tokens

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// Counter counts the tokens that a model sees in a text.
type Counter func(string) int

// CounterFor returns OpenAI's own tokenizer for OpenAI's models and an estimate for all others. A model may be named with its maker
// ("openai/gpt-4o"), as routers name it.
func CounterFor(provider, model string) Counter {
	if i := strings.LastIndexByte(model, '/'); i >= 0 {
		model = model[i+1:]
	}
	switch {
	case provider == "openai" && prose.HasAnyPrefix(model, "gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "gpt-oss", "o1", "o3", "o4", "chatgpt-"):
		return o200kPieces.count
	case provider == "openai" && prose.HasAnyPrefix(model, "gpt-4", "gpt-3.5", "text-embedding-"):
		return cl100kPieces.count
	case strings.HasPrefix(model, "claude-") && !olderClaude(model):
		return func(s string) int { return (Estimate(s)*claudeNow + 99) / 100 }
	}
	return Estimate
}

// claudeNow is what Claude counts since Opus 4.7 in percent of what its earlier tokenizers counted, at the most: its maker says
// up to 1.35 times as many tokens.
const claudeNow = 135

func olderClaude(model string) bool {
	return prose.HasAnyPrefix(model, "claude-2", "claude-3", "claude-instant",
		"claude-haiku-4", "claude-sonnet-4", "claude-opus-4-0", "claude-opus-4-1", "claude-opus-4-2", "claude-opus-4-5", "claude-opus-4-6")
}

//go:embed vocabularies/o200k.bin
var o200kList string

//go:embed vocabularies/cl100k.bin
var cl100kList string

// How the vocabularies cut a text before they encode it: as tokenizer/codec has them.
const (
	o200kCut  = `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
	cl100kCut = `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
)

// The vocabularies are made ready on first use, once.
var (
	o200k  = sync.OnceValue(func() *encoding { return newEncoding(o200kList, 200_000, o200kCut) })
	cl100k = sync.OnceValue(func() *encoding { return newEncoding(cl100kList, 100_000, cl100kCut) })
)

// What is counted with a vocabulary is nearly all known to it already: prompts are counted again and again, and words come back.
var (
	o200kPieces  = newWordCounter(bpeCounter(o200k), pieceLen)
	cl100kPieces = newWordCounter(bpeCounter(cl100k), pieceLen)
)

func bpeCounter(load func() *encoding) Counter {
	return func(s string) int {
		e, n := load(), 0
		// Byte pair encoding of one endless word is quadratic: such a run is counted in slices.
		for len(s) > 0 {
			part := s
			if len(part) > bpeSlice {
				part = CutRune(s, bpeSlice)
			}
			m, err := e.count(part)
			if err != nil {
				m = len(part) // no text has more tokens than bytes
			}
			n += m
			s = s[len(part):]
		}
		return n
	}
}

const bpeSlice = 1024

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
