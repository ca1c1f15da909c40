package flow

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestFoldEmptyLines(t *testing.T) {
	if got := FoldEmptyLines("\n \na \n\n \n\nb\nc\n\n", strings.TrimSpace); got != "a\n\nb\nc" {
		t.Errorf("got %q", got)
	}
}

// A text that is folded while it is written is the one that is folded afterwards, also where it is kept in several pieces.
func TestFolder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "\n", " a", "a\n", "a\n\n\n"}
	for range 2000 {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteByte("a \n"[r.IntN(3)])
		}
		texts = append(texts, b.String())
	}
	texts = append(texts, strings.Repeat("words of a line \n\n\n", foldPiece/10), "\n"+strings.Repeat("x", 3*foldPiece)+"\n\nb\nc", strings.Repeat(" \n", foldPiece)+"end")
	for _, text := range texts {
		var f Folder
		for i, l := range strings.Split(text, "\n") {
			if i > 0 {
				f.Line(bytes.TrimSpace)
			}
			f.String(l)
		}
		pieces := f.Done(bytes.TrimSpace)
		if got, want := strings.Join(pieces, ""), FoldEmptyLines(text, strings.TrimSpace); got != want {
			t.Fatalf("%.60q: got %.60q, want %.60q", text, got, want)
		}
		if text == texts[len(texts)-3] && len(pieces) < 2 {
			t.Errorf("%d pieces", len(pieces))
		}
	}
}
