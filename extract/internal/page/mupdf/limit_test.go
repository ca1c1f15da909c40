package mupdf

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
)

// letters is a page of n letters in lines of forty.
func letters(n int) string {
	content := "BT /F1 6 Tf 0.001 TL 20 800 Td\n" + strings.Repeat("("+strings.Repeat("lorem ipsum ", 4)[:40]+") Tj T*\n", n/40) + "ET"
	return string(formattest.PDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents 4 0 R>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)))
}

// A page of more letters than are let through is refused without MuPDF holding them: it is not read on once they are used up.
func TestLettersBeyondTheLimitAreNotHeld(t *testing.T) {
	runtime.LockOSThread() // what was let through is counted for each thread
	defer runtime.UnlockOSThread()
	const most = 50_000
	for n, want := range map[int]error{40_000: nil, 400_000: ErrTooLarge} {
		d, err := Open(formattest.Save(t, "f.pdf", []byte(letters(n))))
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.rawOf(0, most, textBound)
		if !errors.Is(err, want) {
			t.Errorf("%d letters: %v", n, err)
		}
		if r != nil {
			if got := len(r.chars); got < n-2*n/40 { // a space at a line's end may go
				t.Errorf("%d letters of %d", got, n)
			}
			r.done()
		}
		// The content is one object of text, after which nothing is let through.
		if left := lettersLeft(); (left < 0) != (want != nil) {
			t.Errorf("%d letters: %d were left", n, left)
		}
		d.Close()
	}
}
