package pool

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/confine"
)

// errUnsolicited is the end of a child that did something without a request.
var errUnsolicited = errors.New("child process acted without being asked")

const (
	// suspendDelay is how long a child that has answered runs on with its document open: the next page is mostly asked for
	// within it, and suspending and resuming a child costs as much as reading a page of a few words.
	suspendDelay = time.Millisecond
	// stopTimeout is for a thread that is in a system call and stops when that is done.
	stopTimeout = 10 * time.Second
	// maxSuspendedCPU is more processor time than the last thread takes to stop after the kernel has said that all have.
	maxSuspendedCPU = time.Millisecond
	// maxSuspendedStderr is how much of what a child wrote to standard error before it was stopped may still be in the pipe.
	maxSuspendedStderr = 64 << 10
)

// resume lets the child run for a request (SIGCONT). It fails when the child did something since the last one.
func (k *child) resume() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if why := k.unsolicited(); why != "" {
		return fmt.Errorf("%w: %s", errUnsolicited, why)
	}
	k.suspendTimer.Stop()
	k.busy = true
	if k.suspended {
		k.suspended = false
		k.signal(syscall.SIGCONT)
	}
	return nil
}

// endRequest is called after an answer: unless the next request comes at once, the child is suspended.
func (k *child) endRequest() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.busy = false
	if !k.ending {
		k.suspendTimer.Reset(suspendDelay)
	}
}

// suspend stops the child until resume (SIGSTOP), and returns when no thread of it runs any more.
func (k *child) suspend() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.suspendTimer.Stop()
	switch {
	case k.ending:
		return errChildDied
	case k.busy || k.suspended:
		return nil
	}
	k.signal(syscall.SIGSTOP)
	late := time.AfterFunc(stopTimeout, func() { k.signal(syscall.SIGKILL) })
	defer late.Stop()
	if err := awaitStop(k.cmd.Process.Pid); err != nil {
		return err
	}
	k.suspended = true
	k.cpuAtSuspend, _ = confine.UsedCPU(k.cmd.Process.Pid)
	k.stderrAtSuspend = k.stderr.Total()
	return nil
}

// awaitStop waits until all threads of a child are stopped.
func awaitStop(pid int) error {
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PID, pid, &info, unix.WSTOPPED|unix.WEXITED|unix.WNOWAIT, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return fmt.Errorf("wait for the child to stop: %w", err)
		case info.Code != cldStopped:
			return errChildDied
		default:
			return nil
		}
	}
}

// cldStopped is the kernel's CLD_STOPPED.
const cldStopped = 5

// unsolicited says what the child did since its last request, "" when nothing. A stopped child can do nothing; but another
// process may continue it, and where there is no seccomp filter, one that it started may write in its name.
func (k *child) unsolicited() string {
	if k.killReason != "" {
		return k.killReason
	}
	if why := pipeActivity(k.out); why != "" {
		return why
	}
	if !k.suspended {
		return ""
	}
	if used, err := confine.UsedCPU(k.cmd.Process.Pid); err == nil && used-k.cpuAtSuspend > maxSuspendedCPU {
		return fmt.Sprintf("it ran for %s", (used - k.cpuAtSuspend).Round(time.Millisecond))
	}
	if n := k.stderr.Total() - k.stderrAtSuspend; n > maxSuspendedStderr {
		return fmt.Sprintf("it wrote %d KiB of messages", n>>10)
	}
	return ""
}

// pipeActivity says whether something came through a pipe that is not being read, or its end; "" when nothing did.
func pipeActivity(pipe *os.File) (why string) {
	conn, err := pipe.SyscallConn()
	if err != nil {
		return "it ended"
	}
	if err := conn.Control(func(fd uintptr) {
		p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		switch n, err := unix.Poll(p, 0); {
		case n == 0 || err == unix.EINTR:
		case p[0].Revents&unix.POLLIN != 0:
			why = "it spoke"
		default:
			why = "it ended"
		}
	}); err != nil {
		return "it ended"
	}
	return why
}
