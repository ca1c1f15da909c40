package tokens

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/tiktoken-go/tokenizer"
)

var write = flag.Bool("write", false, "write the vocabularies as the library has them")

// The vocabularies beside this package are those of the library that is pinned in go.mod.
func TestVocabulariesAreTheLibrarys(t *testing.T) {
	for name, encoding := range map[string]tokenizer.Encoding{"o200k": tokenizer.O200kBase, "cl100k": tokenizer.Cl100kBase} {
		codec, err := tokenizer.Get(encoding)
		if err != nil {
			t.Fatal(err)
		}
		var list []byte
		for rank := uint(0); ; rank++ {
			token, err := codec.Decode([]uint{rank})
			if err != nil {
				break // special ones follow, which no text has
			}
			list = append(append(list, byte(len(token))), token...)
		}
		path := filepath.Join("vocabularies", name+".bin")
		if *write {
			if err := os.WriteFile(path, list, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if kept, err := os.ReadFile(path); err != nil || string(kept) != string(list) {
			t.Errorf("%s is not the library's: go test ./llm/internal/tokens -run Vocabularies -write (%v)", path, err)
		}
	}
}
