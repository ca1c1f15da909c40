// Package pressure says why the agent takes no more work now: a disk or a store without room, memory running out. It knows what a full
// place looks like and how to try it again; it knows no lease, no job and no site.
package pressure

import (
	"fmt"
	"io/fs"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Disk returns a pressure function: the agent takes no work while the file system of dir
// has less than minFree bytes left.
func Disk(dir string, minFree int64) func() string {
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

// Memory returns a pressure function: the agent takes no work while ReadMemory(root) finds
// less than minFree bytes free; 0: never. Once it said no it wants a quarter more before it says yes
// again: reading a page moves the figure up and down, and a limit without slack would flap with it.
// At most half of all the memory there is is asked for, or a machine with many processors in a small
// container would never work.
func Memory(root fs.FS, minFree int64) func() string {
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

// Lately is f, asked again only when its last answer is older than age: every site asks on its own why no work is taken, and the answer is
// the same for all of them. The clock is for tests; nil is time.Now.
func Lately(f func() string, age time.Duration, now func() time.Time) func() string {
	if now == nil {
		now = time.Now
	}
	var (
		mu   sync.Mutex
		at   time.Time
		last string
	)
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		if t := now(); at.IsZero() || t.Sub(at) >= age {
			last, at = f(), t
		}
		return last
	}
}

// Any asks one pressure function after the other and returns the first reason.
func Any(all ...func() string) func() string {
	return func() string {
		for _, f := range all {
			if why := f(); why != "" {
				return why
			}
		}
		return ""
	}
}
