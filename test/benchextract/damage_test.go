package main

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
)

// lines is a small page with dark lines.
func lines() *image.Gray {
	return remap(120, 160, func(x, y int) byte {
		if y%16 < 6 && x > 10 && x < 110 {
			return 20
		}
		return paper
	})
}

func TestDamageIsAlikeInEveryRun(t *testing.T) {
	for _, d := range damages() {
		before := slices.Clone(lines().Pix)
		page := lines()
		a, dpi := d.apply(generator("page", d.name), page)
		b, again := d.apply(generator("page", d.name), lines())
		if !bytes.Equal(a.Pix, b.Pix) || a.Rect != b.Rect || dpi != again {
			t.Errorf("%s: two runs differ", d.name)
		}
		if !bytes.Equal(page.Pix, before) {
			t.Errorf("%s changed the page it was given", d.name)
		}
		if d.name != "clean" && a.Rect == page.Rect && bytes.Equal(a.Pix, before) {
			t.Errorf("%s left the page as it was", d.name)
		}
	}
}

func TestQuarterTurns(t *testing.T) {
	g := lines()
	if got := quarter(g, 4); !bytes.Equal(got.Pix, g.Pix) {
		t.Error("four quarter turns are not none")
	}
	if got := quarter(g, 1); got.Rect.Dx() != g.Rect.Dy() || got.Pix[0] != g.Pix[(g.Rect.Dy()-1)*g.Stride] {
		t.Error("a clockwise turn does not bring the lower left corner up")
	}
}

func TestTheScanIsAPDF(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scan.pdf")
	data, err := encodeJPEG(lines())
	if err != nil {
		t.Fatal(err)
	}
	size := lines().Rect.Size()
	if err := writePDF(path, [][]byte{data, data, data}, []image.Point{size, size, size}, scanDPI); err != nil {
		t.Fatal(err)
	}
	api.DisableConfigDir()
	if n, err := api.PageCountFile(path); err != nil || n != 3 {
		t.Errorf("%d pages, %v", n, err)
	}
}

func TestBothHalvesHavePages(t *testing.T) {
	n := 0
	for _, id := range []string{"a.tiff", "b.tiff", "c.tiff", "d.tiff", "e.tiff", "f.tiff", "g.tiff", "h.tiff"} {
		if heldOut(id) {
			n++
		}
	}
	if n == 0 || n == 8 {
		t.Errorf("%d of 8 held out", n)
	}
}

func TestMemoryOfThisProcessIsSeen(t *testing.T) {
	if !slices.Contains(family(os.Getppid()), os.Getpid()) {
		t.Error("the child of a process is not in its family")
	}
	if kib := proportional(os.Getpid()); kib < 1000 {
		t.Errorf("this process holds %d KiB", kib)
	}
}
