package main

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// figure names one number of a run; routes of the agents' protocol are figures of their own.
type figure string

// figures are the numbers of a run.
type figures map[figure]float64

const (
	rate       figure = "documents a minute"
	steady     figure = "documents a minute, steady"
	ofFloor    figure = "share of the floor"
	cpuAgent   figure = "CPU s a document: agent"
	cpuReaders figure = "CPU s a document: readers"
	cpuPHP     figure = "CPU s a document: PHP"
	cpuMariaDB figure = "CPU s a document: MariaDB"
	cpuNginx   figure = "CPU s a document: nginx"
	cpuModel   figure = "CPU s a document: the fake model and this program"
	requests   figure = "requests a document that reach PHP"
	queries    figure = "database queries a document"
	calls      figure = "model calls a document"
	memAgent   figure = "peak memory, MiB: agent"
	memReader  figure = "peak memory, MiB: largest reader"
	memAll     figure = "peak memory, MiB: all together, shared pages counted by each"
	busyOurs   figure = "% of the cores: all of the above"
	busyOthers figure = "% of the cores: other programs of the machine"
	failures   figure = "documents that failed"
)

var formats = map[figure]string{rate: "%.0f", steady: "%.0f", ofFloor: "%.2f", cpuAgent: "%.3f", cpuReaders: "%.3f", cpuPHP: "%.3f", cpuMariaDB: "%.4f", cpuNginx: "%.4f",
	cpuModel: "%.3f", requests: "%.2f", queries: "%.1f", calls: "%.2f", memAgent: "%.0f", memReader: "%.0f", memAll: "%.0f", busyOurs: "%.0f", busyOthers: "%.0f", failures: "%.0f"}

// shown are the rows of the table, in their order; the routes come after requests.
var shown = []figure{rate, steady, ofFloor, cpuAgent, cpuReaders, cpuPHP, cpuMariaDB, cpuNginx, cpuModel, requests, queries, calls, memAgent, memReader, memAll,
	busyOurs, busyOthers, failures}

// median takes each figure's own over the runs.
func median(runs []figures) figures {
	names := map[figure]bool{}
	for _, r := range runs {
		for name := range r {
			names[name] = true
		}
	}
	out := figures{}
	for name := range names {
		var values []float64
		for _, r := range runs {
			values = append(values, r[name])
		}
		out[name] = bench.Median(values)
	}
	return out
}

// measurement is all that mixPart saw.
type measurement struct {
	mix    mix
	load   string
	cells  []cell
	floors []floor
}

func (m *measurement) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d cores; load average at the start %s, at the end %s; medians of %d interleaved runs.", runtime.NumCPU(), m.load, bench.Load(), len(m.floors))
	if m.mix.small {
		b.WriteString(" **Smaller form**: there was no corpus, the documents are those of `test/documents`.")
	}
	b.WriteString("\n\n| |")
	columns := make([]figures, len(m.cells))
	f := medianFloor(m.floors)
	for i, c := range m.cells {
		columns[i] = median(c.runs)
		columns[i][ofFloor] = columns[i][rate] / f.rate(c.mix)
		b.WriteString(" " + c.name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(m.cells)) + "\n")
	for _, name := range shown {
		line(&b, name, formats[name], columns)
		if name == requests {
			for _, route := range routes(columns) {
				line(&b, route, "%.2f", columns)
			}
		}
	}
	return b.String() + f.markdown(m.mix) + m.goals(columns[len(columns)-1])
}

func line(b *strings.Builder, name figure, format string, columns []figures) {
	label := string(name)
	if formats[name] == "" {
		label = "&nbsp;&nbsp;of them `" + label + "`"
		if slices.Contains(static, name) {
			label = "static: " + string(name)
		}
	}
	fmt.Fprintf(b, "| %s |", label)
	for _, c := range columns {
		fmt.Fprintf(b, " "+format+" |", c[name])
	}
	b.WriteString("\n")
}

// static are the figures of what reaches no PHP.
var static = []figure{bench.Document, bench.Doorbell}

// routes are the figures that shown does not name, those of what reaches no PHP last.
func routes(columns []figures) []figure {
	names := map[figure]bool{}
	for _, c := range columns {
		for name := range c {
			if formats[name] == "" && !slices.Contains(static, name) {
				names[name] = true
			}
		}
	}
	return append(slices.Sorted(maps.Keys(names)), static...)
}

// goals compares a document without recognition with what it shall cost.
func (m *measurement) goals(got figures) string {
	r := &bench.Report{}
	for _, g := range []struct {
		what  string
		value float64
		limit float64
	}{
		{"agent and readers, CPU s", got[cpuAgent] + got[cpuReaders], .06}, {"PHP, CPU s", got[cpuPHP], .03}, {"MariaDB, CPU s", got[cpuMariaDB], .008},
		{"requests that reach PHP", got[requests], 2.2},
	} {
		r.AtMost(g.what, g.value, g.limit, "", "%.3f", g.value)
	}
	base := median(m.cells[0].runs)[rate]
	for i, share := range []float64{.95, .9} {
		c := m.cells[i+1]
		got := median(c.runs)[rate] / base
		r.AtLeast(fmt.Sprintf("rate at %v a call, of that at 0", c.delay), got, share, "", "%.2f", got)
	}
	return "\n### A document without recognition, and waiting\n\n" + r.Markdown()
}

const head = `# What the whole way of a document costs

Written by ` + "`make bench-pipeline` and `make bench-pickup`" + ` (test/benchpipeline): documents uploaded to a real WordPress on nginx, php-fpm (4 workers, opcache) and
MariaDB, worked on by the real agent with its default settings, a model that answers after 0, 300 or 3,000 ms, all on one machine. The mix is fixed
(` + "`listed` in `test/benchpipeline/documents.go`" + `): 20 PDFs with a text layer from one line to 117 pages, 12 texts, 8 scanned book pages. Every run uploads it anew and
starts a new agent. The rate counts from the first question for work to the last draft; processor time from the start of the agent's process, so it
includes that start. Readers are the agent's children. What other programs took of the machine stands in each table: where that is much, rates say
little, and processor time, requests and queries are what counts. Virtual machines take up to twice the processor time for the same work from one night to
the next: figures compare with those that were measured in turn with them, in one table, and only roughly across sections.

The older push design measured on the same kind of mix and machine (40 documents: 20 PDFs, 12 texts, 8 page images): its best variant 59–120 documents a
minute at 0 ms a call, 38 at 300 ms. Quoted, not measured here.
`
