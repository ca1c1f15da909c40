package extract

import (
	"os/exec"
	"runtime"
)

// spawner starts processes from one OS thread that lives as long as the pool: the kernel sends the
// parent-death signal when the starting thread ends, not when the process does.
type spawner struct {
	ask  chan *exec.Cmd
	done chan error
	quit chan struct{}
	gone chan struct{}
}

func newSpawner() *spawner {
	s := &spawner{ask: make(chan *exec.Cmd), done: make(chan error), quit: make(chan struct{}), gone: make(chan struct{})}
	go s.run()
	return s
}

func (s *spawner) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(s.gone)
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
	case <-s.gone:
		return errClosed
	}
}

func (s *spawner) stop() {
	close(s.quit)
	<-s.gone
}
