package extract

import (
	"context"
	"fmt"
	"syscall"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

// What one page and one document cost with the reading of a few words: cpu-µs/op is the processor time of the agent and
// of its child, which other work on the machine does not change much.
func BenchmarkPage(b *testing.B)     { benchmark(b, 200) }
func BenchmarkDocument(b *testing.B) { benchmark(b, 1) }

// benchmark reads one document of n pages again and again.
func benchmark(b *testing.B, n int) {
	pages := make([]pdfPage, n)
	for i := range pages {
		pages[i].lines = []string{fmt.Sprintf("Page %d of a report.", i+1)}
	}
	file := tempFile(b, "a.pdf", pdf(pages...))
	p, err := pool.New(pool.Config{Workers: 1, WorkDir: b.TempDir(), RecyclePages: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	before := processorTime()
	for i := 0; b.Loop(); i++ {
		if i%n > 0 {
			continue // one reading gives n pages
		}
		if _, err := p.Extract(context.Background(), file, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	_ = p.Close() // a child's time is known when it has ended
	b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-µs/op")
}

// processorTime of this process and of the children that ended, in microseconds.
func processorTime() (us int64) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		_ = syscall.Getrusage(who, &u)
		us += (u.Utime.Sec+u.Stime.Sec)*1e6 + u.Utime.Usec + u.Stime.Usec
	}
	return us
}
