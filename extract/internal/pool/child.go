package pool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/confine"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

var (
	errChildDied    = errors.New("child process ended")
	errChildTimeout = errors.New("child process took too long")
	errProtocol     = errors.New("child process broke the protocol")
	errNotStarted   = errors.New("child process could not be started")
	errOtherBuild   = errors.New("child process is of another build")
)

// notReader says of an error of newChild that what was started is no reader of this agent, or none that runs here.
func notReader(err error) bool {
	return errors.Is(err, errNotStarted) || errors.Is(err, errChildDied) || errors.Is(err, errProtocol) || errors.Is(err, errOtherBuild)
}

// helloTimeout is generous: a loaded machine may take seconds to start a process.
const helloTimeout = 60 * time.Second

// child is one extraction process, seen from the agent. It is used by one goroutine at a time, and runs only while that waits for
// an answer: otherwise it is suspended.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *os.File
	stderr *stderrTail
	dir    string // its own: wire.InDir and wire.ScratchDir
	cfg    Config
	hello  wire.Hello

	tenant     string // whose documents it reads
	assigned   bool   // it has a tenant
	sliceStart time.Time
	idleTimer  *time.Timer // dismisses it while it is idle; of the pool

	seq     uint64
	open    *extraction // whose file it has open
	openSeq uint64
	pages   int // that it was asked for

	mu              sync.Mutex
	busy            bool        // a request is open
	suspended       bool        // all its threads are stopped
	ending          bool        // it is being reaped
	suspendTimer    *time.Timer // suspends it after an answer
	watchTimer      *time.Timer // calls the watchdog
	killReason      string      // why the watchdog ended it
	cpuAtSuspend    time.Duration
	stderrAtSuspend int64 // bytes

	reapOnce sync.Once
	waitErr  error // of Wait
	pidMu    sync.Mutex
	reaped   bool // its process number may be another's
}

// newChild starts a process in its own group, with nothing of the agent's environment, and waits for its greeting.
func newChild(ctx context.Context, c Config, spawn *spawner, run program) (*child, error) {
	dir, err := os.MkdirTemp(c.WorkDir, "child-")
	if err != nil {
		return nil, fmt.Errorf("make the child's folder: %w", err)
	}
	for _, d := range []string{wire.InDir, wire.ScratchDir} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			os.RemoveAll(dir)
			return nil, fmt.Errorf("make the child's folder: %w", err)
		}
	}
	k := &child{dir: dir, cfg: c, stderr: newStderrTail(16 << 10)}
	if err := k.start(spawn, run); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	k.suspendTimer = time.AfterFunc(time.Hour, func() { _ = k.suspend() })
	k.suspendTimer.Stop()
	k.mu.Lock()
	k.busy = true
	k.watchTimer = time.AfterFunc(c.watchdogInterval, k.watchdog)
	k.mu.Unlock()
	if err := k.awaitHello(ctx); err != nil {
		if said := k.stderr.String(); said != "" {
			err = fmt.Errorf("%w; it said: %s", err, said)
		}
		k.kill()
		return nil, err
	}
	k.endRequest()
	return k, nil
}

func (k *child) start(spawn *spawner, run program) error {
	c := k.cfg
	cmd := exec.Command(run.path, wire.Command)
	cmd.Args[0] = run.name
	cmd.Dir = filepath.Join(k.dir, wire.ScratchDir)
	cmd.Env = append([]string{
		"OMP_THREAD_LIMIT=1", // four times the CPU per page without it
		"LANG=C.UTF-8", "TZ=UTC", "PATH=/usr/bin:/bin", "GOTRACEBACK=single",
		"GOMAXPROCS=1",       // until it is confined: what starts is one thing after the other, and each thread there is has to be confined for itself
		"GOGC=400",           // a page's garbage is small beside the memory limit: collecting it less often, at the start too, saves a tenth of a PDF's time
		"MALLOC_ARENA_MAX=1", // one thread at a time is in a library; the program itself could say so only when its threads have theirs
		"TMPDIR=" + cmd.Dir, "HOME=" + cmd.Dir,
		wire.EnvDir + "=" + k.dir, wire.EnvMemory + "=" + strconv.Itoa(c.MemoryMiB),
		wire.EnvSandbox + "=" + string(c.Sandbox),
	}, c.Env...)
	if d := os.Getenv("TESSDATA_PREFIX"); d != "" {
		cmd.Env = append(cmd.Env, "TESSDATA_PREFIX="+d)
	}
	cmd.Stderr = k.stderr
	cmd.WaitDelay = 2 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start child: %w", err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("start child: %w", err)
	}
	cmd.Stdout = w
	err = spawn.start(cmd)
	w.Close()
	if err != nil {
		r.Close()
		return fmt.Errorf("%w: %w", errNotStarted, err)
	}
	k.cmd, k.in, k.out = cmd, in, r
	return nil
}

func (k *child) awaitHello(ctx context.Context) error {
	k.allowCPU(helloTimeout)
	f, err := k.receive(ctx, helloTimeout, 0)
	if err != nil {
		return fmt.Errorf("wait for the child's greeting: %w", err)
	}
	if f.Type != wire.THello {
		return fmt.Errorf("greeting: %w", errProtocol)
	}
	if err := f.Decode(&k.hello); err != nil {
		return fmt.Errorf("greeting: %w: %w", errProtocol, err)
	}
	if k.hello.Version != wire.Version {
		return fmt.Errorf("greeting: protocol %d, want %d: %w", k.hello.Version, wire.Version, errProtocol)
	}
	if k.hello.Build != wire.Build() {
		return fmt.Errorf("%w: %s is of build %q and the agent of %q; install both from one release and restart the agent", errOtherBuild, k.cmd.Args[0], k.hello.Build, wire.Build())
	}
	if s := k.hello.Sandbox; k.cfg.Sandbox == SandboxRequire && !s.Complete() {
		return fmt.Errorf("the sandbox is required and not complete (landlock: %s; seccomp: %s; limits: %s)", or(s.Landlock, "ok"), or(s.Seccomp, "ok"), or(s.Limits, "ok"))
	}
	return nil
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// request sends a request and waits for the answer; slow is called with a TSlow frame that comes before it. After an error
// the child must be ended.
func (k *child) request(ctx context.Context, t wire.Type, m any, timeout time.Duration, maxBody int, slow func(wire.Frame) error) (wire.Frame, error) {
	until := time.Now().Add(timeout)
	if err := k.resume(); err != nil {
		return wire.Frame{}, err
	}
	k.allowCPU(min(timeout, k.cfg.RequestCPU))
	if err := wire.Write(k.in, t, m, nil); err != nil {
		return wire.Frame{}, k.exitError(err)
	}
	f, err := k.receive(ctx, timeout, maxBody)
	if err == nil && f.Type == wire.TSlow && slow != nil {
		if err = slow(f); err == nil {
			f, err = k.receive(ctx, time.Until(until), maxBody)
		}
	}
	if err == nil {
		k.endRequest()
	}
	return f, err
}

// allowCPU sets the processor time the child may still use. Where that fails the deadline still holds.
func (k *child) allowCPU(d time.Duration) {
	k.pidMu.Lock()
	defer k.pidMu.Unlock()
	if d > 0 && !k.reaped {
		_ = confine.AllowCPU(k.cmd.Process.Pid, d)
	}
}

// exitError ends a child that closed its pipe, and says whether its processor time was up (errChildTimeout) or not (errChildDied).
func (k *child) exitError(err error) error {
	k.kill()
	if w, ok := k.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && w.Signaled() && w.Signal() == syscall.SIGXCPU {
		return fmt.Errorf("%w: processor time used up", errChildTimeout)
	}
	return fmt.Errorf("%w: %w", errChildDied, err)
}

// receive waits for one frame until the timeout or the end of ctx.
func (k *child) receive(ctx context.Context, timeout time.Duration, maxBody int) (wire.Frame, error) {
	if err := k.out.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return wire.Frame{}, fmt.Errorf("set deadline: %w", err)
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { defer close(ended); _ = k.out.SetReadDeadline(time.Unix(1, 0)) })
	f, err := wire.Read(k.out, maxBody)
	if !stop() {
		<-ended // else it could end the reading of the next document, for which this child may be asked at once
	}
	if err == nil {
		return f, nil
	}
	switch why := k.killedFor(); {
	case why != "":
		return f, fmt.Errorf("%w: %s", errChildDied, why)
	case ctx.Err() != nil:
		return f, context.Cause(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return f, errChildTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return f, k.exitError(err)
	}
	return f, fmt.Errorf("%w: %w", errProtocol, err)
}

// inputPath is where a document is put for the child to read.
func (k *child) inputPath(id uint64) string {
	return filepath.Join(k.dir, wire.InDir, strconv.FormatUint(id, 10))
}
