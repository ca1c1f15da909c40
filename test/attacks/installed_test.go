//go:build attacks

package attacks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Installed is the real binary with a data folder of its own.
type Installed struct {
	dir string
	env []string // beside what every command has
}

// Outcome is what a run of the binary left.
type Outcome struct {
	Code           int
	Stdout, Stderr string
	Took           time.Duration
}

func newInstalled(t *testing.T) *Installed {
	t.Helper()
	return &Installed{dir: filepath.Join(t.TempDir(), "agent")}
}

// installAgent has joined the site with nobody on the path.
func installAgent(t *testing.T, what string) *Installed {
	t.Helper()
	a := newInstalled(t)
	if out := a.join(t, invite(t, name(what))); out.Code != 0 {
		t.Fatalf("join: exit %d\n%s", out.Code, out.Stderr)
	}
	return a
}

func (a *Installed) command(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	bin, err := filepath.Abs("../../bin/aidoc-agent")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bin); err != nil {
		t.Fatalf("build the agent first (make build): %v", err)
	}
	cmd := exec.CommandContext(ctx, bin, append([]string{"--data-dir", a.dir}, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Dir(a.dir), "TMPDIR=" + filepath.Dir(a.dir), "LANG=C.UTF-8"}
	cmd.Env = append(cmd.Env, a.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

func (a *Installed) do(t *testing.T, args ...string) Outcome { return a.with(t, "", args...) }

func (a *Installed) join(t *testing.T, token string) Outcome {
	return a.with(t, "AIDOC_JOIN_TOKEN="+token, "join", site.URL)
}

func (a *Installed) with(t *testing.T, env string, args ...string) Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := a.command(ctx, t, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if env != "" {
		cmd.Env = append(cmd.Env, env)
	}
	start := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("aidoc-agent %s: %v", args[0], err)
	}
	return Outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), time.Since(start)}
}

func (a *Installed) keyFile(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(a.dir, "sites", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("key files %v, %v", files, err)
	}
	return files[0]
}

// key is the id of its key.
func (a *Installed) key(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(a.keyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	var stored struct {
		KeyID string `json:"key_id"`
	}
	if err := json.Unmarshal(raw, &stored); err != nil || stored.KeyID == "" {
		t.Fatalf("no key id in %s: %v", raw, err)
	}
	return stored.KeyID
}

// Running is the agent at work in the background.
type Running struct {
	log  logBuffer
	done chan struct{}
}

func (a *Installed) run(t *testing.T, flags ...string) *Running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &Running{done: make(chan struct{})}
	cmd := a.command(ctx, t, append(flags, "run")...)
	cmd.Stdout, cmd.Stderr = &r.log, &r.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { defer close(r.done); _ = cmd.Wait() }()
	t.Cleanup(func() {
		cancel()
		<-r.done
		if t.Failed() {
			t.Logf("log of the agent:\n%s", r.log.tail(5000))
		}
	})
	return r
}

func (r *Running) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// awaitTrue asks the database until it agrees.
func awaitTrue(t *testing.T, limit time.Duration, r *Running, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !ok(); {
		if time.Now().After(deadline) {
			t.Errorf("waited %v for %s\n%s", limit, what, r.log.tail(3000))
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(150 * time.Millisecond):
		}
	}
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) tail(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.b.Bytes()
	return string(b[max(0, len(b)-n):])
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
