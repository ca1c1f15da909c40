package ooxml

import (
	"errors"
	"testing"
)

func TestGridLeavesOutTheRowThatIsTooMuch(t *testing.T) {
	var g grid
	text := int64(5)
	for _, v := range []string{"ab", "cd"} {
		if err := g.put(1, v, &text); err != nil {
			t.Fatal(err)
		}
		g.endRow()
	}
	if err := g.put(0, "ef", &text); !errors.Is(err, errFull) {
		t.Errorf("over the limit: %v", err)
	}
	if got := g.table().Text(); got != "ab\ncd" {
		t.Errorf("got %q", got)
	}
}

func TestGridColumns(t *testing.T) {
	var g grid
	text := int64(100)
	for _, c := range []struct {
		col int
		v   string
	}{{2, "c"}, {0, "a"}, {1, "b"}, {-1, "x"}, {maxColumns, "x"}, {4, ""}} {
		if err := g.put(c.col, c.v, &text); err != nil {
			t.Fatal(err)
		}
	}
	g.endRow()
	g.endRow()
	if len(g.rows) != 1 || len(g.rows[0]) != 2 || g.rows[0][1] != "b" {
		t.Errorf("got %q", g.rows)
	}
}
