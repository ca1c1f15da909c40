package journal

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// pagesOf are all kept pages by number.
func pagesOf(j *Journal, ctx context.Context, sha256, version string) (map[int][]byte, error) {
	out := map[int][]byte{}
	for after := 0; ; {
		pages, last, err := j.PagesAfter(ctx, sha256, version, after)
		if err != nil {
			return nil, err
		}
		for _, p := range pages {
			out[p.Number] = p.Blob
		}
		if after = last; last == 0 {
			return out, nil
		}
	}
}

func TestPagesComeInOrderAFewDozenAtATime(t *testing.T) {
	j := open(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	const n = 2*pagesAtOnce + 5
	for i := n; i > 0; i-- {
		if err := j.PutPage(bg, "aa", "v", 3*i, []byte(fmt.Sprint("page ", 3*i))); err != nil {
			t.Fatal(err)
		}
	}
	seen, rounds := 0, 0
	for after := 0; ; rounds++ {
		pages, last, err := j.PagesAfter(bg, "aa", "v", after)
		if err != nil || len(pages) > pagesAtOnce {
			t.Fatalf("%d pages, %v", len(pages), err)
		}
		for _, p := range pages {
			if seen++; p.Number != 3*seen || string(p.Blob) != fmt.Sprint("page ", 3*seen) {
				t.Fatalf("page %d as number %d: %q", p.Number, seen, p.Blob)
			}
		}
		if after = last; last == 0 {
			break
		}
	}
	if seen != n || rounds != 3 {
		t.Errorf("%d pages in %d rounds", seen, rounds)
	}
}
