package flow

import (
	"slices"
	"strings"
	"testing"
)

// Large texts that follow each other are cut as their sum would be.
func TestPartsAreCutLikeTheirSum(t *testing.T) {
	long := strings.Repeat("words of a paragraph that goes on\nand on\n\n", 100_000)
	for name, parts := range map[string][]string{
		"short":       {"a", "b\n\nc", ""},
		"large":       {"head", long, "", "between", long[:len(long)-7], "last"},
		"with pages":  {"head", long + "\f" + long, "last"},
		"of one line": {"head", strings.Repeat("ä", largeParts), "last"},
	} {
		want := Paginate(strings.Join(parts, "\n\n"))
		if got := PaginateParts(parts); !slices.Equal(got, want) {
			t.Errorf("%s: %d pages, want %d", name, len(got), len(want))
		}
	}
}
