package main

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/test/bench"
)

// scanPages is long enough that starting programs no longer shows.
const scanPages = 24

// scan measures how well one long scanned document keeps the machine busy with recognition alone.
func scan(ctx context.Context, s settings) (string, error) {
	pictures, doc, err := makeScan(s)
	if err != nil {
		return "", err
	}
	f, err := startFloor(ctx)
	if err != nil {
		return "", err
	}
	defer f.stop()
	before := bench.Load()
	list := installed(aidoc(s), ocrmypdf("ocrmypdf", "-j", fmt.Sprint(runtime.NumCPU())))
	results, err := measure(ctx, s, "scan", list, []document{doc})
	if err != nil {
		return "", err
	}
	alone := result{tool: "recognition alone", pages: doc.pages}
	for _, p := range pictures {
		c, err := f.read(p, filepath.Join(s.work, "scan.txt"))
		if err != nil {
			return "", err
		}
		alone.cpu, alone.wall = alone.cpu+c.cpu, alone.wall+c.wall
		alone.largest, alone.together = max(alone.largest, c.largest), max(alone.together, c.largest)
	}
	return scanTable(append(results, alone), doc.pages, alone.cpu, before), nil
}

func scanTable(results []result, pages int, floor time.Duration, before string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## A scanned PDF of %d pages\n\nMade from the pages of set B, a gray JPEG at %d dpi on each; load average before: %s. "+
		"Recognition alone is one tesseract engine with one thread, its model loaded and the picture decoded before the clock starts: the floor. "+
		"Cores busy is processor time over wall time, of %d cores.\n\n"+
		"| tool | CPU s | of the floor | wall s | cores busy | pages/s | MiB largest | MiB together |\n| --- |"+strings.Repeat(" ---: |", 7)+"\n", pages, scanDPI, before, runtime.NumCPU())
	for _, r := range results {
		busy := r.cpu.Seconds() / max(r.wall.Seconds(), 0.001) / float64(runtime.NumCPU())
		fmt.Fprintf(&b, "| %s | %.2f | %.3f | %.2f | %.1f %% | %.2f | %d | %d |\n", r.tool, r.cpu.Seconds(), r.cpu.Seconds()/max(floor.Seconds(), 0.001),
			r.wall.Seconds(), 100*busy, rate(pages, r.wall.Seconds()), r.largest>>10, r.together>>10)
	}
	return b.String()
}

// makeScan writes the pages as a PDF, and each as the picture that the PDF shows.
func makeScan(s settings) (pictures []string, doc document, err error) {
	docs, err := manifest(s.corpus, "B", s.docs)
	if err != nil {
		return nil, doc, err
	}
	if len(docs) == 0 {
		return nil, doc, fmt.Errorf("set B has no documents in %s", s.corpus)
	}
	pages := scanPages
	if s.docs > 0 {
		pages = min(pages, 2*s.docs)
	}
	doc = document{id: "scan.pdf", path: filepath.Join(s.work, "scan.pdf"), pages: pages}
	var jpegs [][]byte
	var sizes []image.Point
	for i := range pages {
		g, err := readPage(docs[i%len(docs)].path)
		if err != nil {
			return nil, doc, err
		}
		data, err := encodeJPEG(g)
		if err != nil {
			return nil, doc, err
		}
		path := filepath.Join(s.work, fmt.Sprintf("scan-%d.jpg", i))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return nil, doc, err
		}
		pictures, jpegs, sizes = append(pictures, path), append(jpegs, data), append(sizes, g.Rect.Size())
	}
	return pictures, doc, writePDF(doc.path, jpegs, sizes, scanDPI)
}
