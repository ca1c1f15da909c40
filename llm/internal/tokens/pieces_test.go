package tokens

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tiktoken-go/tokenizer"
)

// What borders are made of, and what stands at them in texts: contractions, line ends, marks of several bytes, bytes that are no text.
var snippets = []string{"a", "B", "word", "Word", "MIX", "mIxed", "é", "e\u0301", "ß", "я", "слово", "字", "か", "ไทย", "٣", "²", "Ⅷ", "1", "12", "123", "1234567",
	" ", "  ", "\t", "\n", "\r\n", "\n\n", "\r", "\u00a0", "\u2003", "\u2028", "\v", "\f", ".", ",", "...", "/", "//", "(word", " (word", "-", " -", "(1", "(12345", " 1234567", "'", "''", "'s", "'S", "'ll", "'re", "’s", "-", "—", "(", ")", "$", "_", "#", "|", "😀",
	"\x00", "\x7f", "\xff", "\u0301", "\ufeff", "\u200d"}

// Counting by pieces is a matter of time alone: the sum is what the vocabulary counts of the whole text.
func TestPiecesCountWhatTheWholeCounts(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 25))
	for name, c := range map[string]struct {
		encoding tokenizer.Encoding
		counter  *wordCounter
	}{"o200k": {tokenizer.O200kBase, o200kPieces}, "cl100k": {tokenizer.Cl100kBase, cl100kPieces}} {
		codec, err := tokenizer.Get(c.encoding)
		if err != nil {
			t.Fatal(err)
		}
		for range 20_000 {
			var b strings.Builder
			for range 1 + random.IntN(12) {
				b.WriteString(snippets[random.IntN(len(snippets))])
			}
			want, err := codec.Count(b.String())
			if err != nil {
				t.Fatal(err)
			}
			if got := c.counter.count(b.String()); got != want {
				t.Fatalf("%s: %q counts %d by pieces, %d as a whole", name, b.String(), got, want)
			}
		}
	}
}

func TestPiecesAreTheWholeText(t *testing.T) {
	for _, s := range append(snippets, "One word, two (words).\nNext: 12,345 don't.") {
		for rest := s; rest != ""; {
			n := pieceLen(rest)
			if n < 1 || n > len(rest) {
				t.Fatalf("the first piece of %q has %d bytes", rest, n)
			}
			rest = rest[n:]
		}
	}
}

// A prompt of English words and figures, counted as an agent counts it: again, with most of it known.
func BenchmarkCount(b *testing.B) {
	text := strings.Repeat("The company's net sales rose by 12 % to $1,234.5 million (2022: $1,101.9 million), as item 7 says.\n", 100)
	b.SetBytes(int64(len(text)))
	count := CounterFor("openai", "gpt-4o-mini")
	for b.Loop() {
		count(text)
	}
}
