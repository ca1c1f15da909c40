package agent

import (
	"testing"
	"time"
)

func TestManyAgentsDoNotBeginInOneMoment(t *testing.T) {
	last := func(agents ...int) Status {
		st := Status{Sites: []SiteStatus{{URL: "silent"}}}
		for i, n := range agents {
			st.Sites = append(st.Sites, SiteStatus{URL: string(rune('a' + i)), Agents: n})
		}
		return st
	}
	unnumbered := func(string) int64 { return 0 }
	for _, st := range []Status{{}, last(), last(1), last(4, 2)} {
		if d := StartAfter(st, unnumbered); d != 0 {
			t.Errorf("%d sites of few agents: waits %v", len(st.Sites), d)
		}
	}
	for n, bound := range map[int]time.Duration{5: 2500 * time.Millisecond, 100: 50 * time.Second, 10_000: time.Minute} {
		for name, fewest := range map[string]int{"by number": 95, "drawn": 40} { // of 100 in each tenth; a draw has less than 40 once in 10^12
			var tenths [10]int
			for i := range 1000 {
				number := func(site string) int64 {
					if site != "b" {
						t.Fatalf("asked for the number at %q, which is not the most crowded site", site)
					}
					return int64(7000 + i)
				}
				if name == "drawn" {
					number = unnumbered
				}
				d := StartAfter(last(1, n, 2), number)
				if d < 0 || d >= bound {
					t.Fatalf("%d agents, %s: waits %v", n, name, d)
				}
				tenths[d*10/bound]++
			}
			for i, c := range tenths {
				if c < fewest {
					t.Errorf("%d agents, %s: %d of 1000 begin in tenth %d of %v", n, name, c, i, bound)
				}
			}
		}
	}
}
