package numbering

import (
	"strings"
	"testing"
)

func TestLists(t *testing.T) {
	m := NewLists()
	m.Abstract["a"] = map[int]Level{
		0: {Format: "upperRoman", Text: "%1.", Start: 1, Restart: -1},
		1: {Format: "lowerLetter", Text: "%1.%2)", Start: 1, Restart: -1},
		2: {Format: "decimal", Text: "%1.%2.%3", Start: 3, Restart: 1, Legal: true},
		3: {Format: "bullet", Text: "\uf0b7", Start: 1, Restart: -1},
	}
	m.Nums["1"], m.Nums["2"], m.Nums["3"] = "a", "a", "a"
	m.RestartAt("2", 0, 7)
	m.Define("3", 1, Level{Format: "decimal", Text: "(%2)", Start: 5, Restart: -1})
	var got []string
	for _, p := range []struct {
		num string
		i   int
	}{
		{"1", 0}, {"1", 1}, {"1", 2}, {"1", 1}, {"1", 2}, // level 2 restarts only after level 0
		{"1", 0}, {"1", 2}, {"1", 1}, // the skipped level counts as used
		{"1", 3}, {"2", 0}, {"1", 0}, // a restart counts once, then the counter is shared
		{"3", 1}, {"3", 1}, {"9", 0}, {"0", 0}, {"1", 8},
	} {
		got = append(got, m.Next(p.num, p.i))
	}
	want := "I. I.a) 1.1.3 I.b) 1.2.4 II. 2.1.3 II.b) - VII. VIII. (5) (6)   -"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %q\nwant %q", s, want)
	}
}
