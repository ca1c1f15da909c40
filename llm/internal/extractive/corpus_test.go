package extractive

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestWriteCorpusSummaries writes the summaries that a ROUGE script scores. It runs only where
// AIDOC_CORPUS_IN (a folder of ID.txt), AIDOC_CORPUS_LEN (ID, tab, words) and AIDOC_CORPUS_OUT are set.
func TestWriteCorpusSummaries(t *testing.T) {
	in, out := os.Getenv("AIDOC_CORPUS_IN"), os.Getenv("AIDOC_CORPUS_OUT")
	if in == "" || out == "" {
		t.Skip("AIDOC_CORPUS_IN and AIDOC_CORPUS_OUT are not set")
	}
	lens, err := os.ReadFile(os.Getenv("AIDOC_CORPUS_LEN"))
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(lens)) {
		id, n, _ := strings.Cut(strings.TrimSpace(l), "\t")
		words, err := strconv.Atoi(n)
		if err != nil {
			t.Fatalf("length of %s: %v", id, err)
		}
		text, err := os.ReadFile(filepath.Join(in, id+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(out, id+".txt"), []byte(Extract(string(text), words)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
