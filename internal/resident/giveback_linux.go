package resident

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// GiveBack unmaps what the process holds of its program and libraries. What is needed afterwards comes back from the page cache as it is used.
func GiveBack() error {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return fmt.Errorf("mappings of this process: %w", err)
	}
	defer f.Close()
	spans, err := clean(f)
	if err != nil {
		return fmt.Errorf("mappings of this process: %w", err)
	}
	for _, s := range spans {
		// Not unix.Madvise, which takes a slice: there is none of these addresses.
		if _, _, errno := unix.Syscall(unix.SYS_MADVISE, s.from, s.to-s.from, unix.MADV_DONTNEED); errno != 0 {
			return fmt.Errorf("madvise: %w", errno)
		}
	}
	return nil
}
