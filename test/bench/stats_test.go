package bench

import (
	"strings"
	"testing"
	"time"
)

func TestAMissedTargetIsSaid(t *testing.T) {
	r := &Report{}
	r.Fact("a", "x")
	r.AtMost("b", 1.2, 1.3, " ×", "1.2")
	r.AtMost("c", 1.4, 1.3, " ×", "1.4")
	r.AtLeast("d", 0.94, 0.95, "", "94 %%")
	if r.Missed() != 2 || !strings.Contains(r.Markdown(), "| d | 94 % | ≥ 0.95 | **missed** |") {
		t.Errorf("%d missed, want 2:\n%s", r.Missed(), r.Markdown())
	}
}

func TestMedian(t *testing.T) {
	s := Sample{5 * time.Second, time.Second, 3 * time.Second}
	if s.Median() != 3*time.Second || (Sample{}).Median() != 0 || Median([]float64{4, 1, 3}) != 3 || Median([]int(nil)) != 0 {
		t.Errorf("median %v", s.Median())
	}
}
