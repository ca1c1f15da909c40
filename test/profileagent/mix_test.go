//go:build profile

package profileagent

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// document is one of the mix.
type document struct {
	name, mime string
	body       []byte
}

const (
	pdfs     = 20
	texts    = 12
	largest  = 450 << 10 // bytes of a small PDF
	scanName = "_scan"   // in the names of those that would be recognised
)

// mix is the fixed set of documents: the small digital PDFs of set A of AIDOC_CORPUS in turn, and the first texts of set F.
func mix(t *testing.T) []document {
	corpus := os.Getenv("AIDOC_CORPUS")
	if corpus == "" {
		t.Fatal("set AIDOC_CORPUS to the folder of the documents; make profile-agent takes ../shared/corpus")
	}
	digital := documents(t, filepath.Join(corpus, "A", "in", "*.pdf"), "application/pdf", func(d document) bool {
		return len(d.body) <= largest && !strings.Contains(d.name, scanName)
	})
	plain := documents(t, filepath.Join(corpus, "F", "in", "*.txt"), "text/plain", func(document) bool { return true })
	var out []document
	for i := range pdfs {
		out = append(out, digital[i%len(digital)])
	}
	return append(out, plain[:texts]...)
}

func documents(t *testing.T, pattern, mime string, wanted func(document) bool) []document {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var out []document
	for _, p := range paths {
		body, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if d := (document{filepath.Base(p), mime, body}); wanted(d) {
			out = append(out, d)
		}
	}
	if len(out) == 0 || mime == "text/plain" && len(out) < texts {
		t.Fatalf("%s has %d documents for the mix: too few", pattern, len(out))
	}
	return out
}
