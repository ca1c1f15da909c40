package gate

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the small words say beyond doubt spares the detector: it may be said of no text in another language that is not alike.
func TestSmallWordsTellTheirLanguageAndNoOther(t *testing.T) {
	t.Parallel()
	texts := map[string]smallWords{}
	files, err := filepath.Glob("../tokens/testdata/??.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d texts, %v", len(files), err)
	}
	for _, f := range files {
		if lang := strings.TrimSuffix(filepath.Base(f), ".txt"); lang != "go" { // a program
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			texts[lang] = smallWordsOf(strings.Split(string(raw), "\n"))
		}
	}
	lists, err := filepath.Glob("../prose/stopwords/*.txt")
	if err != nil || len(lists) < 25 {
		t.Fatalf("%d lists, %v", len(lists), err)
	}
	for _, f := range lists {
		taken := primary(strings.TrimSuffix(filepath.Base(f), ".txt"))
		for lang, words := range texts {
			if lang != taken && !sameGroup(lang, taken) && words.plainly(taken) {
				t.Errorf("a text in %s is taken for %s", lang, taken)
			}
		}
	}
	for _, lang := range []string{"de", "en", "es", "fr", "it", "nl", "pt", "sv"} {
		if !texts[lang].plainly(lang) {
			t.Errorf("a text in %s is not told", lang)
		}
		if texts[lang][:minVoters-1].plainly(lang) {
			t.Errorf("%s: a few words are taken for enough", lang)
		}
	}
}

// The runs that two texts share are the same as by comparing every pair of places.
func TestLongestShared(t *testing.T) {
	t.Parallel()
	const size = 3
	slow := func(a, b []string) (best int) {
		for i := range a {
			for k := range b {
				n := 0
				for i+n < len(a) && k+n < len(b) && a[i+n] == b[k+n] {
					n++
				}
				if n >= size {
					best = max(best, n)
				}
			}
		}
		return best
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	text := func() (out []string) {
		for range rnd.IntN(40) {
			out = append(out, []string{"a", "b", "ab", "c", "d", "e"}[rnd.IntN(6)])
		}
		return out
	}
	shares := 0
	for range 3000 {
		a, b := text(), text()
		got, want := longestShared(a, b, size), slow(a, b)
		if want > 0 {
			shares++
		}
		// Runs of a that only overlap in b are taken for one: they are all copied.
		if got < want || (got > 0) != (want > 0) {
			t.Fatalf("%d, want %d: %v, %v", got, want, a, b)
		}
	}
	if shares < 500 {
		t.Errorf("only %d pairs share a run", shares)
	}
}
