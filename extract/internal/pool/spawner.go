package pool

import (
	"math"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// spawner starts processes from one OS thread that lives as long as the pool: the kernel sends the
// parent-death signal when the starting thread ends, not when the process does.
type spawner struct {
	ask     chan *exec.Cmd
	done    chan error
	quit    chan struct{}
	stopped chan struct{}
}

// timerSlack is how much later than they ask for the kernel may wake a child's threads; it stays with a process over fork and exec. Go's monitor of a program,
// which begins anew with every call of a library, asks to be woken each 20 microseconds and finds nothing to do. Reading waits for no timer.
const timerSlack = 5 * time.Millisecond

func newSpawner() *spawner {
	setCloseOnExec()
	s := &spawner{ask: make(chan *exec.Cmd), done: make(chan error), quit: make(chan struct{}), stopped: make(chan struct{})}
	go s.run()
	return s
}

func (s *spawner) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(s.stopped)
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(timerSlack), 0, 0, 0)
	defer func() { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, 0, 0, 0, 0) }() // the thread goes back to Go, with its own again
	for {
		select {
		case cmd := <-s.ask:
			s.done <- cmd.Start()
		case <-s.quit:
			return
		}
	}
}

func (s *spawner) start(cmd *exec.Cmd) error {
	select {
	case s.ask <- cmd:
		return <-s.done
	case <-s.stopped:
		return errClosed
	}
}

func (s *spawner) stop() {
	close(s.quit)
	<-s.stopped
}

// setCloseOnExec keeps every file that is open in this process from the programs it starts. Go does so with its own;
// this is about those that the process itself was started with, by a shell or a service manager.
func setCloseOnExec() {
	if unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return
	}
	// A kernel before 5.11 has no call for it.
	open, _ := os.ReadDir("/proc/self/fd")
	for _, e := range open {
		if fd, err := strconv.Atoi(e.Name()); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
}
