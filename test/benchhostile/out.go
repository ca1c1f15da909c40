package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// out is a file that is written; an error is kept until it is flushed.
type out struct {
	*bufio.Writer
	n int64
}

func newOut(w io.Writer) *out { return &out{Writer: bufio.NewWriterSize(w, 1<<20)} }

func (o *out) Write(p []byte) (int, error) {
	o.n += int64(len(p))
	return o.Writer.Write(p)
}

// printf writes text.
func (o *out) printf(format string, args ...any) { fmt.Fprintf(o, format, args...) }

// repeat writes s n times.
func (o *out) repeat(s string, n int) { repeat(o, s, n) }

func repeat(w io.Writer, s string, n int) {
	const some = 1 << 16
	block := strings.Repeat(s, max(1, some/len(s)))
	for each := len(block) / len(s); n > 0; n -= each {
		_, _ = io.WriteString(w, block[:min(n, each)*len(s)])
	}
}

// part is one file of a zip.
type part struct {
	name  string
	write func(w io.Writer)
}

// text is a part that is short.
func text(name, s string) part {
	return part{name, func(w io.Writer) { _, _ = io.WriteString(w, s) }}
}

// zipped makes a zip. Its parts are packed quickly: what they unpack to counts.
func zipped(parts ...part) func(*out) {
	return func(o *out) {
		z := zip.NewWriter(o)
		for _, p := range parts {
			w, err := z.Create(p.name)
			if err != nil {
				panic(err) // of a name, which is one of ours
			}
			p.write(w)
		}
		_ = z.Close()
	}
}

// deflated is what zlib makes of what is written.
func deflated(write func(w io.Writer)) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	write(z)
	_ = z.Close()
	return b.Bytes()
}

// noise is alike in every run.
func noise() *rand.Rand { return rand.New(rand.NewPCG(14, 256)) }

// words are n words that differ.
func words(w io.Writer, n int) {
	r := noise()
	for i := range n {
		sep := " "
		if i%12 == 11 {
			sep = "\n"
		}
		fmt.Fprintf(w, "%s%d%s", syllables[r.IntN(len(syllables))], r.IntN(1e6), sep)
	}
}

var syllables = strings.Fields("ba council de water fi bridge go road hu school ka district lo summer mi winter")
