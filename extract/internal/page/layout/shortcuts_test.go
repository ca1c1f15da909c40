package layout

import (
	"testing"
	"unicode"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/mupdf"
)

// What is asked of every character is answered for most without the tables: never otherwise than they do.
func TestShortcutsAgreeWithTheTables(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if want := unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) && !unicode.IsDigit(r); isRightToLeft(r) != want {
			t.Fatalf("%U: right to left %v, want %v", r, !want, want)
		}
		want := marksOf[r]
		if r >= 0x300 && r <= 0x36f {
			want = r
		}
		if got := mark(mupdf.Char{R: r}); got != want {
			t.Fatalf("%U: mark %U, want %U", r, got, want)
		}
	}
}
