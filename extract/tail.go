package extract

import (
	"strings"
	"sync"
)

// tail keeps the last bytes a child wrote to standard error.
type tail struct {
	mu   sync.Mutex
	max  int
	data []byte
}

func newTail(n int) *tail { return &tail{max: n} }

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, p...)
	if over := len(t.data) - t.max; over > 0 {
		t.data = append(t.data[:0], t.data[over:]...)
	}
	return len(p), nil
}

// String returns it on one printable line.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := strings.Map(func(r rune) rune {
		if r == '\n' {
			return ' '
		}
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(t.data), ""))
	if len(s) > 600 {
		s = s[len(s)-600:]
	}
	return strings.TrimSpace(strings.ToValidUTF8(s, ""))
}
