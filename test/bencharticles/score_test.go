package main

import (
	"math"
	"testing"
)

func TestScore(t *testing.T) {
	truth := map[string]body{"a": {"one two three four five"}, "b": {"six seven eight nine"}}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
	if r := score("same", truth, truth); !near(r.f1, 1) {
		t.Errorf("the truth itself: %+v", r)
	}
	// a: 2 of 2 shingles and 1 too many; b: nothing.
	r := score("some", truth, map[string]body{"a": {"one, two three four five six"}})
	if !near(r.recall, .5) || !near(r.precision, 2./3) {
		t.Errorf("%+v", r)
	}
}
