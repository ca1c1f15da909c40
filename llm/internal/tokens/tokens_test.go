package tokens

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// samples are the texts of testdata, written for this test, and what nine tokenizers made of them (testdata/counts.tsv, first line: their names).
func samples(t *testing.T) map[string]map[string]int {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "counts.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	names := strings.Split(lines[0], "\t")
	out := map[string]map[string]int{}
	for _, l := range lines[1:] {
		f := strings.Split(l, "\t")
		counts := map[string]int{}
		for i := 1; i < len(names); i++ {
			if counts[names[i]], err = strconv.Atoi(f[i]); err != nil {
				t.Fatal(err)
			}
		}
		out[f[0]] = counts
	}
	return out
}

func sample(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// What a model bills and what fits into it must not be more than was reckoned with, and what is reckoned with not so much that
// documents are cut to pieces or refused for nothing.
func TestEstimateErrsOnTheSafeSide(t *testing.T) {
	all := samples(t)
	if len(all) < 35 {
		t.Fatalf("only %d samples", len(all))
	}
	for name, counts := range all {
		most, who := 0, ""
		for tokenizer, n := range counts {
			if n > most {
				most, who = n, tokenizer
			}
		}
		got := Estimate(sample(t, name))
		if off := float64(got)/float64(most) - 1; off < -0.05 || off > 0.60 {
			t.Errorf("%s: estimate %d, %s counts %d: %+.0f %%", name, got, who, most, 100*off)
		}
	}
}

func TestOpenAIsModelsAreCountedExactly(t *testing.T) {
	for model, tokenizer := range map[string]string{
		"gpt-4o": "o200k", "gpt-4.1-2025-04-14": "o200k", "gpt-5.1": "o200k", "o3-mini": "o200k", "openai/gpt-oss-20b": "o200k",
		"gpt-4-turbo": "cl100k", "gpt-3.5-turbo": "cl100k",
	} {
		count := CounterFor("openai", model)
		for name, counts := range samples(t) {
			if got := count(sample(t, name)); got != counts[tokenizer] {
				t.Errorf("%s, %s: %d tokens, its tokenizer counts %d", model, name, got, counts[tokenizer])
			}
		}
	}
}

// The tokenizer that came with Opus 4.7 makes up to 1.35 times as many tokens of a text as the one before.
func TestNewerClaudesCountMore(t *testing.T) {
	text := sample(t, "en")
	old, now := CounterFor("anthropic", "claude-sonnet-4-5-20250929")(text), CounterFor("anthropic", "claude-opus-5-5")(text)
	if want := old * 135 / 100; now < want || now > want+2 {
		t.Errorf("claude-opus-5-5 counts %d, claude-sonnet-4-5 %d", now, old)
	}
}

// Chunks are packed by the sum of their pieces.
func TestPiecesCountNoLessThanTheWhole(t *testing.T) {
	for name := range samples(t) {
		text, sum := sample(t, name), 0
		for line := range strings.Lines(text) {
			sum += Estimate(line)
		}
		if whole := Estimate(text); whole > sum {
			t.Errorf("%s: %d tokens in pieces, %d together", name, sum, whole)
		}
	}
}

func TestEstimateOfOddTexts(t *testing.T) {
	if n := Estimate(""); n != 0 {
		t.Errorf("nothing counts %d", n)
	}
	for _, s := range []string{"\xff\xfe\x00", strings.Repeat("x", 1<<20), strings.Repeat("7", 100_000), strings.Repeat("\u0301", 10_000)} {
		if n := Estimate(s); n <= 0 {
			t.Errorf("%d bytes count %d", len(s), n)
		}
	}
}
