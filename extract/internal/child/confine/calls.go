package confine

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Answers of a filter, as the kernel's seccomp(2) defines them.
const (
	allow  = uint32(unix.SECCOMP_RET_ALLOW)
	refuse = uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.EPERM)
	absent = uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.ENOSYS)
	// noTerminal is the answer to every ioctl.
	noTerminal = uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.ENOTTY)
)

// Offsets in struct seccomp_data.
const (
	offCall = 0
	offArch = 4
	offArgs = 16
)

// filterCalls loads the system-call filter into every thread of this process.
func filterCalls() error {
	of, ok := map[string]*machine{"amd64": &x8664, "arm64": &aarch64}[runtime.GOARCH]
	if !ok {
		return fmt.Errorf("filter system calls: their numbers on %s are not known", runtime.GOARCH)
	}
	raw, err := bpf.Assemble(program(of, os.Getpid()))
	if err != nil {
		return fmt.Errorf("filter system calls: %w", err)
	}
	code := make([]unix.SockFilter, len(raw))
	for i, r := range raw {
		code[i] = unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K}
	}
	prog := unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up new privileges: %w", err)
	}
	tid, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(code)
	if e != 0 {
		return fmt.Errorf("filter system calls: %w", e)
	}
	if tid != 0 {
		return fmt.Errorf("filter system calls: thread %d could not be included", tid)
	}
	return nil
}

// program is the filter. Calls by another convention (32-bit calls of a 64-bit process) are refused
// as a whole: their numbers mean other calls.
func program(of *machine, pid int) []bpf.Instruction {
	p := []bpf.Instruction{
		bpf.LoadAbsolute{Off: offArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: of.id, SkipTrue: 1},
		bpf.RetConstant{Val: refuse},
		bpf.LoadAbsolute{Off: offCall, Size: 4},
	}
	if of.x32 != 0 {
		p = append(p, bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: of.x32, SkipFalse: 1}, bpf.RetConstant{Val: absent})
	}
	on := func(name string, then ...bpf.Instruction) {
		if i := slices.IndexFunc(of.calls, func(c call) bool { return c.name == name }); i >= 0 {
			p = append(p, bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: of.calls[i].nr, SkipTrue: uint8(len(then))})
			p = append(p, then...)
		}
	}
	for _, name := range allowed {
		on(name, bpf.RetConstant{Val: allow})
	}
	some := checked(pid)
	for _, name := range slices.Sorted(maps.Keys(some)) {
		on(name, some[name]...)
	}
	// Libraries try things, and take EPERM for an answer. A call newer than the table has to look absent to them.
	return append(p, bpf.JumpIf{Cond: bpf.JumpGreaterThan, Val: of.newest, SkipTrue: 1}, bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: absent})
}

// checked are the calls that are allowed with some arguments only.
func checked(pid int) map[string][]bpf.Instruction {
	own := []bpf.Instruction{low(0), bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(pid), SkipTrue: 1}, bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow}}
	// A file without a name is seen by nobody who counts. A file opened for reading can be emptied all the same, and
	// landlock has no say in that before its third version.
	open := func(flags uint32) []bpf.Instruction {
		return []bpf.Instruction{low(flags), bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: unix.O_TMPFILE &^ unix.O_DIRECTORY, SkipFalse: 1}, bpf.RetConstant{Val: refuse}, bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: unix.O_TRUNC, SkipFalse: 2},
			bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: unix.O_WRONLY | unix.O_RDWR, SkipTrue: 1}, bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow}}
	}
	return map[string][]bpf.Instruction{
		"open":   open(1),
		"openat": open(2),
		// Memory that is shared without a file is not among what a process's limit of data counts.
		"mmap": {low(3), bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: unix.MAP_ANONYMOUS, SkipFalse: 2}, bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: unix.MAP_SHARED, SkipFalse: 1},
			bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow}},
		// clone3 hides its flags in memory. The C library falls back to clone when it does not exist.
		"clone3": {bpf.RetConstant{Val: absent}},
		"clone":  {low(0), bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: unix.CLONE_THREAD, SkipTrue: 1}, bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow}},
		"kill":   own,
		"tgkill": own,
		// Limits may be read (arguments: pid 0, no new limit), not changed, and not those of others.
		"prlimit64": {low(0), zero(), bpf.RetConstant{Val: refuse}, low(2), zero(), bpf.RetConstant{Val: refuse}, high(2), zero(), bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow}},
		"prctl":     only(0, prSetVMA, unix.PR_SET_NAME, unix.PR_GET_NAME, unix.PR_GET_DUMPABLE, unix.PR_GET_NO_NEW_PRIVS, unix.PR_CAPBSET_READ),
		// Not the commands by which a descriptor signals another process when there is something to read.
		"fcntl": only(1, unix.F_DUPFD, unix.F_DUPFD_CLOEXEC, unix.F_GETFD, unix.F_SETFD, unix.F_GETFL, unix.F_SETFL, unix.F_GETLK, unix.F_SETLK, unix.F_SETLKW,
			unix.F_OFD_GETLK, unix.F_OFD_SETLK, unix.F_OFD_SETLKW, unix.F_GETPIPE_SZ),
		// Pipes and files have nothing to control; this is how the C library learns that they are no terminal.
		"ioctl": {bpf.RetConstant{Val: noTerminal}},
	}
}

// prSetVMA names a mapping, which Go's runtime does.
const prSetVMA = 0x53564d41

// only allows a call when its argument is one of values.
func only(arg uint32, values ...uint32) []bpf.Instruction {
	p := []bpf.Instruction{low(arg)}
	for i, v := range values {
		p = append(p, bpf.JumpIf{Cond: bpf.JumpEqual, Val: v, SkipTrue: uint8(len(values) - i)})
	}
	return append(p, bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow})
}

// low and high load the halves of an argument; both architectures are little-endian.
func low(arg uint32) bpf.Instruction  { return bpf.LoadAbsolute{Off: offArgs + 8*arg, Size: 4} }
func high(arg uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: offArgs + 8*arg + 4, Size: 4} }

func zero() bpf.Instruction { return bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0, SkipTrue: 1} }
