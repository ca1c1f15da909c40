package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit in which Linux tells processor time to programs, on every architecture.
const tick = time.Second / 100

// CPU is the processor time of a process.
type CPU struct {
	Own    time.Duration // of the process itself
	Waited time.Duration // of its children that have ended
}

// CPUOf reads what a process has used so far.
func CPUOf(pid int) (CPU, error) {
	f, err := stat(pid)
	if err != nil {
		return CPU{}, err
	}
	return CPU{Own: ticks(f[11]) + ticks(f[12]), Waited: ticks(f[13]) + ticks(f[14])}, nil
}

// Tree is what a process and everything that it started, dead or alive, has used so far.
func Tree(pid int) time.Duration {
	sum := time.Duration(0)
	for _, p := range Family(pid) {
		if c, err := CPUOf(p); err == nil { // else it has ended, and its parent has waited for it
			sum += c.Own + c.Waited
		}
	}
	return sum
}

// stat are the fields of /proc/PID/stat from the state on: the name before them may hold anything.
func stat(pid int) ([]string, error) {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return nil, err
	}
	f := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(f) < 15 {
		return nil, fmt.Errorf("/proc/%d/stat has %d fields after the name", pid, len(f))
	}
	return f, nil
}

func ticks(field string) time.Duration {
	n, _ := strconv.ParseInt(field, 10, 64)
	return time.Duration(n) * tick
}

// Family lists a process and its descendants. Linux tells the children of each thread; asking it costs a hundredth of looking
// through all processes of the machine.
func Family(root int) []int {
	list := []int{root}
	for i := 0; i < len(list); i++ {
		threads, _ := filepath.Glob(filepath.Join("/proc", strconv.Itoa(list[i]), "task/*/children"))
		for _, name := range threads {
			data, err := os.ReadFile(name)
			if err != nil {
				continue // it ended meanwhile
			}
			for child := range strings.FieldsSeq(string(data)) {
				if pid, err := strconv.Atoi(child); err == nil {
					list = append(list, pid)
				}
			}
		}
	}
	return list
}

// Busy is how long all cores together have worked since the machine started, whoever for.
func Busy() (time.Duration, error) {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(data), "\n")
	f := strings.Fields(line)
	if len(f) < 9 || f[0] != "cpu" {
		return 0, fmt.Errorf("/proc/stat begins with %q", line)
	}
	sum := time.Duration(0)
	for i, field := range f[1:9] {
		if i != 3 && i != 4 { // idle, and idle while a disk works
			sum += ticks(field)
		}
	}
	return sum, nil
}

// Load is the machine's load average over 1, 5 and 15 minutes.
func Load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}

// Proportional is a process's memory in KiB, of shared pages its share. It stops the process for a moment.
func Proportional(pid int) int64 { return kib(pid, "smaps_rollup", "Pss:") }

// Highest is the most memory that a process held so far, in KiB.
func Highest(pid int) int64 { return kib(pid, "status", "VmHWM:") }

// Resident is the memory that a process holds now, in KiB.
func Resident(pid int) int64 { return kib(pid, "status", "VmRSS:") }

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
