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
// gives, in KiB, the largest sum seen, the most of the process itself and the most of one descendant.
func watchMemory(pid int) (stop func() (together, own, reader int64)) {
	quit, end := make(chan struct{}), make(chan struct{})
	var peak, own, reader int64
	go func() {
		defer close(end)
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				sum := int64(0)
				for _, p := range family(pid) {
					sum += proportional(p)
					if p == pid {
						own = max(own, highest(p))
					} else {
						reader = max(reader, highest(p))
					}
				}
				peak = max(peak, sum)
			case <-quit:
				return
			}
		}
	}()
	return func() (int64, int64, int64) {
		close(quit)
		<-end
		return peak, own, reader
	}
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
func proportional(pid int) int64 { return kib(pid, "smaps_rollup", "Pss:") }

// highest is the most memory that a process held so far, in KiB.
func highest(pid int) int64 { return kib(pid, "status", "VmHWM:") }

func kib(pid int, file, name string) int64 {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), file))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == name {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n
		}
	}
	return 0
}
