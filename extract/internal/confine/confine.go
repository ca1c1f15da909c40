// Package confine puts the walls around an extraction child: resource limits, landlock and
// seccomp. It is called once, before the child reads a byte of any document.
package confine

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/landlock-lsm/go-landlock/landlock"
	llsys "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// Walls says what the child may still do.
type Walls struct {
	ReadOnly  []string // folders or files
	ReadWrite []string // folders
	MemoryMiB int
	FileBytes int64
}

// Status holds for each wall the reason why it is missing, "" when it stands.
type Status struct {
	Landlock, Seccomp, Limits string
	ABI                       int
}

// Apply raises all walls. It goes on where the kernel lacks one and reports it.
func Apply(w Walls) Status {
	var s Status
	if err := limits(w); err != nil {
		s.Limits = err.Error()
	}
	if v, err := llsys.LandlockGetABIVersion(); err == nil {
		s.ABI = v
	}
	if err := fence(w, s.ABI); err != nil {
		s.Landlock = err.Error()
	}
	if err := filter(); err != nil {
		s.Seccomp = err.Error()
	}
	return s
}

func limits(w Walls) error {
	mem := uint64(w.MemoryMiB) << 20
	set := []struct {
		name string
		res  int
		cur  uint64
	}{
		{"core size", unix.RLIMIT_CORE, 0},
		// DATA counts what can be written. AS also counts address space that Go reserves and
		// never touches, so it gets room above.
		{"data size", unix.RLIMIT_DATA, mem},
		{"address space", unix.RLIMIT_AS, mem + 4<<30},
		{"file size", unix.RLIMIT_FSIZE, uint64(w.FileBytes)},
		{"open files", unix.RLIMIT_NOFILE, 128},
	}
	for _, l := range set {
		if l.cur == 0 && l.res != unix.RLIMIT_CORE {
			continue
		}
		if err := syscall.Setrlimit(l.res, &syscall.Rlimit{Cur: l.cur, Max: l.cur}); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return nil
}

func fence(w Walls, abi int) error {
	if abi < 1 {
		return fmt.Errorf("the kernel has no landlock")
	}
	rules := []landlock.Rule{landlock.RWFiles("/dev/null").IgnoreIfMissing()}
	for _, p := range w.ReadOnly {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			p = real
		}
		if st, err := os.Stat(p); err != nil {
			continue
		} else if st.IsDir() {
			rules = append(rules, landlock.RODirs(p))
		} else {
			rules = append(rules, landlock.ROFiles(p))
		}
	}
	for _, p := range w.ReadWrite {
		rules = append(rules, landlock.RWDirs(p))
	}
	if err := landlock.V6.BestEffort().Restrict(rules...); err != nil {
		return fmt.Errorf("restrict files: %w", err)
	}
	return nil
}

// denied lists what no reader of documents needs. EPERM rather than a kill: libraries probe.
var denied = []string{
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg", "recvmsg", "recvfrom",
	"execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
	"mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_by_handle_at", "name_to_handle_at",
	"bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "kexec_load", "init_module", "finit_module", "delete_module",
	"io_uring_setup", "io_uring_enter", "io_uring_register", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "capset",
	"personality", "swapon", "swapoff", "reboot", "sethostname", "setdomainname", "acct", "quotactl", "settimeofday", "clock_settime",
	"kcmp", "shmget", "shmat", "msgget", "semget", "mq_open", "memfd_create", "memfd_secret", "inotify_init1", "fanotify_init",
	"fsopen", "fsmount", "move_mount", "open_tree", "mount_setattr",
}

func filter() error {
	names := make([]string, 0, len(denied))
	names = append(names, available(denied)...)
	err := seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionAllow,
			Syscalls:      []seccomp.SyscallGroup{{Names: names, Action: seccomp.ActionErrno}},
		},
	})
	if err != nil {
		return fmt.Errorf("filter system calls: %w", err)
	}
	return nil
}
