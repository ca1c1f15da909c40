package pool

import (
	"math"
	"os"
	"os/exec"
	"runtime"
	"strconv"

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
