package agent

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// DiskPressure returns a pressure function: the agent takes no work while the file system of dir
// has less than minFree bytes left.
func DiskPressure(dir string, minFree int64) func() string {
	return func() string {
		var st unix.Statfs_t
		if err := unix.Statfs(dir, &st); err != nil {
			return "" // the folder's absence shows elsewhere, with a better sentence
		}
		free := int64(st.Bavail) * st.Bsize
		if free >= minFree {
			return ""
		}
		return fmt.Sprintf("disk almost full: %d MiB free, %d MiB wanted", free>>20, minFree>>20)
	}
}
