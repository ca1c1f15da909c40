package pool

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

// Children are stopped when the agent dies, and end with it all the same.
func TestStoppedChildrenEndWithTheAgent(t *testing.T) {
	t.Parallel()
	agent := exec.Command(os.Args[0])
	agent.Env = append(os.Environ(), "AIDOC_TEST_AGENT="+t.TempDir())
	out, err := agent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := agent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := agent.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = agent.Process.Kill(); _ = agent.Wait() }()
	var pid int
	if _, err := fmt.Fscan(out, &pid); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); !bytes.Contains(stat, []byte(") T ")) {
		t.Errorf("the child is not stopped: %s", stat)
	}
	_ = agent.Process.Kill()
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 20_000)
		if err == unix.EINTR {
			continue
		}
		if n != 1 {
			t.Errorf("the child outlived its agent: %d %v", n, err)
			_ = unix.Kill(pid, unix.SIGKILL)
		}
		return
	}
}

// beAgent is that agent: it has a stopped child, says which, and waits for its end.
func beAgent(dir string) int {
	p, err := New(Config{Workers: 1, WorkDir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for k := range p.live {
		if err := k.suspend(); err != nil {
			return 1
		}
		fmt.Println(k.cmd.Process.Pid)
	}
	_, _ = io.ReadAll(os.Stdin)
	return 0
}
