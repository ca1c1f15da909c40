package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// longPages are the lengths between which memory should not grow: 5,000 is extract.max_pages' default.
var longPages = []int{100, 5000}

// long measures set E, and how time and memory grow with the number of pages.
func long(ctx context.Context, s settings) (string, error) {
	set, err := corpus(ctx, s, "E")
	if err != nil {
		return "", err
	}
	pages := longPages
	if s.docs > 0 {
		pages = []int{100, 500}
	}
	before := bench.Load()
	var rows []result
	for _, n := range pages {
		doc := document{id: fmt.Sprintf("%d pages", n), path: filepath.Join(s.work, fmt.Sprintf("long-%d.pdf", n)), pages: n}
		if err := os.WriteFile(doc.path, longPDF(n), 0o600); err != nil {
			return "", err
		}
		for _, t := range longTools(s) {
			r := result{tool: t.name}
			c, err := t.run(ctx, s, doc.path, filepath.Join(s.work, "long.txt"))
			if err != nil {
				return "", err
			}
			r.add([]cost{c}, doc)
			r.own, r.reader = c.own, c.reader
			rows = append(rows, r)
			fmt.Fprintf(os.Stderr, "%s: %d pages\n", t.name, n)
		}
	}
	return set + longTable(rows, before), nil
}

// longTools are aidoc in its three forms, to standard output as in a pipe, and the peers.
func longTools(s settings) []tool {
	form := func(name string, options ...string) tool {
		return tool{name: name, args: func(in, _ string) []string {
			return append(append([]string{s.agent, "--data-dir", filepath.Join(s.work, "data"), "extract"}, options...), in)
		}}
	}
	return installed(form("aidoc"), form("aidoc --json", "--json"), form("aidoc --markdown", "--markdown"), mutool(), pdftotext())
}

func longTable(rows []result, before string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### How memory grows with pages\n\nPDFs made by the benchmark, 55 lines of words on each page; load average before: %s. Memory is the most that the process "+
		"the user started held (for aidoc the agent), and the most that one of its readers held.\n\n"+
		"| pages | tool | CPU s | wall s | pages/s | MiB process | MiB largest reader |\n| ---: | --- |"+strings.Repeat(" ---: |", 5)+"\n", before)
	for _, r := range rows {
		reader := "–"
		if r.reader > 0 {
			reader = fmt.Sprint(r.reader >> 10)
		}
		fmt.Fprintf(&b, "| %d | %s | %.2f | %.2f | %.0f | %d | %s |\n", r.pages, r.tool, r.cpu.Seconds(), r.wall.Seconds(), rate(r.pages, r.wall.Seconds()), r.own>>10, reader)
	}
	return b.String()
}

var longWords = strings.Fields("annual report of the council on water bridges schools and roads with figures for every district in summer and winter a method to measure growth energy prices housing and health")

// longPDF is a PDF of n pages of text that differ.
func longPDF(n int) []byte {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	var b bytes.Buffer
	var at []int
	obj := func(head string, stream []byte) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\n", len(at), head)
		if stream != nil {
			b.WriteString("stream\n")
			b.Write(stream)
			b.WriteString("\nendstream\n")
		}
		b.WriteString("endobj\n")
	}
	b.WriteString("%PDF-1.7\n")
	obj("<</Type/Catalog/Pages 2 0 R>>", nil)
	var kids strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", 4+2*i)
	}
	obj(fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, kids.String()), nil)
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", nil)
	for i := range n {
		obj(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", 5+2*i), nil)
		page := longPage(rng, i+1)
		obj(fmt.Sprintf("<</Filter/FlateDecode/Length %d>>", len(page)), page)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// longPage is the packed content of a page: a running head, lines of words, the page's number.
func longPage(rng *rand.Rand, number int) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	fmt.Fprint(z, "BT /F1 10 Tf 13 TL 60 800 Td (Annual report) Tj T* T*\n")
	for range 55 {
		line := make([]string, 13)
		for i := range line {
			line[i] = longWords[rng.IntN(len(longWords))]
		}
		fmt.Fprintf(z, "(%s) Tj T*\n", strings.Join(line, " "))
	}
	fmt.Fprintf(z, "(%d) Tj ET", number)
	_ = z.Close()
	return packed.Bytes()
}
