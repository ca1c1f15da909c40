package confine

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestMain lets the test binary be a process that confines itself and says how long that took.
func TestMain(m *testing.M) {
	if os.Getenv("AIDOC_TEST_APPLY") != "" {
		start := time.Now()
		s := Apply(Policy{ReadWrite: []string{os.TempDir()}, MemoryMiB: 1024, FileBytes: 1 << 30, CPU: time.Hour})
		fmt.Println(time.Since(start).Microseconds(), s)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// BenchmarkApply is what the sandbox layers cost at the start of a child.
func BenchmarkApply(b *testing.B) {
	var sum time.Duration
	for b.Loop() {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "AIDOC_TEST_APPLY=1")
		out, err := cmd.Output()
		var us int64
		if _, serr := fmt.Sscan(string(out), &us); err != nil || serr != nil {
			b.Fatalf("%v %v: %s", err, serr, out)
		}
		sum += time.Duration(us) * time.Microsecond
	}
	b.ReportMetric(float64(sum.Microseconds())/float64(b.N), "µs/sandbox")
}
