package pipeline

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract"
)

func TestASpoolGivesBackWhatWasWritten(t *testing.T) {
	for name, size := range map[string]int{"nothing": 0, "in memory": spoolMemory, "in a file": 3*spoolMemory + 7} {
		want := bytes.Repeat([]byte("0123456789abcdef\n"), size/17+1)[:size]
		dir := t.TempDir()
		s := spool{dir: dir}
		for part := want; len(part) > 0; {
			n := min(len(part), 100_000)
			if _, err := s.Write(part[:n]); err != nil {
				t.Fatal(err)
			}
			part = part[n:]
		}
		r, n, err := s.reader()
		if err != nil || n != int64(size) {
			t.Fatalf("%s: %d bytes of %d, %v", name, n, size, err)
		}
		for range 2 { // an S3 client signs first and sends then
			if _, err := r.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %d bytes differ, %v", name, len(got), err)
			}
		}
		if inMemory := s.file == nil; inMemory != (size <= spoolMemory) {
			t.Errorf("%s: in memory %v", name, inMemory)
		}
		s.close()
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%s: left behind %v, %v", name, left, err)
		}
	}
}

func TestTheStoredTextIsTheRenderedOne(t *testing.T) {
	pages := []extract.Page{page(1, extract.MethodText, 1, " one \n"), page(2, extract.MethodText, 1, ""), page(3, extract.MethodText, 1, "three")}
	var b strings.Builder
	if err := writeText(&b, read(pages...).all(t.Context())); err != nil || b.String() != extract.RenderText(pages) {
		t.Errorf("%q, %v", b.String(), err)
	}
}
