package confine

import (
	"encoding/binary"
	"maps"
	"slices"
	"testing"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

const ownPID = 4711

// machines are ours, with a library's table of all calls of each.
var machines = map[*machine]*arch.Info{&x8664: arch.X86_64, &aarch64: arch.AARCH64}

// The numbers are a library's: every call that the filter names and the machine has, and no other.
func TestNumbers(t *testing.T) {
	named := append(slices.Clone(allowed), slices.Sorted(maps.Keys(checked(ownPID)))...)
	for of, info := range machines {
		want, newest := []call{}, 0
		for _, name := range named {
			if nr, ok := info.SyscallNames[name]; ok {
				want = append(want, call{name, uint32(nr)})
			}
		}
		for _, nr := range info.SyscallNames {
			newest = max(newest, nr)
		}
		if !slices.Equal(of.calls, want) || of.newest != uint32(newest) || of.id != uint32(info.ID) {
			t.Errorf("%s: id %#x, newest %d, calls %v", info.Name, uint32(info.ID), newest, want)
		}
	}
	if x8664.x32 != uint32(arch.X32.SeccompMask) || aarch64.x32 != 0 {
		t.Errorf("the bit of x32 is %#x", arch.X32.SeccompMask)
	}
}

// answerTo is what the filter answers to one call. The machine of x/net/bpf reads big-endian words.
func answerTo(t *testing.T, of *machine, nr, archID uint32, args ...uint64) uint32 {
	t.Helper()
	vm, err := bpf.NewVM(program(of, ownPID))
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 64)
	binary.BigEndian.PutUint32(data[offCall:], nr)
	binary.BigEndian.PutUint32(data[offArch:], archID)
	for i, a := range args {
		binary.BigEndian.PutUint32(data[offArgs+8*i:], uint32(a))
		binary.BigEndian.PutUint32(data[offArgs+8*i+4:], uint32(a>>32))
	}
	got, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(got)
}

func TestFilter(t *testing.T) {
	// What pthread_create and Go's runtime ask for.
	const thread = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD | unix.CLONE_SYSVSEM
	for of, info := range machines {
		for _, c := range []struct {
			call string
			args []uint64
			want uint32
		}{
			{"read", nil, allow}, {"mmap", nil, allow}, {"futex", nil, allow}, {"openat", nil, allow},
			{"clone", []uint64{thread}, allow},
			{"clone", []uint64{uint64(unix.SIGCHLD)}, refuse},                   // fork
			{"clone", []uint64{unix.CLONE_VM | unix.CLONE_VFORK | 17}, refuse},  // Go's fork and exec
			{"clone", []uint64{unix.CLONE_NEWUSER | unix.CLONE_NEWNET}, refuse}, // a namespace
			{"clone3", nil, absent},                                             // its flags cannot be seen
			{"kill", []uint64{ownPID, 9}, allow}, {"kill", []uint64{1, 9}, refuse}, {"kill", []uint64{1<<64 - 1, 9}, refuse},
			{"tgkill", []uint64{ownPID, ownPID, 23}, allow}, {"tgkill", []uint64{1, 1, 9}, refuse},
			{"prlimit64", []uint64{0, 7, 0, 0x7f0000001000}, allow},
			{"prlimit64", []uint64{0, 7, 0x7f0000001000, 0}, refuse},
			{"prlimit64", []uint64{0, 7, 0x7f00_0000_0000, 0}, refuse}, // only the upper half is set
			{"prlimit64", []uint64{1, 7, 0, 0}, refuse},
			{"prctl", []uint64{unix.PR_SET_NAME}, allow}, {"prctl", []uint64{unix.PR_SET_PDEATHSIG, 0}, refuse}, {"prctl", []uint64{unix.PR_SET_DUMPABLE, 1}, refuse},
			{"prctl", []uint64{prSetVMA}, allow}, {"prctl", []uint64{unix.PR_SET_SECCOMP}, refuse}, {"prctl", []uint64{unix.PR_SET_PTRACER, 1}, refuse},
			{"openat", []uint64{0, 0, unix.O_RDONLY | unix.O_CLOEXEC}, allow}, {"openat", []uint64{0, 0, unix.O_RDWR | unix.O_CREAT | unix.O_TRUNC}, allow},
			{"openat", []uint64{0, 0, unix.O_WRONLY | unix.O_TRUNC}, allow}, {"openat", []uint64{0, 0, unix.O_RDONLY | unix.O_TRUNC}, refuse},
			{"openat", []uint64{0, 0, unix.O_TMPFILE | unix.O_RDWR}, refuse}, {"openat", []uint64{0, 0, unix.O_DIRECTORY}, allow},
			{"unlinkat", nil, refuse}, {"renameat", nil, refuse}, {"renameat2", nil, refuse},
			{"mmap", []uint64{0, 4096, 3, unix.MAP_PRIVATE | unix.MAP_ANONYMOUS}, allow}, {"mmap", []uint64{0, 4096, 3, unix.MAP_SHARED}, allow},
			{"mmap", []uint64{0, 4096, 3, unix.MAP_SHARED | unix.MAP_ANONYMOUS}, refuse}, {"mmap", []uint64{0, 4096, 3, unix.MAP_SHARED_VALIDATE | unix.MAP_ANONYMOUS | unix.MAP_NORESERVE}, refuse},
			{"fcntl", []uint64{0, unix.F_GETFL}, allow}, {"fcntl", []uint64{0, unix.F_DUPFD_CLOEXEC}, allow}, {"fcntl", []uint64{0, unix.F_GETPIPE_SZ}, allow},
			{"fcntl", []uint64{0, unix.F_SETOWN}, refuse}, {"fcntl", []uint64{0, unix.F_SETSIG}, refuse}, {"fcntl", []uint64{0, unix.F_SETPIPE_SZ}, refuse},
			{"ioctl", []uint64{0, unix.TIOCSTI}, noTerminal}, {"ioctl", []uint64{0, unix.FS_IOC_SETFLAGS}, noTerminal},
			// Calls that name a file outside by its path and that no version, or no early one, of landlock covers.
			{"truncate", nil, refuse}, {"fchmodat", nil, refuse}, {"fchownat", nil, refuse}, {"utimensat", nil, refuse}, {"setxattr", nil, refuse}, {"openat2", nil, refuse},
			{"sched_setaffinity", nil, refuse}, {"capset", nil, refuse}, {"seccomp", nil, refuse}, {"setrlimit", nil, refuse},
			{"socket", nil, refuse}, {"execve", nil, refuse}, {"ptrace", nil, refuse}, {"io_uring_setup", nil, refuse}, {"keyctl", nil, refuse}, {"bpf", nil, refuse},
			{"process_vm_readv", nil, refuse}, {"process_vm_writev", nil, refuse}, {"unshare", nil, refuse}, {"setsid", nil, refuse},
		} {
			nr, ok := info.SyscallNames[c.call]
			if !ok {
				t.Fatalf("%s has no %s", info.Name, c.call)
			}
			if got := answerTo(t, of, uint32(nr), uint32(info.ID), c.args...); got != c.want {
				t.Errorf("%s %s(%x): %x, want %x", info.Name, c.call, c.args, got, c.want)
			}
		}
	}
}

// A 64-bit process may make 32-bit calls, whose numbers mean other calls: getpid of one table is writev of another.
func TestFilterRefusesOtherConventions(t *testing.T) {
	info := arch.X86_64
	read := uint32(info.SyscallNames["read"])
	if got := answerTo(t, &x8664, 359, uint32(arch.I386.ID)); got != refuse { // socket
		t.Errorf("a 32-bit call gives %x, want %x", got, refuse)
	}
	if got := answerTo(t, &x8664, read|uint32(arch.X32.SeccompMask), uint32(info.ID)); got != absent {
		t.Errorf("an x32 call gives %x, want %x", got, absent)
	}
}

// What Go's runtime and the C library call on arm64, by number: the table of names has its own for some.
func TestFilterAllowsWhatArmNeeds(t *testing.T) {
	for _, nr := range []uint32{17, 19, 20, 21, 22, 24, 34, 46, 48, 57, 59, 61, 62, 63, 64, 66, 67, 73, 78, 79, 80, 93, 94, 96, 98, 99, 101, 113, 115, 123, 124, 132, 134, 135, 139,
		160, 165, 172, 178, 179, 214, 215, 216, 222, 226, 233, 278, 283, 291, 293, 439} {
		if got := answerTo(t, &aarch64, nr, uint32(arch.AARCH64.ID)); got != allow {
			t.Errorf("call %d gives %x", nr, got)
		}
	}
}

// A call that a later kernel brings looks absent, so that libraries do without it.
func TestFilterKnowsNoNewCalls(t *testing.T) {
	for of, info := range machines {
		if got := answerTo(t, of, 5000, uint32(info.ID)); got != absent {
			t.Errorf("%s: call 5000 gives %x, want %x", info.Name, got, absent)
		}
	}
}

func TestAllowedNamesExistAndAreUnique(t *testing.T) {
	seen := slices.Sorted(slices.Values(allowed))
	if len(slices.Compact(seen)) != len(allowed) {
		t.Error("a name is listed twice")
	}
	for _, n := range allowed {
		_, amd := arch.X86_64.SyscallNames[n]
		if _, arm := arch.AARCH64.SyscallNames[n]; !amd && !arm {
			t.Errorf("not known: %s", n)
		}
		if _, ok := checked(1)[n]; ok {
			t.Errorf("allowed whatever its arguments and checked: %s", n)
		}
	}
}
