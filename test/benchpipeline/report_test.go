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
