package agent

import (
	"testing"
	"time"
)

func TestManyAgentsDoNotBeginInOneMoment(t *testing.T) {
	last := func(agents ...int) Status {
		st := Status{Sites: []SiteStatus{{}}}
		for _, n := range agents {
			st.Sites = append(st.Sites, SiteStatus{Agents: n})
		}
		return st
	}
	for _, st := range []Status{{}, last(), last(1), last(4, 2)} {
		if d := StartAfter(st); d != 0 {
			t.Errorf("%d sites of few agents: waits %v", len(st.Sites), d)
		}
	}
	for n, bound := range map[int]time.Duration{5: 2 * time.Second, 100: 40 * time.Second, 10_000: time.Minute} {
		var tenths [10]int
		for range 1000 {
			d := StartAfter(last(1, n, 2))
			if d < 0 || d >= bound {
				t.Fatalf("%d agents: waits %v", n, d)
			}
			tenths[d*10/bound]++
		}
		for i, c := range tenths {
			if c < 40 { // of 100: less is a matter of 1 in 10^12
				t.Errorf("%d agents: %d of 1000 begin in tenth %d of %v", n, c, i, bound)
			}
		}
	}
}
