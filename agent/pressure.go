package agent

import (
	"fmt"
	"io/fs"
	"sync"

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
		return fmt.Sprintf("disk almost full: %d MiB free in %s, %d MiB wanted: free some space", free>>20, dir, minFree>>20)
	}
}

// MemoryPressure returns a pressure function: the agent takes no work while ReadMemory(root) finds
// less than minFree bytes free; 0: never. Once it said no it wants a quarter more before it says yes
// again: reading a page moves the figure up and down, and a limit without slack would flap with it.
// At most half of all the memory there is is asked for, or a machine with many processors in a small
// container would never work.
func MemoryPressure(root fs.FS, minFree int64) func() string {
	var mu sync.Mutex
	tight := false
	return func() string {
		if minFree <= 0 {
			return ""
		}
		m, err := ReadMemory(root)
		if err != nil {
			return "" // not Linux, or no /proc: the kernel is the only guard left
		}
		wanted := min(minFree, m.Total/2)
		mu.Lock()
		defer mu.Unlock()
		if tight {
			wanted += wanted / 4
		}
		if tight = m.Free < wanted; !tight {
			return ""
		}
		return fmt.Sprintf("memory almost full: %d MiB free, %d MiB wanted", m.Free>>20, wanted>>20)
	}
}

// AnyPressure asks one pressure function after the other and returns the first reason.
func AnyPressure(all ...func() string) func() string {
	return func() string {
		for _, f := range all {
			if why := f(); why != "" {
				return why
			}
		}
		return ""
	}
}

// pressure is the reason for taking no more work, or "".
func (a *Agent) pressure() string {
	return AnyPressure(a.space.pressure, a.opt.Pressure, a.outbox.pressure)()
}
