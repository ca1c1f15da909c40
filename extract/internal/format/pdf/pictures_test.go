package pdf

import (
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// Words of pictures stand in paragraphs of their own, and marks go on saying what they said.
func TestWordsOfPicturesStandAtTheirPlace(t *testing.T) {
	page := doc.Page{Text: "head\n\none\ntwo\n\na\tb\nc\td", Marks: []doc.Mark{{Kind: doc.MarkHeader, From: 0, To: 1}, {Kind: doc.MarkTable, From: 5, To: 7}}}
	got := insert(page, []wordsBehind{{3, "later"}, {2, "words\nof it"}, {-1, "first"}, {99, "last"}})
	const want = "first\n\nhead\n\none\n\nwords\nof it\n\ntwo\n\nlater\n\na\tb\nc\td\n\nlast"
	if got.Text != want {
		t.Errorf("got  %q\nwant %q", got.Text, want)
	}
	if !slices.Equal(got.Marks, []doc.Mark{{Kind: doc.MarkHeader, From: 2, To: 3}, {Kind: doc.MarkTable, From: 13, To: 15}}) {
		t.Errorf("%+v", got.Marks)
	}
	if got := insert(doc.Page{Text: "as it is"}, nil); got.Text != "as it is" {
		t.Errorf("%q", got.Text)
	}
}
