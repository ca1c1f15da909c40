package layout

import "testing"

func TestCellsDrawnFromTheRight(t *testing.T) {
	if got := textOf(at(300, 100, "37.50"), at(150, 100, "Director"), at(50, 100, "Smith"), at(50, 120, "next")); got != "Smith|Director|37.50|next" {
		t.Error(got)
	}
	if got := textOf(at(80, 100, "drawn over"), at(50, 100, "something")); got != "drawn over|something" {
		t.Errorf("pieces on one another: %s", got)
	}
}
