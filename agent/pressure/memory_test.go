package pressure

import (
	"os"
	"testing"
	"testing/fstest"
)

const meminfo = "MemTotal:        8000000 kB\nMemFree:          200000 kB\nMemAvailable:    4000000 kB\nBuffers:           23264 kB\n"

// machine makes a file system of name, content pairs beside a /proc/meminfo of 4 GB free.
func machine(pairs ...string) fstest.MapFS {
	root := fstest.MapFS{"proc/meminfo": {Data: []byte(meminfo)}}
	for i := 0; i < len(pairs); i += 2 {
		root[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return root
}

const (
	free0, total0 = 4_000_000 << 10, 8_000_000 << 10
	mib           = 1 << 20
)

func TestMemoryIsThatOfTheTightestLimit(t *testing.T) {
	v2 := "0::/system.slice/aidoc-agent.service\n"
	v1 := "9:name=systemd:/\n4:cpu,memory:/docker/abc\n0::/\n"
	const unit, slice = "sys/fs/cgroup/system.slice/aidoc-agent.service/", "sys/fs/cgroup/system.slice/"
	for name, c := range map[string]struct {
		root        fstest.MapFS
		free, total int64
	}{
		"no cgroups":        {machine(), free0, total0},
		"v2 without limits": {machine("proc/self/cgroup", v2, unit+"memory.max", "max\n", unit+"memory.current", "999999\n"), free0, total0},
		"v2 unit": {machine("proc/self/cgroup", v2, unit+"memory.max", "1073741824\n", unit+"memory.current", "629145600\n",
			unit+"memory.stat", "anon 1\ninactive_file 104857600\nactive_file 5\n"), 524 * mib, 1024 * mib},
		"v2 high below max": {machine("proc/self/cgroup", v2, unit+"memory.max", "1073741824", unit+"memory.high", "536870912", unit+"memory.current", "104857600"), 412 * mib, 512 * mib},
		"v2 parent is tighter": {machine("proc/self/cgroup", v2, unit+"memory.max", "1073741824", unit+"memory.current", "0",
			slice+"memory.max", "536870912", slice+"memory.current", "268435456"), 256 * mib, 512 * mib},
		"v2 in a container": {machine("proc/self/cgroup", "0::/\n", "sys/fs/cgroup/memory.max", "268435456", "sys/fs/cgroup/memory.current", "314572800"), 0, 256 * mib},
		"v2 hybrid mount":   {machine("proc/self/cgroup", "0::/a\n", "sys/fs/cgroup/unified/a/memory.max", "268435456", "sys/fs/cgroup/unified/a/memory.current", "0"), 256 * mib, 256 * mib},
		"v1 without limit":  {machine("proc/self/cgroup", v1, "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "9223372036854771712"), free0, total0},
		"v1": {machine("proc/self/cgroup", v1, "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "1073741824", "sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes", "629145600",
			"sys/fs/cgroup/memory/docker/abc/memory.stat", "inactive_file 7\ntotal_inactive_file 104857600\n"), 524 * mib, 1024 * mib},
		"v1 seen from inside the container": {machine("proc/self/cgroup", v1, "sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824", "sys/fs/cgroup/memory/memory.usage_in_bytes", "1073741824"), 0, 1024 * mib},
		"limit above the machine's":         {machine("proc/self/cgroup", v2, unit+"memory.max", "99999999999999", unit+"memory.current", "0"), free0, total0},
		"nonsense":                          {machine("proc/self/cgroup", "x\n0::../../etc\n\n4:memory\n"+v2, unit+"memory.max", "-5", unit+"memory.current", "abc"), free0, total0},
		"usage unknown":                     {machine("proc/self/cgroup", v2, unit+"memory.max", "1073741824"), free0, 1024 * mib},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ReadMemory(c.root)
			if err != nil || m.Free != c.free || m.Total != c.total {
				t.Errorf("free %d MiB, total %d MiB, want %d and %d (%v)", m.Free>>20, m.Total>>20, c.free>>20, c.total>>20, err)
			}
		})
	}
}

func TestMemoryThatCannotBeReadIsAnErrorAndNoPressure(t *testing.T) {
	for name, text := range map[string]string{"old kernel": "MemTotal: 5 kB\n", "garbage": "MemTotal: x kB\nMemAvailable: 1 kB\n", "negative": "MemTotal: 5 kB\nMemAvailable: -1 kB\n", "empty": ""} {
		root := fstest.MapFS{"proc/meminfo": {Data: []byte(text)}}
		if m, err := ReadMemory(root); err == nil {
			t.Errorf("%s: read as %+v", name, m)
		}
		if why := Memory(root, mib)(); why != "" {
			t.Errorf("%s: %s", name, why)
		}
	}
	if _, err := ReadMemory(fstest.MapFS{}); err == nil {
		t.Error("no /proc, but no error")
	}
}

func TestMemoryPressureNamesTheFiguresAndDoesNotFlap(t *testing.T) {
	root := machine("proc/self/cgroup", "0::/\n", "sys/fs/cgroup/memory.max", "1073741824", "sys/fs/cgroup/memory.current", "0")
	used := func(text string) { root["sys/fs/cgroup/memory.current"].Data = []byte(text) }
	pressure := Memory(root, 256*mib)
	for _, c := range []struct{ used, why string }{
		{"0", ""},
		{"805306368", ""}, // 256 MiB free: enough
		{"806354944", "memory almost full: 255 MiB free, 256 MiB wanted"},
		{"805306368", "memory almost full: 256 MiB free, 320 MiB wanted"}, // back at the limit is not yet room
		{"739246080", "memory almost full: 319 MiB free, 320 MiB wanted"},
		{"738197504", ""}, // 320 MiB free
		{"805306368", ""}, // and again the lower limit counts
	} {
		used(c.used)
		if why := pressure(); why != c.why {
			t.Errorf("%s bytes used: %q, want %q", c.used, why, c.why)
		}
	}
	used("1073741824")
	if why := Memory(root, 0)(); why != "" {
		t.Errorf("without a limit: %s", why)
	}
	used("104857600")
	if why := Memory(root, 8<<30)(); why != "" {
		t.Errorf("a quarter-used container was never enough: %s", why)
	}
}

func TestTheFirstPressureIsNamed(t *testing.T) {
	no, disk, memory := func() string { return "" }, func() string { return "disk" }, func() string { return "memory" }
	if why := Any(no, disk, memory)(); why != "disk" {
		t.Error(why)
	}
	if why := Any(no, no)() + Any()(); why != "" {
		t.Error(why)
	}
}

func TestThisMachinesMemoryCanBeRead(t *testing.T) {
	m, err := ReadMemory(os.DirFS("/"))
	if err != nil || m.Free <= 0 || m.Total < m.Free {
		t.Errorf("%+v, %v", m, err)
	}
}
