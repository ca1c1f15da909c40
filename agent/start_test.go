package agent

import (
	"slices"
	"testing"
	"time"
)

func TestManyAgentsDoNotBeginInOneMoment(t *testing.T) {
	for _, few := range [][]Crowd{nil, {{Number: 7}}, {{Number: 7, Agents: 1}}, {{Number: 7, Agents: 4}, {Number: 9, New: 4}}, {{Number: 7, New: 1}}, {{Number: 7, Agents: 1, New: 100}}} {
		if d := StartAfter(few); d != 0 {
			t.Errorf("%+v: waits %v", few, d)
		}
	}
	for n, bound := range map[int]time.Duration{5: 2500 * time.Millisecond, 100: 50 * time.Second, 10_000: time.Minute} {
		for name, fewest := range map[string]int{"by number": 95, "drawn": 40} { // of 100 in each tenth; a draw has less than 40 once in 10^12
			var tenths [10]int
			for i := range 1000 {
				crowded := Crowd{Number: int64(7000 + i), Agents: n, New: 10_000}
				if name == "drawn" {
					crowded.Number = 0
				}
				d := StartAfter([]Crowd{{Number: 1, Agents: 1}, crowded, {Number: 1, Agents: 2}})
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

// Agents that have never run know what they were told when they joined: the n-th of n, or all of the same number, when they joined side by side.
func TestNewAgentsDoNotBeginInOneMoment(t *testing.T) {
	for name, told := range map[string]func(i int) int{"one after the other": func(i int) int { return i + 1 }, "side by side": func(int) int { return 100 }} {
		var begin []time.Duration
		for i := range 100 {
			begin = append(begin, StartAfter([]Crowd{{Number: int64(40 + i), New: told(i)}}))
		}
		slices.Sort(begin)
		most := 0
		for i, at := range begin {
			end, _ := slices.BinarySearch(begin, at+10*time.Second)
			most = max(most, end-i)
		}
		if most > 24 { // two requests of each: 4.8 a second in these 10 s; 100 agents that have begun ask 1.67 times a second
			t.Errorf("%s: %d of 100 begin within 10 s", name, most)
		}
		if last := begin[99]; last > 80*time.Second {
			t.Errorf("%s: the last begins after %v", name, last)
		}
	}
	if d := StartAfter([]Crowd{{Number: 3, New: 10_000}}); d > 2*time.Minute {
		t.Errorf("waits %v", d)
	}
}
