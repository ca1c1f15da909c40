package main

import (
	"strings"
	"testing"
	"time"
)

func TestARequestBeginsWhereTheOneBeforeOfItsProcessEnded(t *testing.T) {
	s := &side{commit: "abc", kinds: map[string]*kind{}, ends: map[string]time.Duration{}}
	k := s.kind("file")
	for _, line := range []string{
		"7 - 12 core=1000 answer=2000\n",                           // of no route, and where process 7 begins
		"8 /aidoc/v1/jobs/1/file 9 core=100 gate=200 answer=300\n", // nobody knows where that one began
		"7 /aidoc/v1/jobs/1/file 9 core=4000 gate=5000 answer=5500\n",
		"8 /aidoc/v1/lease 30 core=400 answer=500\n", // of another kind
		"8 /aidoc/v1/jobs/2/file 11 core=1500 gate=1600 answer=1600\n",
	} {
		if _, err := s.line(line, "file", k); err != nil {
			t.Fatal(err)
		}
	}
	if k.requests != 2 || k.statements != 20 || k.parts["core"] != 3*time.Millisecond || k.parts["gate"] != 1100*time.Microsecond || k.php() != 4600*time.Microsecond {
		t.Errorf("%d requests, %d statements, parts %v", k.requests, k.statements, k.parts)
	}
	if got := tables([]*side{s}); !strings.Contains(got, "| file | 2.30 | 0.00 | 10.0 |") {
		t.Errorf("the table says\n%s", got)
	}
	for _, bad := range []string{"7 /x\n", "7 /x 1 core=ten\n"} {
		if _, err := s.line(bad, "file", k); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
