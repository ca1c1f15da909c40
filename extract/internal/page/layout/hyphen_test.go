package layout

import (
	"strings"
	"testing"
)

func TestCompound(t *testing.T) {
	for _, c := range []struct {
		a, b string
		keep bool
	}{
		{"and forward-", "looking statements", true}, {"stock-", "based pay", true}, {"the non-", "controlling interests", true},
		{"a state-of-the-", "art device", true}, {"the commit-", "tee agreed", false}, {"the in-", "formation was", false}, {"it was sepa-", "rated by", false}, {"ein Ausdruck so-", "wie alles", false}, {"Ge-", "schichte der", false},
	} {
		if got := compound(c.a, c.b); got != c.keep {
			t.Errorf("%q + %q: keep %v, want %v", c.a, c.b, got, c.keep)
		}
		lines, _ := compose([]row{{text: c.a, base: 10, size: 10, x1: 100, y1: 10}, {text: c.b, base: 22, size: 10, x1: 100, y1: 22}})
		s := strings.Join(lines, "\n")
		want := c.a[:len(c.a)-1] + c.b
		if c.keep {
			want = c.a + c.b
		}
		if s != want {
			t.Errorf("%q, want %q", s, want)
		}
	}
}

func TestThePageTellsItsCompounds(t *testing.T) {
	for _, c := range []struct{ page, a, b, want string }{
		{"a few-body system", "another few-", "body system", "another few-body system"},
		{"for nonresident aliens", "other non-", "resident aliens", "other nonresident aliens"},
		{"a star that keeps forming", "is star-", "forming now", "is star-forming now"},
		{"it is over at all", "that is over-", "all better", "that is overall better"},
		{"“they met", "a “self-", "governed town", "a “self-governed town"},
		{"plain", "a soft\u00ad", "ware", "a software"},
	} {
		lines, _ := compose([]row{{text: c.page, base: 10, size: 10}, {text: c.a, base: 22, size: 10}, {text: c.b, base: 34, size: 10}})
		if got := lines[len(lines)-1]; got != c.want {
			t.Errorf("%q + %q: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

func TestLinesOfCutWordsEnd(t *testing.T) {
	var rows []row
	for i := range 2 * longestLine {
		rows = append(rows, row{text: "ab-", base: float64(12 * i), size: 10})
	}
	if lines, _ := compose(rows); len(lines) < 3 {
		t.Errorf("%d lines", len(lines))
	}
}
