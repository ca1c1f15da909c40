package pool

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"golang.org/x/sys/unix"
)

// TestSurvey reads every file that a list names, one a line, through one pool of one child, and writes a row of what
// each cost and how it ended: what hostile files do to the agent is seen on thousands of them.
// It runs only by hand: AIDOC_SURVEY=list AIDOC_OUT=rows.tsv [AIDOC_TEXTS=folder for the texts, by line number].
func TestSurvey(t *testing.T) {
	list, out, texts := os.Getenv("AIDOC_SURVEY"), os.Getenv("AIDOC_OUT"), os.Getenv("AIDOC_TEXTS")
	if list == "" || out == "" {
		t.Skip("set AIDOC_SURVEY and AIDOC_OUT to survey files")
	}
	f, err := os.Open(list)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	rows := csv.NewWriter(w)
	rows.Comma = '\t'
	defer rows.Flush()
	p, err := New(Config{Workers: 1, Sandbox: SandboxRequire, WorkDir: t.TempDir(), Logger: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	_ = rows.Write([]string{"file", "status", "code", "format", "pages", "failed", "chars", "wall_s", "cpu_s", "child_mib", "message", "detail"})
	lines := bufio.NewScanner(f)
	for n := 0; lines.Scan(); n++ {
		s := p.survey(lines.Text())
		_ = rows.Write(s.row())
		rows.Flush()
		if texts != "" && s.text != "" {
			if err := os.WriteFile(filepath.Join(texts, strconv.Itoa(n)), []byte(s.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if s.status == "wrong" {
			t.Errorf("%s: %s", s.file, s.message)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

type surveyed struct {
	file, status, code, format, message, detail, text string
	pages, failed                                     int
	wall, cpu                                         time.Duration
	mib                                               int64
}

func (s surveyed) row() []string {
	return []string{s.file, s.status, s.code, s.format, strconv.Itoa(s.pages), strconv.Itoa(s.failed), strconv.Itoa(len(s.text)),
		fmt.Sprintf("%.2f", s.wall.Seconds()), fmt.Sprintf("%.2f", s.cpu.Seconds()), strconv.FormatInt(s.mib, 10), s.message, s.detail}
}

// survey reads one file. The status is ok, refused, crash, timeout, or wrong for an answer that is none of the file's.
func (p *Pool) survey(path string) surveyed {
	s := surveyed{file: path, status: "ok"}
	before := p.readers()
	var text strings.Builder
	var page *doc.Fail
	start := time.Now()
	info, err := p.Extract(context.Background(), path, Options{Name: filepath.Base(path), OnPage: func(pg doc.Page) error {
		text.WriteString(pg.Text + "\n")
		if pg.Err != nil {
			s.failed++
			page = pg.Err
		}
		return nil
	}})
	s.wall, s.format, s.pages, s.text = time.Since(start), info.Format, info.Pages, text.String()
	for pid, now := range p.readers() {
		s.cpu, s.mib = s.cpu+now.cpu-before[pid].cpu, max(s.mib, now.mib)
	}
	if err == nil && page != nil {
		s.code, s.message = "page:"+string(page.Code), page.Message
		s.note(page)
	}
	if err == nil {
		return s
	}
	var e *doc.Fail
	if !errors.As(err, &e) {
		s.status, s.message = "wrong", err.Error()
		return s
	}
	s.code, s.message = string(e.Code), e.Message
	s.status = map[doc.Code]string{doc.CodeCrash: "crash", doc.CodeTimeout: "timeout", doc.CodeInternal: "wrong"}[e.Code]
	if s.status == "" {
		s.status = "refused"
	}
	s.note(e)
	return s
}

func (s *surveyed) note(e *doc.Fail) {
	if e.Err != nil {
		s.detail = strings.Join(strings.Fields(e.Err.Error()), " ")
	}
}

type reader struct {
	cpu time.Duration
	mib int64 // the most memory since the last call
}

// readers tells what each child has used, and has the kernel count their memory's peak anew.
func (p *Pool) readers() map[int]reader {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[int]reader{}
	for k := range p.live {
		pid := k.cmd.Process.Pid
		var ts unix.Timespec
		_ = unix.ClockGettime(int32(^pid<<3|2), &ts)
		r := reader{cpu: time.Duration(ts.Nano())}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		for line := range strings.Lines(string(status)) {
			if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
				kib, _ := strconv.ParseInt(f[1], 10, 64)
				r.mib = kib >> 10
			}
		}
		_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0)
		out[pid] = r
	}
	return out
}
