package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// sampleEvery is rare enough to cost the measured program nothing that shows.
const sampleEvery = 100 * time.Millisecond

// watchMemory samples a process and its descendants until the returned function is called, which
// gives the largest sum seen, in KiB.
func watchMemory(pid int) (stop func() int64) {
	quit, most := make(chan struct{}), make(chan int64)
	go func() {
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		peak := int64(0)
		for {
			select {
			case <-tick.C:
				sum := int64(0)
				for _, p := range family(pid) {
					sum += proportional(p)
				}
				peak = max(peak, sum)
			case <-quit:
				most <- peak
				return
			}
		}
	}()
	return func() int64 { close(quit); return <-most }
}

// family lists a process and its descendants.
func family(root int) []int {
	parents := map[int]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range stats {
		data, err := os.ReadFile(f)
		if err != nil {
			continue // ended meanwhile
		}
		// The name in parentheses may hold anything; the parent is the second field after it.
		fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(f)))
		if err != nil || len(fields) < 2 {
			continue
		}
		parents[pid], _ = strconv.Atoi(fields[1])
	}
	list := []int{root}
	for i := 0; i < len(list); i++ {
		for pid, parent := range parents {
			if parent == list[i] {
				list = append(list, pid)
			}
		}
	}
	return list
}

// proportional is a process's memory in KiB, of shared pages its share.
func proportional(pid int) int64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/smaps_rollup")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "Pss:" {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n
		}
	}
	return 0
}
