package main

import (
	"testing"
	"time"
)

func TestPeakIsTheBusiestWindow(t *testing.T) {
	var all []hit
	for _, at := range []int64{0, 5_000, 9_999, 10_000, 10_001, 10_002, 30_000} {
		all = append(all, hit{atMS: at})
	}
	// 5,000 to 10,002 fit into ten seconds; 0 and 10,000 do not.
	if got := peak(all, 10_000); got != 0.5 {
		t.Errorf("busiest ten seconds: %v a second, want 0.5", got)
	}
	if got := peak(nil, 10_000); got != 0 {
		t.Errorf("no requests peak at %v", got)
	}
}

func TestAMissedTargetIsSaid(t *testing.T) {
	r := &report{}
	r.fact("a", "x")
	r.atMost("b", 1.2, 1.3, " ×", "1.2")
	r.atMost("c", 1.4, 1.3, " ×", "1.4")
	if r.missed() != 1 {
		t.Errorf("%d missed, want 1:\n%s", r.missed(), r.markdown())
	}
}

func TestMedian(t *testing.T) {
	s := sample{5 * time.Second, time.Second, 3 * time.Second}
	if s.median() != 3*time.Second || (sample{}).median() != 0 {
		t.Errorf("median %v", s.median())
	}
}
