package pressure

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
)

// Available is what this process may still use, in bytes: of the machine or of the cgroups it is in,
// whichever leaves less. A container and a systemd unit are ended at their own limit, however much
// the machine has left.
type Available struct {
	Free  int64 // can be taken now; reclaimable caches count as free
	Total int64 // can be taken at all
}

// noLimit is what version 1 of cgroups says for "no limit", rounded down to pages; nothing real is as large.
const noLimit = 1 << 60

// cgroupFiles are the names that one version of the interface uses.
type cgroupFiles struct {
	mounts        []string // where the hierarchy may be mounted
	limits        []string // the lowest counts
	usage         string
	inactiveField string // of memory.stat: file pages that the kernel drops before anything else
}

var (
	cgroupV1 = cgroupFiles{[]string{"sys/fs/cgroup/memory"}, []string{"memory.limit_in_bytes"}, "memory.usage_in_bytes", "total_inactive_file"}
	// Above memory.high the kernel stalls a process instead of ending it, which serves no document either.
	cgroupV2 = cgroupFiles{[]string{"sys/fs/cgroup", "sys/fs/cgroup/unified"}, []string{"memory.max", "memory.high"}, "memory.current", "inactive_file"}
)

// ReadMemory reads the state of this process' memory from the file system of root, which is
// os.DirFS("/") but in tests. It fails only where /proc/meminfo cannot be read: a cgroup without
// limits, or that cannot be seen from inside a container, limits nothing.
func ReadMemory(root fs.FS) (Available, error) {
	m, err := readMeminfo(root)
	if err != nil {
		return Available{}, fmt.Errorf("read the free memory: %w", err)
	}
	own, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return m, nil
	}
	for l := range strings.Lines(string(own)) {
		// hierarchy:controllers:path
		part := strings.SplitN(strings.TrimSuffix(l, "\n"), ":", 3)
		if len(part) != 3 {
			continue
		}
		switch {
		case part[0] == "0" && part[1] == "":
			m = m.within(root, cgroupV2, part[2])
		case hasWord(part[1], "memory"):
			m = m.within(root, cgroupV1, part[2])
		}
	}
	return m, nil
}

// within applies the limits of a cgroup and of all above it. Inside a container the path may be the
// host's while the mount begins at the container's own cgroup: folders that are not there are
// passed over, and the walk ends at the mount itself.
func (m Available) within(root fs.FS, v cgroupFiles, group string) Available {
	for _, mount := range v.mounts {
		for g := path.Clean("/" + group); ; g = path.Dir(g) {
			m = m.limitedBy(root, v, path.Join(mount, g))
			if g == "/" {
				break
			}
		}
	}
	return m
}

func (m Available) limitedBy(root fs.FS, v cgroupFiles, dir string) Available {
	limit := int64(noLimit)
	for _, name := range v.limits {
		if n, err := readNumber(root, path.Join(dir, name)); err == nil {
			limit = min(limit, n)
		}
	}
	if limit >= noLimit {
		return m
	}
	m.Total = min(m.Total, limit)
	used, err := readNumber(root, path.Join(dir, v.usage))
	if err != nil {
		return m
	}
	if inactive, ok := readField(root, path.Join(dir, "memory.stat"), v.inactiveField); ok {
		used = max(0, used-inactive)
	}
	m.Free = max(0, min(m.Free, limit-used))
	return m
}

func readMeminfo(root fs.FS) (Available, error) {
	const file = "proc/meminfo"
	total, ok1 := readField(root, file, "MemTotal:")
	free, ok2 := readField(root, file, "MemAvailable:")
	if !ok1 || !ok2 {
		return Available{}, errors.New("/proc/meminfo does not tell MemTotal and MemAvailable")
	}
	const kB = 1024
	return Available{Free: free * kB, Total: total * kB}, nil
}

// readField finds "name number" among the lines of a file.
func readField(root fs.FS, file, name string) (int64, bool) {
	raw, err := fs.ReadFile(root, file)
	if err != nil {
		return 0, false
	}
	for l := range bytes.Lines(raw) {
		words := strings.Fields(string(l))
		if len(words) < 2 || words[0] != name {
			continue
		}
		n, err := strconv.ParseInt(words[1], 10, 64)
		return n, err == nil && n >= 0 && n < math.MaxInt64/1024
	}
	return 0, false
}

// readNumber reads a file that holds one number of bytes; "max" is no limit.
func readNumber(root fs.FS, file string) (int64, error) {
	raw, err := fs.ReadFile(root, file)
	if err != nil {
		return 0, err
	}
	text := strings.TrimSpace(string(raw))
	if text == "max" {
		return noLimit, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s holds %q, not a number of bytes", file, text)
	}
	return n, nil
}

func hasWord(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if w == word {
			return true
		}
	}
	return false
}
