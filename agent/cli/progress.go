package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// progress is one line on a terminal that is rewritten in place; on anything else it is silent.
type progress struct {
	w     io.Writer
	on    bool
	width int

	mu   sync.Mutex
	last time.Time
	len  int
}

func newProgress(w io.Writer) *progress {
	w = bare(w)
	p := &progress{w: w, on: isTerminal(w), width: 80}
	if f, ok := w.(*os.File); ok && p.on {
		if cols, _, err := term.GetSize(int(f.Fd())); err == nil && cols > 20 {
			p.width = cols
		}
	}
	return p
}

var phaseWords = map[string]string{
	"download": "downloading", "extract": "reading", "ocr": "recognising", "summarise": "summarising", "store": "storing", "report": "reporting",
}

// show says where a file is; at most ten times a second.
func (p *progress) show(file, phase string, done, total int) {
	if !p.on {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if done < total && time.Since(p.last) < 100*time.Millisecond {
		return
	}
	p.last = time.Now()
	line := fmt.Sprintf("%s: %s", clean(filepath.Base(file)), phaseWords[phase])
	if total > 0 {
		line += fmt.Sprintf(" %d of %d", done, total)
	}
	if n := utf8.RuneCountInString(line); n > p.width-1 {
		r := []rune(line)
		line = "…" + string(r[n-p.width+2:])
	}
	p.clearLocked()
	fmt.Fprint(p.w, line)
	p.len = utf8.RuneCountInString(line)
}

// clear removes the line, so that other output starts on a clean one.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clearLocked()
}

func (p *progress) clearLocked() {
	if p.on && p.len > 0 {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.len = 0
	}
}
