package main

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

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

func TestHowHostileFilesEnd(t *testing.T) {
	for _, c := range []struct {
		cost cost
		said string // "" for no answer
		want fate
		told bool
	}{
		{cost{}, `{"file":"a","document":{},"pages":[]}`, fateOK, true},
		{cost{failed: true}, `{"error":{"code":"encrypted","message":"It is locked; unlock it."}}`, fateRefused, true},
		{cost{failed: true}, `{"error":{"code":"corrupt_file","message":""}}`, fateRefused, false},
		{cost{failed: true}, `{"error":{"code":"extract_crash","message":"x y"}}`, fateCrash, true},
		{cost{failed: true}, `{"error":{"code":"extract_timeout","message":"x y"}}`, fateTimeout, true},
		{cost{failed: true}, "", fateCrash, false},
		{cost{failed: true, signal: 9}, `{"file":`, fateCrash, false},
	} {
		path := filepath.Join(t.TempDir(), "a.json")
		if c.said != "" {
			if err := os.WriteFile(path, []byte(c.said), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if f, told := answered(ended(c.cost, time.Minute), path); f != c.want || told != c.told {
			t.Errorf("%q: %s, told %v", c.said, f, told)
		}
	}
	for want, c := range map[fate]cost{fateOK: {}, fateRefused: {failed: true}, fateCrash: {failed: true, signal: 11}, fateTimeout: {failed: true, signal: 9, wall: time.Minute}} {
		if got := ended(c, time.Minute); got != want {
			t.Errorf("%+v: %s, want %s", c, got, want)
		}
	}
}

func TestTheLongDocumentIsAPDF(t *testing.T) {
	data := longPDF(3)
	if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(data, []byte("/Count 3/")) || bytes.Count(data, []byte("/Type/Page/")) != 3 {
		t.Errorf("%.300s", data)
	}
	if !bytes.Equal(data, longPDF(3)) {
		t.Error("two runs make two documents")
	}
}
