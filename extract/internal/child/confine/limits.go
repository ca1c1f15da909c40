package confine

import (
	"fmt"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// limits bounds memory, time, files, core dumps and privileges.
func limits(policy Policy) error {
	mem := uint64(policy.MemoryMiB) << 20 * raceFactor
	set := []struct {
		name string
		res  int
		max  uint64
	}{
		{"core size", unix.RLIMIT_CORE, 0},
		// DATA counts what can be written. AS also counts address space that Go reserves and
		// never touches, so it gets room above.
		{"data size", unix.RLIMIT_DATA, mem},
		{"address space", unix.RLIMIT_AS, mem + 4<<30},
		{"file size", unix.RLIMIT_FSIZE, uint64(policy.FileBytes)},
		{"open files", unix.RLIMIT_NOFILE, 128},
		{"processor time", unix.RLIMIT_CPU, uint64(policy.CPU / time.Second)},
	}
	for _, l := range set {
		if l.max == 0 && l.res != unix.RLIMIT_CORE {
			continue
		}
		cur := l.max
		if l.res == unix.RLIMIT_CPU {
			// The parent may already have set the limit of the greeting.
			var old syscall.Rlimit
			if syscall.Getrlimit(l.res, &old) == nil && old.Cur < cur {
				cur = old.Cur
			}
		}
		if err := syscall.Setrlimit(l.res, &syscall.Rlimit{Cur: cur, Max: l.max}); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	if err := DieOfCPU(); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return dropPrivileges()
}

// DieOfCPU makes the kernel end this process when its processor time is used up. Go's runtime
// catches the signal and goes on.
func DieOfCPU() error {
	var act [8]uint64 // struct sigaction with SIG_DFL
	if _, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGXCPU), uintptr(unsafe.Pointer(&act)), 0, 8, 0, 0); e != 0 {
		return fmt.Errorf("end at the limit of processor time: %w", e)
	}
	return nil
}

// AllowCPU lets process pid use so much more processor time than it has used, up to its hard limit.
func AllowCPU(pid int, more time.Duration) error {
	used, err := UsedCPU(pid)
	if err != nil {
		return err
	}
	var lim unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_CPU, nil, &lim); err != nil {
		return fmt.Errorf("read the child's limit: %w", err)
	}
	lim.Cur = min(lim.Max, uint64((used+more)/time.Second)+1)
	if err := unix.Prlimit(pid, unix.RLIMIT_CPU, &lim, nil); err != nil {
		return fmt.Errorf("set the child's limit: %w", err)
	}
	return nil
}

// UsedCPU is the processor time that process pid has used, its threads added up.
func UsedCPU(pid int) (time.Duration, error) {
	var ts unix.Timespec
	// The clock of another process, as clock_getcpuclockid(3) computes it.
	if err := unix.ClockGettime(int32(^pid<<3|2), &ts); err != nil {
		return 0, fmt.Errorf("read the child's processor time: %w", err)
	}
	return time.Duration(ts.Nano()), nil
}
