package pool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"golang.org/x/sys/unix"
)

// onlyChild gives the one child of a pool.
func onlyChild(t *testing.T, p *Pool) *child {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for k := range p.live {
		if len(p.live) == 1 {
			return k
		}
	}
	t.Fatalf("%d children live, want one", len(p.live))
	return nil
}

// assertSuspended waits until the kernel says that the child does not run any more, and sees that no thread does.
func assertSuspended(t *testing.T, k *child) {
	t.Helper()
	if ran := stillRuns(k); ran != "" {
		t.Error(ran)
	}
	if stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", k.cmd.Process.Pid)); !bytes.Contains(stat, []byte(") T ")) {
		t.Errorf("the child is not stopped: %q", stat)
	}
}

// stillRuns waits until the child is stopped or was ended, and says what of it never was. It may be resumed or ended by its
// pool between the kernel's word and the look at its threads: then it is waited for again.
func stillRuns(k *child) string {
	var late atomic.Bool
	timer := time.AfterFunc(20*time.Second, func() { late.Store(true); k.signal(syscall.SIGKILL) })
	defer timer.Stop()
	for {
		_ = awaitStop(k.cmd.Process.Pid)
		running := runningThread(k)
		switch {
		case late.Load():
			return "the child ran on " + running
		case running == "":
			return ""
		}
	}
}

// runningThread gives the kernel's line about a thread that is neither stopped nor ended.
func runningThread(k *child) string {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", k.cmd.Process.Pid))
	for _, path := range threads {
		stat, _ := os.ReadFile(path)
		if _, rest, ok := bytes.Cut(stat, []byte(") ")); ok && !strings.ContainsRune("TZX", rune(rest[0])) {
			return string(stat)
		}
	}
	return ""
}

// awaitEnd waits until a child is no more.
func awaitEnd(t *testing.T, k *child) {
	t.Helper()
	late := time.AfterFunc(20*time.Second, func() { t.Error("nobody ended the child"); k.signal(syscall.SIGKILL) })
	defer late.Stop()
	for {
		if err := unix.Waitid(unix.P_PID, k.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != unix.EINTR {
			return
		}
	}
}

// resumeBehindThePool does what a process of the same user could.
func resumeBehindThePool(t *testing.T, k *child) {
	t.Helper()
	// The kernel may say that the child is stopped before its pool has noted it.
	if err := k.suspend(); err != nil {
		t.Fatal(err)
	}
	k.signal(syscall.SIGCONT)
}

// A child that answers and then does something else is stopped, with its document open and without one.
func TestAChildRunsOnlyWhileItIsAsked(t *testing.T) {
	for what := range unsolicitedActs {
		for _, when := range []string{"opened", "read", "closed"} {
			t.Run(what+" when "+when, func(t *testing.T) {
				t.Parallel()
				p, err := badPool(t, what+" when "+when, func(c *Config) { c.Workers = 1 })
				if err != nil {
					t.Fatal(err)
				}
				k := onlyChild(t, p)
				assertSuspended(t, k) // before its first document too
				seen := false
				look := func(now string) error {
					if now == when && !seen {
						seen = true
						if ran := stillRuns(k); ran != "" {
							t.Error(ran)
						}
					}
					return nil
				}
				_, _ = p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{
					OnDocument: func(doc.Info) error { return look("opened") },
					OnPage:     func(doc.Page) error { return look("read") },
				})
				_ = look("closed")
				if !seen {
					t.Error("the moment never came")
				}
			})
		}
	}
}

// A child that another process resumes is found to act and is ended; the next document is read all the same.
func TestAChildThatAnotherProcessResumesIsEnded(t *testing.T) {
	for what, why := range map[string]string{"writes": "it ", "makes files": "it ", "starts threads": "it ", "burns": "it ran for", "takes memory": "it ran for", "shouts": "it "} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			p, err := badPool(t, what+" when closed", func(c *Config) { c.Workers = 1 })
			if err != nil {
				t.Fatal(err)
			}
			first := onlyChild(t, p)
			if err := extractAll(t, p, ""); err != nil {
				t.Fatal(err)
			}
			p.mu.Lock()
			idle := len(p.idle) == 1 && p.idle[0] == first
			p.mu.Unlock()
			if idle {
				assertSuspended(t, first)
				resumeBehindThePool(t, first)
				awaitEnd(t, first)
				if got := first.killedFor(); !strings.HasPrefix(got, why) {
					t.Errorf("ended because %q, want %q", got, why)
				}
			}
			if err := extractAll(t, p, ""); err != nil {
				t.Errorf("the next document: %v", err)
			}
		})
	}
}

// With its document open, the page after it is read by another child.
func TestAResumedChildCostsItsDocumentNothing(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "burns when opened", func(c *Config) { c.Workers = 1 })
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	if _, err = p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{
		OnDocument: func(doc.Info) error {
			k := onlyChild(t, p)
			assertSuspended(t, k)
			resumeBehindThePool(t, k)
			awaitEnd(t, k)
			return nil
		},
		OnPage: func(pg doc.Page) error {
			if pages++; pg.Err != nil {
				t.Errorf("page %d: %v", pg.Number, pg.Err)
			}
			return nil
		},
	}); err != nil || pages != 3 {
		t.Errorf("%d pages, %v", pages, err)
	}
}

// A document that makes each of its readers speak unasked is to blame, and what they said is nobody's page.
func TestADocumentWhoseReadersSpeakUnaskedIsToBlame(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "speaks twice", func(c *Config) { c.Workers = 1 })
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	_, err = p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{OnPage: func(pg doc.Page) error {
		if pages++; pg.Text != "" || pg.Err == nil || pg.Err.Code != doc.CodeCrash || pg.Err.Transient {
			t.Errorf("page %d: %q, %v", pg.Number, pg.Text, pg.Err)
		}
		return nil
	}})
	var e *doc.Fail
	if !errors.As(err, &e) || e.Code != doc.CodeCrash || pages != 3 {
		t.Errorf("%d pages, %v, want %s", pages, err, doc.CodeCrash)
	}
}

// What a child does little by little, in requests that are too short to be looked at, counts all the same.
func TestManyShortRequestsCountTogether(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "grows", func(c *Config) { c.Workers, c.watchdogInterval = 1, time.Hour }) // it does not come between
	if err != nil {
		t.Fatal(err)
	}
	k := onlyChild(t, p)
	if err := extractAll(t, p, ""); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, lives := p.live[k]; lives {
		t.Errorf("a child with %d threads is kept", threadCount(k.cmd.Process.Pid))
	}
}

func extractAll(t *testing.T, p *Pool, tenant string) error {
	t.Helper()
	pages := 0
	_, err := p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{Tenant: tenant, OnPage: func(pg doc.Page) error {
		if pages++; pg.Err != nil {
			return pg.Err
		}
		return nil
	}})
	if err == nil && pages != 3 {
		err = fmt.Errorf("%d pages", pages)
	}
	return err
}
