package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// row is one line of the table.
type row struct {
	name  string
	bytes int64
	was   *reading // of the older agent, nil without one
	now   reading
}

func (r row) line() string {
	was := ""
	if r.was != nil {
		was = fmt.Sprintf(" %d | %.1f | %s |", r.was.largest>>10, r.was.wall.Seconds(), r.was.end)
	}
	size := fmt.Sprintf("%.1f", float64(r.bytes)/1e6)
	return fmt.Sprintf("| %s | %s |%s %d | %d | %.1f | %.1f | %s |", r.name, size, was, r.now.largest>>10, r.now.reader>>10, r.now.cpu.Seconds(), r.now.wall.Seconds(), r.now.end)
}

const head = `# Memory that hostile files take

Written by ` + "`make bench-hostile`" + `, which makes each file anew (` + "`test/benchhostile`" + ` says how) and has the built agent read it by
` + "`aidoc-agent extract`" + ` in its confined children. *Largest* is the most that one process held, the agent or a reader, as the kernel counts it for
the parent; *reader* is the most that a reader was seen to hold, looked at ten times a second. The bound is 256 MiB; the command fails where one is above it.
A limit of the kernel (` + "`extract.memory_mib`" + `) stands behind it.
`

func write(s settings, f family, rows []row, before string, whole bool) error {
	if len(rows) == 0 {
		return nil
	}
	was, cols := "", 8
	if rows[0].was != nil {
		was, cols = " before: MiB | before: wall s | before: ended as |", 11
	}
	t := fmt.Sprintf("| kind | MB |%s MiB largest | MiB reader | CPU s | wall s | ended as |\n|%s\n", was, strings.Repeat(" --- |", cols-1))
	for _, r := range rows {
		t += r.line() + "\n"
	}
	if s.out == "-" || !whole {
		fmt.Print(t)
		return nil
	}
	p, err := bench.OpenPage(s.out)
	if err != nil {
		return err
	}
	p.Head = head
	p.Set(f.name, "", fmt.Sprintf("Commit %s; load average at the start: %s; %d of %d kinds; at most %s for one.\n\n%s", bench.Commit("."), before, len(rows), len(f.kinds), s.limit, t))
	return p.Write(s.out)
}

// createNamed makes the file of one kind.
func createNamed(name, path string) error {
	k, ok := named(name)
	if !ok {
		return fmt.Errorf("no kind %q", name)
	}
	return create(path, k.make)
}

// create writes a file by a kind's own maker.
func create(path string, write func(w *out)) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	o := newOut(f)
	write(o)
	if err := o.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
