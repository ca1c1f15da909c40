package main

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestEachFigureHasItsOwnMedian(t *testing.T) {
	m := median([]figures{{rate: 10, cpuPHP: 3}, {rate: 30, cpuPHP: 1}, {rate: 20, cpuPHP: 2, "beat": 5}})
	if m[rate] != 20 || m[cpuPHP] != 2 || m["beat"] != 0 {
		t.Errorf("%v", m)
	}
}

func TestEveryFigureIsShown(t *testing.T) {
	if len(shown) != len(formats) {
		t.Errorf("%d rows are shown, %d figures have a format", len(shown), len(formats))
	}
	for _, name := range shown {
		if formats[name] == "" {
			t.Errorf("%s has no format", name)
		}
	}
}

func TestTheFloorIsTheEnginesAndTwoRequests(t *testing.T) {
	all := mix{docs: []document{{kind: pdf}, {kind: text}, {kind: image}}}
	f := floor{recognition: 4 * time.Second, mupdf: time.Second, request: 500 * time.Millisecond}
	if got := f.total(all); got != 8*time.Second {
		t.Errorf("all: %v, want 8s", got)
	}
	if got := f.total(all.without(image)); got != 3*time.Second {
		t.Errorf("without images: %v, want 3s", got)
	}
	if got, want := f.rate(all), 3*float64(runtime.NumCPU())*60/8; got != want {
		t.Errorf("%v a minute, want %v", got, want)
	}
}

func TestRoutesStandBelowTheirSum(t *testing.T) {
	m := &measurement{mix: mix{docs: []document{{kind: pdf}}}, floors: []floor{{mupdf: time.Second}}}
	for range 4 {
		m.cells = append(m.cells, cell{name: "c", mix: m.mix, runs: []figures{{rate: 60, requests: 2, "lease": 1, "result": 1}}})
	}
	got := m.markdown()
	sum, lease, doorbell := strings.Index(got, "| requests a document"), strings.Index(got, "of them `lease`"), strings.Index(got, "static: doorbell")
	if sum < 0 || lease < sum || doorbell < lease {
		t.Errorf("rows are missing or in another order:\n%s", got)
	}
}

func TestTheSteadyRateLeavesOutStartAndEnd(t *testing.T) {
	var at []time.Time
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 100 {
		switch {
		case i < 10:
			now = now.Add(20 * time.Second)
		case i < 95:
			now = now.Add(time.Second)
		default:
			now = now.Add(time.Minute)
		}
		at = append(at, now)
	}
	if got := steadyRate(at); got < 59.9 || got > 60.1 {
		t.Errorf("%.1f a minute, want 60", got)
	}
	if got := steadyRate(nil); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}
