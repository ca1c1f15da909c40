package confine

// allowed lists what reading documents takes: the Go runtime, the C library, MuPDF, Tesseract and a WebAssembly machine,
// all of them on descriptors, own memory and own threads. Whatever is not here is refused, and so is every call that a
// later kernel brings. The calls asked for most come first: the filter is walked in this order.
//
// A call that has another name on arm64 is here by both.
//
// Left out on purpose, beside the obvious: calls that name a file by its path and that landlock does not cover on every
// kernel (truncate before ABI 3; chmod, chown, utimes and extended attributes on all), and openat2, whose flags are in
// memory where a filter cannot see them. Nor may a child take the name of a file away, unlink it or rename another over
// it: open without a name it could grow, and the agent that counts what is in the folder would not see it. What readers
// leave there the agent empties after each document.
var allowed = []string{
	// what every page does
	"futex", "read", "write", "lseek", "munmap", "madvise", "mprotect", "nanosleep", "clock_gettime", "epoll_pwait", "sched_yield",
	"rt_sigprocmask", "rt_sigreturn", "rt_sigaction", "sigaltstack", "pread64", "brk", "mremap", "close", "fstat", "newfstatat", "fstatat", "getpid", "gettid",
	// memory
	"msync", "mincore", "membarrier", "arch_prctl", "rseq",
	// files, within what landlock shows of them
	"readv", "writev", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "stat", "lstat", "statx", "access", "faccessat", "faccessat2",
	"readlink", "readlinkat", "getdents", "getdents64", "getcwd", "chdir", "fchdir", "statfs", "fstatfs", "umask",
	"mkdir", "mkdirat", "rmdir",
	"creat", "ftruncate", "fallocate", "fsync", "fdatasync", "fadvise64", "readahead", "flock", "copy_file_range", "sendfile",
	"dup", "dup2", "dup3", "pipe", "pipe2", "close_range",
	// waiting
	"poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait2", "eventfd", "eventfd2",
	"clock_nanosleep", "restart_syscall", "pause", "rt_sigsuspend", "rt_sigtimedwait", "rt_sigpending",
	// time and facts about itself and the machine
	"clock_getres", "gettimeofday", "time", "times", "getrusage", "getrlimit", "sysinfo", "uname", "getrandom", "getcpu",
	"getppid", "getpgrp", "getpgid", "getsid", "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "capget",
	"sched_getaffinity", "sched_getparam", "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min",
	// threads
	"set_robust_list", "set_tid_address", "exit", "exit_group",
}
