// Package resident gives back the pages of the program itself that it does not use at the moment. A program of some 70 MiB reads through most of
// itself when it starts (initialisation, tables, what the garbage collector knows of functions) and needs a fraction of that from then on; the kernel
// leaves the rest mapped until memory is short.
package resident

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// span is one mapping of the process, from and to an address.
type span struct{ from, to uintptr }

// clean are the mappings of files that hold nothing but what stands in the file: private, not writable, and without a page of their own. Such pages
// can go at any time, the kernel reads them again from the file. smaps is in the form of /proc/self/smaps (proc_pid_smaps(5)).
func clean(smaps io.Reader) (spans []span, err error) {
	var last span
	open := false
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 3 && fields[0] == "Anonymous:" && open:
			if fields[1] == "0" {
				spans = append(spans, last)
			}
			open = false
		case len(fields) >= 6 && len(fields[1]) == 4:
			last, open = spanOf(fields[0])
			open = open && strings.HasPrefix(fields[5], "/") && fields[1][1] == '-' && fields[1][3] == 'p'
		case len(fields) == 5 && len(fields[1]) == 4: // of no file
			open = false
		}
	}
	return spans, lines.Err()
}

func spanOf(s string) (span, bool) {
	from, to, ok := strings.Cut(s, "-")
	a, err := strconv.ParseUint(from, 16, 64)
	b, err2 := strconv.ParseUint(to, 16, 64)
	return span{uintptr(a), uintptr(b)}, ok && err == nil && err2 == nil && a < b
}
