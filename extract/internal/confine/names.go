package confine

// denied lists what no reader of documents needs. They fail with EPERM rather than end the
// process: libraries try things.
var denied = []string{
	// network and other processes' ends of pipes
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg", "recvfrom",
	// programs and processes; clone is checked by its flags
	"execve", "execveat", "fork", "vfork", "setsid", "setpgid",
	// other processes' memory, descriptors, signals and schedule
	"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
	"tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "migrate_pages", "move_pages",
	"setpriority", "ioprio_set", "sched_setscheduler", "sched_setparam", "sched_setattr",
	// mounts, roots, namespaces, handles
	"mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_by_handle_at", "name_to_handle_at",
	"fsopen", "fsconfig", "fsmount", "fspick", "move_mount", "open_tree", "mount_setattr", "statmount", "listmount",
	// kernel surfaces with a long list of holes
	"bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module",
	"io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup", "io_submit", "io_destroy", "io_getevents", "io_cancel",
	"vmsplice", "lookup_dcookie", "modify_ldt", "iopl", "ioperm", "syslog", "nfsservctl", "vhangup", "uselib", "ustat", "sysfs",
	// identities and limits
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset", "personality", "setrlimit",
	// the machine
	"swapon", "swapoff", "reboot", "sethostname", "setdomainname", "acct", "quotactl", "quotactl_fd", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
	// memory shared by name, queues, watches
	"shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "semget", "semop", "semctl", "semtimedop", "mq_open", "mq_unlink", "memfd_create", "memfd_secret",
	"inotify_init", "inotify_init1", "fanotify_init", "mknod", "mknodat",
}
