package pool

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// kill ends the child's whole group, stopped or not, and removes its folder. It is safe to call twice.
func (k *child) kill() {
	k.reapOnce.Do(func() {
		k.signal(syscall.SIGKILL)
		_ = k.cmd.Process.Kill() // had it left its group
		k.mu.Lock()
		k.ending = true
		k.suspendTimer.Stop()
		k.watchTimer.Stop()
		k.mu.Unlock()
		k.pidMu.Lock()
		k.reaped = true
		k.pidMu.Unlock()
		_ = k.in.Close()
		k.waitErr = k.cmd.Wait()
		_ = k.out.Close()
		_ = removeAll(k.dir)
	})
}

// signal sends s to the child's group unless the child was reaped: its number could be another's by then.
func (k *child) signal(s syscall.Signal) {
	k.pidMu.Lock()
	defer k.pidMu.Unlock()
	if !k.reaped {
		_ = syscall.Kill(-k.cmd.Process.Pid, s)
	}
}

// removeAll removes a folder, and in it what an agent that is not root first has to give itself the right to.
func removeAll(dir string) error {
	err := os.RemoveAll(dir)
	if errors.Is(err, fs.ErrPermission) {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
			if d != nil && d.IsDir() {
				_ = os.Chmod(path, 0o700)
			}
			return nil
		})
		err = os.RemoveAll(dir)
	}
	return err
}
