package chaos

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Life is one process of an agent, from its start to its end.
type Life struct {
	Agent   string
	Start   time.Time
	End     time.Time    // zero: it lives
	Journal map[int]bool // serials of the model answers that its journal had when it ended
}

// Agent is the real binary with a data folder, a key and a log of its own. The object store is everybody's.
type Agent struct {
	Name string
	ID   int64  // in WordPress
	Key  string // id of its key
	dir  string
	bin  string
	env  []string

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{}
	code  int
	lives []*Life

	faulty bool // by an injected fault that is not over; guarded by World.mu
}

// NewAgent makes an agent in WordPress and joins it.
func NewAgent(s *Site, dir, name, bin string, env ...string) (*Agent, error) {
	a := &Agent{Name: name, dir: filepath.Join(dir, name), bin: bin, env: env}
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return nil, err
	}
	out, err := s.WP("agent", name)
	if err != nil {
		return nil, err
	}
	var made struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		return nil, fmt.Errorf("the answer to a new agent: %w", err)
	}
	if a.ID, err = s.Number("SELECT id FROM {p}aidoc_agents WHERE name = '" + name + "'"); err != nil {
		return nil, err
	}
	join := a.command("join", s.URL)
	join.Env = append(join.Env, "AIDOC_JOIN_TOKEN="+made.Token)
	if out, err := join.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("join as %s: %w\n%s", name, err, out)
	}
	rows, err := s.SQL(fmt.Sprintf("SELECT key_id FROM {p}aidoc_keys WHERE agent_id = %d AND kind = 'key'", a.ID))
	if err != nil || len(rows) != 1 {
		return nil, fmt.Errorf("the key of %s: %d rows, %w", name, len(rows), err)
	}
	a.Key = rows[0][0]
	return a, nil
}

func (a *Agent) command(args ...string) *exec.Cmd {
	cmd := exec.Command(a.bin, append([]string{"--data-dir", filepath.Join(a.dir, "data")}, args...)...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + a.dir, "TMPDIR=" + a.dir, "LANG=C.UTF-8"}, a.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// Start starts `aidoc-agent run`.
func (a *Agent) Start() error {
	log, err := os.OpenFile(filepath.Join(a.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	a.mu.Lock()
	defer a.mu.Unlock()
	cmd := a.command("run")
	cmd.Stdout, cmd.Stderr = log, log
	life := &Life{Agent: a.Name, Start: time.Now()}
	if err := cmd.Start(); err != nil {
		return err
	}
	a.cmd, a.ended = cmd, make(chan struct{})
	a.lives = append(a.lives, life)
	// For the clean-up after a run that was killed itself.
	_ = os.WriteFile(a.pidFile(), []byte(strconv.Itoa(cmd.Process.Pid)+"\n"), 0o644)
	go func(ended chan struct{}) {
		_ = cmd.Wait()
		a.mu.Lock()
		life.End, a.code = time.Now(), cmd.ProcessState.ExitCode()
		a.mu.Unlock()
		close(ended)
	}(a.ended)
	return nil
}

func (a *Agent) pidFile() string { return filepath.Join(a.dir, "agent.pid") }

// Alive tells whether its process runs (or is stopped).
func (a *Agent) Alive() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cmd == nil {
		return false
	}
	select {
	case <-a.ended:
		return false
	default:
		return true
	}
}

// Signal sends a signal to the agent's own process; all to its whole process group.
func (a *Agent) Signal(sig syscall.Signal, all bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cmd == nil {
		return fmt.Errorf("%s was never started", a.Name)
	}
	pid := a.cmd.Process.Pid
	if all {
		pid = -pid
	}
	return syscall.Kill(pid, sig)
}

// Wait waits for the end of the process and gives its exit code.
func (a *Agent) Wait(limit time.Duration) (int, error) {
	a.mu.Lock()
	ended := a.ended
	a.mu.Unlock()
	select {
	case <-ended:
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.code, nil
	case <-time.After(limit):
		return 0, fmt.Errorf("%s still runs after %v", a.Name, limit)
	}
}

// ReadJournal reads the journal that a process left, before the next one changes it.
func (a *Agent) ReadJournal() error {
	a.mu.Lock()
	life := a.lives[len(a.lives)-1]
	a.mu.Unlock()
	serials, err := journalSerials(filepath.Join(a.dir, "data"))
	life.Journal = serials
	return err
}

// Lives are its processes so far.
func (a *Agent) Lives() []Life {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make([]Life, len(a.lives))
	for i, l := range a.lives {
		out[i] = *l
	}
	return out
}

// Orphans counts processes of its group that outlived it.
func (a *Agent) Orphans(limit time.Duration) int {
	a.mu.Lock()
	pgid := a.cmd.Process.Pid
	a.mu.Unlock()
	for deadline := time.Now().Add(limit); ; time.Sleep(50 * time.Millisecond) {
		n := groupSize(pgid)
		if n == 0 || time.Now().After(deadline) {
			return n
		}
	}
}

func groupSize(pgid int) int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	n := 0
	for _, file := range stats {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		_, rest, ok := strings.Cut(string(raw), ") ") // the name in brackets may hold anything
		fields := strings.Fields(rest)
		if ok && len(fields) > 2 && fields[0] != "Z" && fields[2] == strconv.Itoa(pgid) {
			n++
		}
	}
	return n
}

// End kills what is left of the agent.
func (a *Agent) End() {
	if a.cmd != nil {
		_ = a.Signal(syscall.SIGKILL, true)
		_, _ = a.Wait(10 * time.Second)
	}
}
