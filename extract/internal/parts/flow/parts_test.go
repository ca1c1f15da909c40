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

// Programs number the parts of objects; the file in one has a name of its own.
func TestNamesOfParts(t *testing.T) {
	for _, c := range [][3]string{
		{"oleObject3.bin", "[Attachment: note.txt]\n\nwords", "# note.txt\n\nwords"},
		{"oleObject3.bin", "[Attachment: plan.dwg]", "# plan.dwg"},
		{"Object 1", "[Attachment: a [b].txt]\n\nwords", "# a [b].txt\n\nwords"},
		{"oleObject3.bin", "words\n\n[Attachment: note.txt]", "# oleObject3.bin\n\nwords\n\n[Attachment: note.txt]"},
		{"mail.msg", "[Attachment: note.txt]\n\nwords", "# mail.msg\n\n[Attachment: note.txt]\n\nwords"},
		{" ", "words", "words"},
	} {
		if got := Part(c[0], c[1]); got != c[2] {
			t.Errorf("%s: %q, want %q", c[0], got, c[2])
		}
	}
}
