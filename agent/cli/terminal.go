package cli

import (
	"io"

	"github.com/aidoc-pipeline/aidoc-agent/internal/printable"
)

// What strangers wrote (a site's name, its error sentences, a file's name, a document) reaches a terminal or a log only through this file:
// clean where a command puts it into a line, and the guarded streams for whatever a command forgot.

// clean makes such a text one harmless line.
func clean(s string) string { return printable.Line(s) }

// guarded returns e with streams through which no control sequence gets. Commands that draw (a progress line, colours) do
// that on the bare ones, with nothing but their own text.
func (e *env) guarded() *env {
	g := *e
	g.stdout, g.stderr = &printable.Writer{W: e.stdout}, &printable.Writer{W: e.stderr}
	return &g
}

// bare is the stream under a guarded one.
func bare(w io.Writer) io.Writer {
	if g, ok := w.(*printable.Writer); ok {
		return g.W
	}
	return w
}

// document is where a document's own text goes: to a file or a pipe as it is, to a terminal guarded.
func (e *env) document() io.Writer {
	if isTerminal(e.stdout) {
		return e.stdout
	}
	return bare(e.stdout)
}
