package confine

import (
	"os"

	"golang.org/x/sys/unix"
)

// attempt is a system call that must be refused. Its arguments are such that, without a filter, it
// succeeds or fails for another reason than permission, and hurts nobody.
type attempt struct {
	nr   uintptr
	args [4]uintptr
	// open says that an error other than EPERM and ENOSYS means the call got through the filter.
	open bool
}

func attempts() map[string]attempt {
	parent := uintptr(os.Getppid())
	return map[string]attempt{
		"trace a process":                 {nr: unix.SYS_PTRACE, args: [4]uintptr{0xffff}, open: true},
		"read the parent's memory":        {nr: unix.SYS_PROCESS_VM_READV, args: [4]uintptr{parent}, open: true},
		"write the parent's memory":       {nr: unix.SYS_PROCESS_VM_WRITEV, args: [4]uintptr{parent}, open: true},
		"signal the parent":               {nr: unix.SYS_KILL, args: [4]uintptr{parent, 0}},
		"signal a thread of the parent":   {nr: unix.SYS_TGKILL, args: [4]uintptr{parent, parent, 0}},
		"get a handle on the parent":      {nr: unix.SYS_PIDFD_OPEN, args: [4]uintptr{parent}},
		"read the parent's limits":        {nr: unix.SYS_PRLIMIT64, args: [4]uintptr{parent, unix.RLIMIT_CORE}},
		"start a process with clone":      {nr: unix.SYS_CLONE, args: [4]uintptr{unix.CLONE_NEWNS | unix.CLONE_FS}, open: true}, // invalid together
		"start a process with clone3":     {nr: unix.SYS_CLONE3, open: true},
		"leave its process group":         {nr: unix.SYS_SETPGID, args: [4]uintptr{0, 0}},
		"use the kernel's keys":           {nr: unix.SYS_KEYCTL, args: [4]uintptr{0xffff}, open: true},
		"load a BPF program":              {nr: unix.SYS_BPF, args: [4]uintptr{0xffff}, open: true},
		"set up io_uring":                 {nr: unix.SYS_IO_URING_SETUP, args: [4]uintptr{0, 0}, open: true},
		"watch performance events":        {nr: unix.SYS_PERF_EVENT_OPEN, args: [4]uintptr{0, 0}, open: true},
		"handle page faults":              {nr: unix.SYS_USERFAULTFD, args: [4]uintptr{0xffff0000}, open: true},
		"make a file in memory":           {nr: unix.SYS_MEMFD_CREATE, args: [4]uintptr{0}, open: true},
		"make a namespace":                {nr: unix.SYS_UNSHARE, args: [4]uintptr{0x1}, open: true},
		"mount":                           {nr: unix.SYS_MOUNT, open: true},
		"outlive its parent":              {nr: unix.SYS_PRCTL, args: [4]uintptr{unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL)}},
		"be traced or dumped":             {nr: unix.SYS_PRCTL, args: [4]uintptr{unix.PR_SET_DUMPABLE, 0}},
		"share memory by name":            {nr: unix.SYS_SHMGET, args: [4]uintptr{0, 0, 0}, open: true},
		"watch files":                     {nr: unix.SYS_INOTIFY_INIT1, args: [4]uintptr{0xffff0000}, open: true},
		"change the process's priorities": {nr: unix.SYS_SETPRIORITY, args: [4]uintptr{0xffff}, open: true},
		"have the parent signalled":       {nr: unix.SYS_FCNTL, args: [4]uintptr{0, unix.F_SETOWN, parent}},
		"move the parent to one core":     {nr: unix.SYS_SCHED_SETAFFINITY, args: [4]uintptr{parent}, open: true},
		"run a program from memory":       {nr: unix.SYS_EXECVEAT, args: [4]uintptr{^uintptr(0)}, open: true},
		"open a file by its handle":       {nr: unix.SYS_OPEN_BY_HANDLE_AT, args: [4]uintptr{^uintptr(0)}, open: true},
		"take back privileges":            {nr: unix.SYS_CAPSET, open: true},
		"load another filter":             {nr: unix.SYS_SECCOMP, args: [4]uintptr{0xffff}, open: true},
		"take over a descriptor":          {nr: unix.SYS_PIDFD_GETFD, args: [4]uintptr{^uintptr(0)}, open: true},
	}
}

// try makes the call and says why it was refused.
func (a attempt) try() error {
	_, _, e := unix.RawSyscall6(a.nr, a.args[0], a.args[1], a.args[2], a.args[3], 0, 0)
	switch {
	case e == 0:
		return nil
	case a.open && e != unix.EPERM && e != unix.ENOSYS:
		return nil
	}
	return e
}
