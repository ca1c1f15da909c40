//go:build linux

package resident

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const mappings = `00400000-01a00000 r-xp 00000000 08:01 12 /usr/bin/aidoc agent
Size:              22528 kB
Rss:               20896 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
01a00000-03a00000 r--p 01600000 08:01 12 /usr/bin/aidoc agent
Rss:               29360 kB
Anonymous:             0 kB
03a00000-03a10000 r--p 03600000 08:01 12 /usr/bin/aidoc agent
Rss:                  64 kB
Anonymous:             4 kB
03a10000-03b00000 rw-p 03610000 08:01 12 /usr/bin/aidoc agent
Rss:                1068 kB
Anonymous:             0 kB
c000000000-c000400000 rw-p 00000000 00:00 0
Rss:                4096 kB
Anonymous:             0 kB
7f0000000000-7f0000001000 r--p 00000000 00:00 0
Anonymous:             0 kB
7f0000002000-7f0000003000 r--s 00000000 08:01 13 /var/lib/aidoc/journal.db-shm
Anonymous:             0 kB
7ffe00000000-7ffe00002000 r-xp 00000000 00:00 0 [vdso]
Anonymous:             0 kB
`

// Of all mappings only those go whose pages are those of their file: a table that the loader has relocated, memory, and what is shared stay.
func TestOnlyCleanPagesOfFilesGo(t *testing.T) {
	got, err := clean(strings.NewReader(mappings))
	if err != nil {
		t.Fatal(err)
	}
	if want := []span{{0x400000, 0x1a00000}, {0x1a00000, 0x3a00000}}; !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

// fileKiB is what this process has resident of files.
func fileKiB(t *testing.T) int {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc")
	}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "RssFile:" {
			n, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatal("no RssFile in /proc/self/status")
	return 0
}

func TestTheProgramIsGivenBackAndRunsOn(t *testing.T) {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip("no /proc")
	}
	defer f.Close()
	spans, err := clean(f)
	if err != nil || len(spans) == 0 {
		t.Fatalf("%d mappings, %v", len(spans), err)
	}
	for _, s := range spans { // as after a start that has read through all of it
		if _, _, errno := unix.Syscall(unix.SYS_MADVISE, s.from, s.to-s.from, unix.MADV_POPULATE_READ); errno != 0 {
			t.Skip("this kernel does not populate mappings")
		}
	}
	before := fileKiB(t)
	if err := GiveBack(); err != nil {
		t.Fatal(err)
	}
	if now := fileKiB(t); now > before*2/3 {
		t.Errorf("%d KiB of files are resident, %d before", now, before)
	}
}
