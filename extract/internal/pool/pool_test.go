package pool

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// badPool runs children that misbehave.
func badPool(t *testing.T, mode string, change func(*Config)) (*Pool, error) {
	t.Helper()
	c := Config{Reader: os.Args[0], Workers: 2, WorkDir: t.TempDir(), MaxText: 1 << 20, Env: []string{"AIDOC_TEST_CHILD=" + mode, "AIDOC_TEST_MARK=" + t.TempDir()}, PageTimeout: 30 * time.Second, watchdogInterval: 50 * time.Millisecond}
	if change != nil {
		change(&c)
	}
	p, err := New(c)
	if err == nil {
		t.Cleanup(func() { _ = p.Close() })
	}
	return p, err
}

func tempFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPageThatKillsItsChildFailsAlone(t *testing.T) {
	for _, c := range []struct {
		mode string
		want doc.Code
	}{
		{"dies always", doc.CodeCrash}, {"wrong page", doc.CodeCrash}, {"wrong sequence", doc.CodeCrash}, {"bad confidence", doc.CodeCrash},
		{"bad method", doc.CodeCrash}, {"not utf-8", doc.CodeCrash}, {"raw bytes", doc.CodeCrash}, {"huge", doc.CodeCrash}, {"hangs", doc.CodeTimeout},
		{"slow twice", doc.CodeCrash}, {"slow elsewhere", doc.CodeCrash}, {"slow", ""},
		{"burns", doc.CodeTimeout}, {"fills the disk", doc.CodeCrash}, {"makes files", doc.CodeCrash}, {"starts threads", doc.CodeCrash},
		{"dies once", ""}, {"no reason", doc.CodeCrash}, {"reason in lines", doc.CodeCrash},
	} {
		t.Run(c.mode, func(t *testing.T) {
			t.Parallel()
			p, err := badPool(t, c.mode, func(cfg *Config) {
				switch c.mode {
				case "hangs":
					cfg.PageTimeout = 300 * time.Millisecond
				case "burns":
					cfg.PageTimeout, cfg.RequestCPU = 5*time.Minute, time.Second
				case "fills the disk":
					cfg.MaxBytes, cfg.MaxUnpacked = 1<<20, 1<<20
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			pages := map[int]doc.Page{}
			info, err := p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{OnPage: func(pg doc.Page) error { pages[pg.Number] = pg; return nil }})
			if err != nil || info.Pages != 3 || len(pages) != 3 {
				t.Fatalf("info %+v, %d pages, %v", info, len(pages), err)
			}
			if pages[1].Text != "page 1" || pages[3].Text != "page 3" {
				t.Errorf("good pages were lost: %+v", pages)
			}
			got := doc.Code("")
			if pages[2].Err != nil {
				got = pages[2].Err.Code
			}
			if got != c.want {
				t.Errorf("page 2: code %q, want %q", got, c.want)
			}
		})
	}
}

// A document's text is bounded as a whole: its caller holds all pages.
func TestTextOfADocumentIsBounded(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "well", func(c *Config) { c.MaxTotal = len("page 1page 2") })
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	_, err = p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{OnPage: func(doc.Page) error { pages++; return nil }})
	var e *doc.Fail
	if !errors.As(err, &e) || e.Code != doc.CodeTooLarge || pages != 2 {
		t.Errorf("%d pages, %v", pages, err)
	}
}

func TestWhatAChildSaysOfAFileIsChecked(t *testing.T) {
	for _, mode := range []string{"format in lines", "title drives a terminal", "endless warning"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p, err := badPool(t, mode, nil)
			if err != nil {
				t.Fatal(err)
			}
			var e *doc.Fail
			if info, err := p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{}); !errors.As(err, &e) || e.Code != doc.CodeCrash {
				t.Errorf("%+v %v", info, err)
			}
		})
	}
}

func TestNewRefusesAStrangeChild(t *testing.T) {
	for mode, want := range map[string]string{
		"other version": "protocol", "other build": "build", "noise": "protocol", "silent death": "libtesseract",
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			_, err := badPool(t, mode, nil)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("%v, want a reason with %q", err, want)
			}
		})
	}
}

func TestSandboxRequired(t *testing.T) {
	t.Parallel()
	if _, err := badPool(t, "no landlock", func(c *Config) { c.Sandbox = SandboxRequire }); err == nil || !strings.Contains(err.Error(), "the kernel has none") {
		t.Fatalf("%v, want the missing layer named", err)
	}
	p, err := badPool(t, "no landlock", nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := p.Sandbox(); s.Complete() || s.Landlock == "" {
		t.Fatalf("status %+v hides the missing layer", s)
	}
}

func TestChildThatDiesAtOpen(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "dies at open", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{})
	var e *doc.Fail
	if !errors.As(err, &e) || e.Code != doc.CodeCrash || e.Transient {
		t.Fatalf("%v, want %s", err, doc.CodeCrash)
	}
}

// A file inside a document that ends the reader does not take the document down.
func TestChildThatDiesOverAFileInside(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"dies over parts", "hangs over parts"} {
		p, err := badPool(t, mode, func(c *Config) { c.OpenTimeout = 3 * time.Second })
		if err != nil {
			t.Fatal(err)
		}
		info, err := p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{})
		if err != nil || info.Pages != 3 {
			t.Fatalf("%s: %+v %v", mode, info, err)
		}
	}
}

func TestSkipAndStop(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "good", nil)
	if err != nil {
		t.Fatal(err)
	}
	file := tempFile(t, "a", []byte("x"))
	var seen []int
	if _, err := p.Extract(context.Background(), file, Options{Skip: func(n int) bool { return n != 2 }, OnPage: func(pg doc.Page) error { seen = append(seen, pg.Number); return nil }}); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0] != 2 {
		t.Errorf("pages %v, want only 2", seen)
	}
	stop := errors.New("journal is full")
	calls := 0
	if _, err := p.Extract(context.Background(), file, Options{OnPage: func(doc.Page) error { calls++; return stop }}); !errors.Is(err, stop) || calls != 1 {
		t.Errorf("%v after %d calls, want the caller's error after one", err, calls)
	}
	if _, err := p.Extract(context.Background(), file, Options{OnDocument: func(doc.Info) error { return stop }}); !errors.Is(err, stop) {
		t.Errorf("%v, want the caller's error", err)
	}
}

func TestCancelEndsAHangingPage(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "hangs", nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	_, err = p.Extract(ctx, tempFile(t, "a", []byte("x")), Options{OnPage: func(doc.Page) error {
		if n++; n == 2 { // the two good pages came; the third hangs
			cancel()
		}
		return nil
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want canceled", err)
	}
}

func TestManyDocumentsShareFewChildren(t *testing.T) {
	t.Parallel()
	p, err := badPool(t, "good", func(c *Config) { c.RecyclePages = 4 })
	if err != nil {
		t.Fatal(err)
	}
	file := tempFile(t, "a", []byte("x"))
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			got := 0
			if _, err := p.Extract(context.Background(), file, Options{OnPage: func(doc.Page) error { got++; return nil }}); err != nil || got != 3 {
				t.Errorf("%d pages, %v", got, err)
			}
		})
	}
	wg.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.live); n > 2 || p.startable+n != 2 {
		t.Errorf("%d children live and %d may be started, want 2 together", n, p.startable)
	}
}

func TestCloseEndsRunningWorkAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, err := badPool(t, "hangs", func(c *Config) { c.WorkDir = dir })
	if err != nil {
		t.Fatal(err)
	}
	began := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		_, err := p.Extract(context.Background(), tempFile(t, "a", []byte("x")), Options{OnDocument: func(doc.Info) error { close(began); return nil }})
		done <- err
	}()
	<-began
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil {
		t.Error("an extraction ended well although the pool was closed under it")
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := p.Extract(context.Background(), tempFile(t, "b", []byte("x")), Options{}); err == nil {
		t.Error("a closed pool took work")
	}
}
