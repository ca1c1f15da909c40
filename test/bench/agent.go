package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Agent is the agent's binary with a folder of its own.
type Agent struct {
	dir, bin string
	env      []string
	cmd      *exec.Cmd
	ended    chan error
}

// NewAgent makes an agent whose data, home and log are below dir; env is added to a bare environment.
func NewAgent(dir, bin string, env ...string) (*Agent, error) {
	bin, err := filepath.Abs(bin)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(bin); err != nil {
		return nil, fmt.Errorf("%w: `make build` makes it", err)
	}
	return &Agent{dir: dir, bin: bin, env: env}, os.MkdirAll(dir, 0o700)
}

func (a *Agent) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, a.bin, append([]string{"--data-dir", filepath.Join(a.dir, "data")}, args...)...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + a.dir, "TMPDIR=" + a.dir, "LANG=C.UTF-8"}, a.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// Join joins a site by `aidoc-agent join`.
func (a *Agent) Join(ctx context.Context, url, token string) error {
	cmd := a.command(ctx, "join", url)
	cmd.Env = append(cmd.Env, "AIDOC_JOIN_TOKEN="+token)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("join %s: %w\n%s", url, err, out)
	}
	return nil
}

// Start starts `aidoc-agent run`. Its log is the file "log" of the agent's folder.
func (a *Agent) Start() error {
	log, err := os.OpenFile(filepath.Join(a.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	a.cmd = a.command(context.Background(), "run")
	a.cmd.Stdout, a.cmd.Stderr = log, log
	if err := a.cmd.Start(); err != nil {
		return fmt.Errorf("start the agent: %w", err)
	}
	a.ended = make(chan error, 1)
	go func() { a.ended <- a.cmd.Wait() }()
	return nil
}

// PID is the process of a started agent.
func (a *Agent) PID() int { return a.cmd.Process.Pid }

// Ended receives the agent's end, expected or not.
func (a *Agent) Ended() <-chan error { return a.ended }

// stopLimit is more than an agent takes to drain.
const stopLimit = 40 * time.Second

// Stop asks the agent to end and waits for it; what does not end is killed.
func (a *Agent) Stop() error {
	if a.cmd == nil || a.cmd.Process == nil {
		return nil
	}
	if err := a.cmd.Process.Signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	select {
	case <-a.ended:
		return nil
	case <-time.After(stopLimit):
		err := syscall.Kill(-a.PID(), syscall.SIGKILL)
		<-a.ended
		return errors.Join(fmt.Errorf("the agent did not end within %v; its log is %s", stopLimit, filepath.Join(a.dir, "log")), err)
	}
}
