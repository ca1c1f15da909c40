package confine

// machine is a kind of processor: the numbers of its system calls, as far as the filter names them. A table of all calls of all kinds would be
// made at each start of a reader; TestNumbers holds these to one.
type machine struct {
	id     uint32 // as the kernel's audit names it
	x32    uint32 // bit that numbers of its second convention have, 0 where there is none
	newest uint32 // number that is known
	calls  []call
}

type call struct {
	name string
	nr   uint32
}

var x8664 = machine{id: 0xc000003e, x32: 0x40000000, newest: 467, calls: []call{
	{"futex", 202}, {"read", 0}, {"write", 1}, {"lseek", 8}, {"munmap", 11}, {"madvise", 28}, {"mprotect", 10}, {"nanosleep", 35},
	{"clock_gettime", 228}, {"epoll_pwait", 281}, {"sched_yield", 24}, {"rt_sigprocmask", 14}, {"rt_sigreturn", 15}, {"rt_sigaction", 13},
	{"sigaltstack", 131}, {"pread64", 17}, {"brk", 12}, {"mremap", 25}, {"close", 3}, {"fstat", 5}, {"newfstatat", 262}, {"getpid", 39},
	{"gettid", 186}, {"msync", 26}, {"mincore", 27}, {"membarrier", 324}, {"arch_prctl", 158}, {"rseq", 334}, {"readv", 19}, {"writev", 20},
	{"pwrite64", 18}, {"preadv", 295}, {"pwritev", 296}, {"preadv2", 327}, {"pwritev2", 328}, {"stat", 4}, {"lstat", 6}, {"statx", 332}, {"access", 21},
	{"faccessat", 269}, {"faccessat2", 439}, {"readlink", 89}, {"readlinkat", 267}, {"getdents", 78}, {"getdents64", 217}, {"getcwd", 79},
	{"chdir", 80}, {"fchdir", 81}, {"statfs", 137}, {"fstatfs", 138}, {"umask", 95}, {"mkdir", 83}, {"mkdirat", 258}, {"rmdir", 84}, {"creat", 85},
	{"ftruncate", 77}, {"fallocate", 285}, {"fsync", 74}, {"fdatasync", 75}, {"fadvise64", 221}, {"readahead", 187}, {"flock", 73},
	{"copy_file_range", 326}, {"sendfile", 40}, {"dup", 32}, {"dup2", 33}, {"dup3", 292}, {"pipe", 22}, {"pipe2", 293}, {"close_range", 436},
	{"poll", 7}, {"ppoll", 271}, {"select", 23}, {"pselect6", 270}, {"epoll_create", 213}, {"epoll_create1", 291}, {"epoll_ctl", 233},
	{"epoll_wait", 232}, {"epoll_pwait2", 441}, {"eventfd", 284}, {"eventfd2", 290}, {"clock_nanosleep", 230}, {"restart_syscall", 219}, {"pause", 34},
	{"rt_sigsuspend", 130}, {"rt_sigtimedwait", 128}, {"rt_sigpending", 127}, {"clock_getres", 229}, {"gettimeofday", 96}, {"time", 201},
	{"times", 100}, {"getrusage", 98}, {"getrlimit", 97}, {"sysinfo", 99}, {"uname", 63}, {"getrandom", 318}, {"getcpu", 309}, {"getppid", 110},
	{"getpgrp", 111}, {"getpgid", 121}, {"getsid", 124}, {"getuid", 102}, {"geteuid", 107}, {"getgid", 104}, {"getegid", 108}, {"getresuid", 118},
	{"getresgid", 120}, {"getgroups", 115}, {"capget", 125}, {"sched_getaffinity", 204}, {"sched_getparam", 143}, {"sched_getscheduler", 145},
	{"sched_get_priority_max", 146}, {"sched_get_priority_min", 147}, {"set_robust_list", 273}, {"set_tid_address", 218}, {"exit", 60},
	{"exit_group", 231}, {"clone", 56}, {"clone3", 435}, {"fcntl", 72}, {"ioctl", 16}, {"kill", 62}, {"mmap", 9}, {"open", 2}, {"openat", 257},
	{"prctl", 157}, {"prlimit64", 302}, {"tgkill", 234},
}}

var aarch64 = machine{id: 0xc00000b7, newest: 467, calls: []call{
	{"futex", 98}, {"read", 63}, {"write", 64}, {"lseek", 62}, {"munmap", 215}, {"madvise", 233}, {"mprotect", 226}, {"nanosleep", 101},
	{"clock_gettime", 113}, {"epoll_pwait", 22}, {"sched_yield", 124}, {"rt_sigprocmask", 135}, {"rt_sigreturn", 139}, {"rt_sigaction", 134},
	{"sigaltstack", 132}, {"pread64", 67}, {"brk", 214}, {"mremap", 216}, {"close", 57}, {"fstat", 80}, {"fstatat", 79}, {"getpid", 172},
	{"gettid", 178}, {"msync", 227}, {"mincore", 232}, {"membarrier", 283}, {"rseq", 293}, {"readv", 65}, {"writev", 66}, {"pwrite64", 68},
	{"preadv", 69}, {"pwritev", 70}, {"preadv2", 286}, {"pwritev2", 287}, {"statx", 291}, {"faccessat", 48}, {"faccessat2", 439}, {"readlinkat", 78},
	{"getdents64", 61}, {"getcwd", 17}, {"chdir", 49}, {"fchdir", 50}, {"statfs", 43}, {"fstatfs", 44}, {"umask", 166}, {"mkdirat", 34},
	{"ftruncate", 46}, {"fallocate", 47}, {"fsync", 82}, {"fdatasync", 83}, {"fadvise64", 223}, {"readahead", 213}, {"flock", 32},
	{"copy_file_range", 285}, {"sendfile", 71}, {"dup", 23}, {"dup3", 24}, {"pipe2", 59}, {"close_range", 436}, {"ppoll", 73}, {"pselect6", 72},
	{"epoll_create1", 20}, {"epoll_ctl", 21}, {"epoll_pwait2", 441}, {"eventfd2", 19}, {"clock_nanosleep", 115}, {"restart_syscall", 128},
	{"rt_sigsuspend", 133}, {"rt_sigtimedwait", 137}, {"rt_sigpending", 136}, {"clock_getres", 114}, {"gettimeofday", 169}, {"times", 153},
	{"getrusage", 165}, {"getrlimit", 163}, {"sysinfo", 179}, {"uname", 160}, {"getrandom", 278}, {"getcpu", 168}, {"getppid", 173}, {"getpgid", 155},
	{"getsid", 156}, {"getuid", 174}, {"geteuid", 175}, {"getgid", 176}, {"getegid", 177}, {"getresuid", 148}, {"getresgid", 150}, {"getgroups", 158},
	{"capget", 90}, {"sched_getaffinity", 123}, {"sched_getparam", 121}, {"sched_getscheduler", 120}, {"sched_get_priority_max", 125},
	{"sched_get_priority_min", 126}, {"set_robust_list", 99}, {"set_tid_address", 96}, {"exit", 93}, {"exit_group", 94}, {"clone", 220},
	{"clone3", 435}, {"fcntl", 25}, {"ioctl", 29}, {"kill", 129}, {"mmap", 222}, {"openat", 56}, {"prctl", 167}, {"prlimit64", 261}, {"tgkill", 131},
}}
