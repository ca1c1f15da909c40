package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

// TestMutatedFiles feeds damaged copies of real files to a pool for AIDOC_FUZZ_SECONDS (default 12).
// With AIDOC_CORPUS set, the files are those of all its sets; else they are made here. Mutants that end a reader are
// kept in the folder AIDOC_FUZZ_KEEP.
func TestMutatedFiles(t *testing.T) {
	seconds, err := strconv.Atoi(os.Getenv("AIDOC_FUZZ_SECONDS"))
	if err != nil {
		seconds = 12
	}
	if testing.Short() {
		seconds = 3
	}
	outside := t.TempDir() // stands for the rest of the machine: uploads and the children's folders
	work, uploads := filepath.Join(outside, "work"), filepath.Join(outside, "uploads")
	if err := os.Mkdir(uploads, 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := pool.New(pool.Config{Workers: 2, WorkDir: work, MemoryMiB: 512, PageTimeout: 20 * time.Second, OpenTimeout: 20 * time.Second, MaxPages: 20, MaxPixels: 8_000_000, MaxUnpacked: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	seeds := fuzzSeeds(t)
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 7))
	outcome, n := map[string]int{}, 0
	for end := time.Now().Add(time.Duration(seconds) * time.Second); time.Now().Before(end); n++ {
		data := mutate(rng, seeds[rng.IntN(len(seeds))])
		path := filepath.Join(uploads, "upload")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		_, err := p.Extract(ctx, path, Options{Name: "upload.pdf"})
		late := ctx.Err() != nil
		cancel()
		var e *Error
		switch {
		case late:
			outcome["cut off"]++ // many slow pages; ending it is what is tested
		case err == nil:
			outcome["read"]++
		case errors.As(err, &e):
			outcome[string(e.Code)]++
			if dir := os.Getenv("AIDOC_FUZZ_KEEP"); dir != "" && (e.Code == doc.CodeCrash || e.Code == doc.CodeTimeout) {
				// A reader that ended is no failure of this test, and something to understand.
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%d", e.Code, seed, n)), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if e.Code == doc.CodeInternal || e.Message == "" {
				t.Errorf("mutant %d of seed %d: %v: not the answer to a damaged file", n, seed, err)
			}
		default:
			t.Errorf("mutant %d of seed %d: %v: not an extract.Error", n, seed, err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("mutant %d of seed %d: the upload was changed: %v", n, seed, err)
		}
	}
	t.Logf("%d mutants of %d files, seed %d: %v", n, len(seeds), seed, outcome)
	if _, err := p.Extract(context.Background(), tempFile(t, "good", []byte("A good text.")), Options{}); err != nil {
		t.Errorf("after it the pool reads nothing any more: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	assertClean(t, outside)
}

// assertClean checks that no file and no process is left.
func assertClean(t *testing.T, dir string) {
	t.Helper()
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
		if !d.IsDir() && filepath.Base(path) != "upload" {
			t.Errorf("left behind: %s", path)
		}
		return nil
	})
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	me := strconv.Itoa(os.Getpid())
	for _, s := range stats {
		b, _ := os.ReadFile(s)
		// pid (name) state ppid …
		if _, rest, ok := bytes.Cut(b, []byte(") ")); ok {
			if f := strings.Fields(string(rest)); len(f) > 1 && f[1] == me {
				t.Errorf("a child is left: %s", b)
			}
		}
	}
}

func fuzzSeeds(t *testing.T) [][]byte {
	t.Helper()
	var seeds [][]byte
	if dir := os.Getenv("AIDOC_CORPUS"); dir != "" {
		files, _ := filepath.Glob(filepath.Join(dir, "*", "in", "*"))
		for _, f := range files {
			if st, err := os.Stat(f); err == nil && st.Size() > 0 && st.Size() < 1<<20 {
				if b, err := os.ReadFile(f); err == nil {
					seeds = append(seeds, b)
				}
			}
		}
		if len(seeds) == 0 {
			t.Fatalf("no files in %s/*/in", dir)
		}
		return seeds
	}
	small := sheet(t, "Noise")
	// What is recognised takes a hundred times as long as what is parsed, so it comes up seldom.
	slow := [][]byte{jpegOf(t, small), pdf(pdfPage{lines: []string{"One page", "of (text)"}}, pdfPage{jpeg: jpegOf(t, small), w: small.Rect.Dx(), h: small.Rect.Dy()})}
	quick := [][]byte{
		pdf(pdfPage{lines: []string{"One page", "of (text)"}}, pdfPage{lines: []string{"Another"}}),
		formattest.Zip(t, "word/document.xml", docxBody, "word/styles.xml", docxStyles),
		formattest.Zip(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<o:c xmlns:o="o" xmlns:t="t"><o:body><o:text><t:h t:outline-level="2">Part</t:h></o:text></o:body></o:c>`),
		[]byte(`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\title T}}Gr\'fc\u223\'dfe\par Next}`),
		[]byte("From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n--x--\r\n"),
		append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), bytes.Repeat([]byte("WordDocument\x00\x01\xfe\xff\x09"), 200)...),
		[]byte("<html><table><tr><td colspan=9>x<td>y</table><ul><li>a<li>b</ul>"),
	}
	for range 8 {
		seeds = append(seeds, quick...)
	}
	return append(seeds, slow...)
}

// mutate damages a copy: bits, runs, cuts, repeats, numbers made huge.
func mutate(r *rand.Rand, in []byte) []byte {
	b := bytes.Clone(in)
	for range 1 + r.IntN(8) {
		if len(b) < 8 {
			return append(b, "padding to be a file"...)
		}
		at := r.IntN(len(b) - 4)
		n := min(1+r.IntN(64), len(b)-at)
		switch r.IntN(7) {
		case 0:
			b[at] ^= 1 << r.IntN(8)
		case 1:
			for i := range n {
				b[at+i] = byte(r.Uint32())
			}
		case 2:
			b = append(b[:at], b[at+n:]...)
		case 3:
			b = b[:max(8, at)]
		case 4:
			run := bytes.Clone(b[at : at+n])
			b = append(b[:at], append(bytes.Repeat(run, 1+r.IntN(50)), b[at:]...)...)
		case 5:
			copy(b[at:], []byte{0xff, 0xff, 0xff, 0x7f})
		case 6:
			if i := bytes.IndexAny(b[at:], "123456789"); i >= 0 {
				b = append(b[:at+i], append([]byte("99999999"), b[at+i:]...)...)
			}
		}
	}
	return b
}
