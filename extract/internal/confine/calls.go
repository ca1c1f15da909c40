package confine

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Answers of a filter, as the kernel's seccomp(2) defines them.
const (
	allow  = uint32(unix.SECCOMP_RET_ALLOW)
	refuse = uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.EPERM)
	absent = uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.ENOSYS)
)

// Offsets in struct seccomp_data.
const (
	offCall = 0
	offArch = 4
	offArgs = 16
)

// filter loads the system-call filter into every thread of this process.
func filter() error {
	info, err := arch.GetInfo("")
	if err != nil {
		return fmt.Errorf("filter system calls: %w", err)
	}
	raw, err := bpf.Assemble(program(info, os.Getpid()))
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
func program(info *arch.Info, pid int) []bpf.Instruction {
	p := []bpf.Instruction{
		bpf.LoadAbsolute{Off: offArch, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(info.ID), SkipTrue: 1},
		bpf.RetConstant{Val: refuse},
		bpf.LoadAbsolute{Off: offCall, Size: 4},
	}
	if info.ID == arch.X86_64.ID {
		p = append(p, bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: uint32(arch.X32.SeccompMask), SkipFalse: 1}, bpf.RetConstant{Val: absent})
	}
	on := func(name string, then ...bpf.Instruction) {
		if nr, ok := info.SyscallNames[name]; ok {
			p = append(p, bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: uint32(nr), SkipTrue: uint8(len(then))})
			p = append(p, then...)
		}
	}
	for _, name := range denied {
		on(name, bpf.RetConstant{Val: refuse})
	}
	// clone3 hides its flags in memory. The C library falls back to clone when it does not exist.
	on("clone3", bpf.RetConstant{Val: absent})
	on("clone", low(0), bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: unix.CLONE_THREAD, SkipTrue: 1}, bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow})
	for _, name := range []string{"kill", "tgkill"} {
		on(name, low(0), bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(pid), SkipTrue: 1}, bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow})
	}
	// Limits may be read (arguments: pid 0, no new limit), not changed, and not those of others.
	on("prlimit64", low(0), zero(), bpf.RetConstant{Val: refuse}, low(2), zero(), bpf.RetConstant{Val: refuse}, high(2), zero(), bpf.RetConstant{Val: refuse}, bpf.RetConstant{Val: allow})
	on("prctl", low(0),
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.PR_SET_PDEATHSIG, SkipTrue: 2}, bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.PR_SET_DUMPABLE, SkipTrue: 1},
		bpf.RetConstant{Val: allow}, bpf.RetConstant{Val: refuse})
	return append(p, bpf.RetConstant{Val: allow})
}

// low and high load the halves of an argument; both architectures are little-endian.
func low(arg uint32) bpf.Instruction  { return bpf.LoadAbsolute{Off: offArgs + 8*arg, Size: 4} }
func high(arg uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: offArgs + 8*arg + 4, Size: 4} }

func zero() bpf.Instruction { return bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0, SkipTrue: 1} }
