package pool

import (
	"strings"
	"sync"
)

// stderrTail keeps the last bytes a child wrote to standard error.
type stderrTail struct {
	mu    sync.Mutex
	max   int
	data  []byte
	total int64
}

func newStderrTail(n int) *stderrTail { return &stderrTail{max: n} }

func (t *stderrTail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total += int64(len(p))
	t.data = append(t.data, p...)
	if over := len(t.data) - t.max; over > 0 {
		t.data = append(t.data[:0], t.data[over:]...)
	}
	return len(p), nil
}

// Total is how many bytes were written in all.
func (t *stderrTail) Total() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total
}

// String returns the end of it on one printable line.
func (t *stderrTail) String() string {
	s := t.line()
	if len(s) > 600 {
		s = s[len(s)-600:]
	}
	return strings.TrimSpace(strings.ToValidUTF8(s, ""))
}

// line is all of it on one printable line.
func (t *stderrTail) line() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return ' '
		}
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(t.data), ""))
}

// hints are the words by which a child's last output tells why it ended. The output itself may quote
// the document and stays out of logs.
var hints = []string{
	"out of memory", "cannot allocate", "runtime error", "fatal error", "panic", "SIGSEGV", "SIGABRT", "SIGSYS", "assert",
	"stack overflow", "bad_alloc", "repairing", "too many", "exceeded",
}

// Hints names the hints that are in the output, parted by commas.
func (t *stderrTail) Hints() string {
	s := t.line()
	var found []string
	for _, h := range hints {
		if strings.Contains(s, h) {
			found = append(found, h)
		}
	}
	return strings.Join(found, ", ")
}
