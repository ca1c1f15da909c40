package encodings

import (
	"bytes"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// A large text decoded in pieces is the one decoded at once, whatever the borders of the pieces cut.
func TestLargeTextsAreDecodedInPieces(t *testing.T) {
	latin, err := charmap.Windows1252.NewEncoder().String("über die Straße gehen, und größere Wörter – natürlich\r\n\rz")
	if err != nil {
		t.Fatal(err)
	}
	kanji, err := japanese.EUCJP.NewEncoder().String("日本語の文章はここにあります。東京と京都\r\nを歩く。")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"wörter und Zeilen\r\n\r日本", latin, kanji} {
		b := bytes.Repeat([]byte(text), largeText/len(text)+2)
		e, ok := Stream(b)
		if !ok {
			t.Fatalf("%q is not read as a stream", text[:9])
		}
		got, err := inPieces(b, e)
		if want := tidy(Raw(b)); err != nil || got != want {
			t.Errorf("%q: %d bytes of %d, %v", text[:9], len(got), len(want), err)
		}
		if Decode(b) != got {
			t.Errorf("%q is not decoded so", text[:9])
		}
	}
}
