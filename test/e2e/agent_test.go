//go:build e2e

package e2e

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The exit codes of aidoc-agent (docs/operations.md).
const (
	exitOK       = 0
	exitUsage    = 2
	exitNoSite   = 3
	exitRefused  = 4
	exitDocument = 5
	exitLocal    = 6
)

// Agent is the real binary with a data folder of its own.
type Agent struct {
	Dir    string
	Env    []string
	Binary string // "": the one that make build made
}

// Outcome is what a run of the binary left.
type Outcome struct {
	Code   int
	Stdout string
	Stderr string
}

func binary(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../bin/aidoc-agent")
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("build the agent first (make build): %v", err)
	}
	return path
}

func newAgent(t *testing.T, env ...string) *Agent {
	t.Helper()
	return &Agent{Dir: filepath.Join(t.TempDir(), "agent"), Env: env}
}

// joined is an agent that has joined the site.
func joined(t *testing.T, s *Site, name string, env ...string) *Agent {
	t.Helper()
	return joinedAs(t, s, name, "any", env...)
}

// joinedAs joins with that kind of key.
func joinedAs(t *testing.T, s *Site, name, identity string, env ...string) *Agent {
	t.Helper()
	a := newAgent(t, env...)
	if got := a.Join(t, s.URL, s.Token(t, name), "--identity", identity); got.Code != exitOK {
		t.Fatalf("join %s: exit %d\n%s", s.Name, got.Code, got.Stderr)
	}
	return a
}

func (a *Agent) command(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, cmp.Or(a.Binary, binary(t)), append([]string{"--data-dir", a.Dir}, args...)...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Dir(a.Dir), "TMPDIR=" + t.TempDir(), "LANG=C.UTF-8"}, a.Env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// Do runs the binary to its end, at most three minutes.
func (a *Agent) Do(t *testing.T, args ...string) Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var out, errOut bytes.Buffer
	cmd := a.command(ctx, t, args...)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("aidoc-agent %s: %v", args[0], err)
	}
	if ctx.Err() != nil {
		t.Fatalf("aidoc-agent %s did not end within three minutes\n%s", args[0], errOut.String())
	}
	return Outcome{Code: cmd.ProcessState.ExitCode(), Stdout: out.String(), Stderr: errOut.String()}
}

// Join joins a site; the token travels in the environment, never on the command line.
func (a *Agent) Join(t *testing.T, siteURL, token string, flags ...string) Outcome {
	t.Helper()
	with := &Agent{Dir: a.Dir, Env: append([]string{"AIDOC_JOIN_TOKEN=" + token}, a.Env...), Binary: a.Binary}
	return with.Do(t, append([]string{"join", siteURL}, flags...)...)
}

// Running is an agent in the background.
type Running struct {
	cmd  *exec.Cmd
	log  syncBuffer
	done chan struct{}
}

// Run starts `aidoc-agent run`. The test kills it at its end when nobody did before.
func (a *Agent) Run(t *testing.T) *Running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &Running{cmd: a.command(ctx, t, "run"), done: make(chan struct{})}
	r.cmd.Stdout, r.cmd.Stderr = &r.log, &r.log
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { defer close(r.done); _ = r.cmd.Wait() }()
	t.Cleanup(func() {
		cancel()
		<-r.done
		if t.Failed() {
			t.Logf("log of an agent:\n%s", r.log.Tail(6000))
		}
	})
	return r
}

// Signal sends a signal to the agent alone, Kill to it and its children at once.
func (r *Running) Signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(r.cmd.Process.Pid, s); err != nil {
		t.Fatal(err)
	}
}

// Kill is the power cut: SIGKILL for the whole process group.
func (r *Running) Kill(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-r.done
}

// Wait waits for the end of the agent and returns its exit code.
func (r *Running) Wait(t *testing.T, limit time.Duration) int {
	t.Helper()
	select {
	case <-r.done:
		return r.cmd.ProcessState.ExitCode()
	case <-time.After(limit):
		t.Fatalf("the agent still runs after %v\n%s", limit, r.log.Tail(3000))
		return -1
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// Tail returns the last n bytes.
func (s *syncBuffer) Tail(n int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.b.Bytes()
	return string(b[max(0, len(b)-n):])
}
