package flow

import "testing"

func TestRanges(t *testing.T) {
	var r Ranges
	r.Add(2, 4)
	r.Add(9, 10)
	for col, want := range map[int]bool{1: false, 2: true, 3: true, 4: false, 9: true, 10: false} {
		if r.Has(col) != want {
			t.Errorf("column %d: %t", col, !want)
		}
	}
	for i := range 2 * maxRanges {
		r.Add(100+i, 101+i)
	}
	if len(r) != maxRanges {
		t.Errorf("%d spans are kept", len(r))
	}
}
