package confine

import "github.com/elastic/go-seccomp-bpf/arch"

// available drops the names this architecture does not have (arm64 has no fork).
func available(names []string) []string {
	info, err := arch.GetInfo("")
	if err != nil {
		return names
	}
	out := names[:0:0]
	for _, n := range names {
		if _, ok := info.SyscallNames[n]; ok {
			out = append(out, n)
		}
	}
	return out
}
