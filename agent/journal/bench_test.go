package journal

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/llm"
)

// What a paid answer costs: kept, and looked up again.
func BenchmarkStep(b *testing.B) {
	j, err := Open(bg, filepath.Join(b.TempDir(), "j.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	answer := llm.Completion{Text: string(randomBytes(600))}
	for i := 0; b.Loop(); i++ {
		key := strconv.Itoa(i)
		if err := j.Put(bg, key, answer); err != nil {
			b.Fatal(err)
		}
		if _, found, err := j.Get(bg, key); err != nil || !found {
			b.Fatal(err)
		}
	}
}
