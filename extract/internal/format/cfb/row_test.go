package cfb

import (
	"bytes"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb/cfbtest"
)

// A stream whose sectors follow each other is no copy of the file; one whose sectors do not is put together, and reads alike.
func TestStreamsInARowAreNotCopied(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789"), 2000)
	data := cfbtest.File(map[string][]byte{"A": long})
	f, err := Open(data, 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	got := f.Read("A")
	at := bytes.Index(data, long)
	if !bytes.Equal(got, long) || at < 0 || &got[0] != &data[at] || cap(got) != len(got) {
		t.Fatalf("%d bytes, a copy: %t", len(got), at < 0 || &got[0] != &data[at])
	}
	// The first two sectors change places.
	start := f.entries[1].start
	next := f.fat[start]
	a, b := f.at(start), f.at(next)
	swapped := append(bytes.Clone(b), a...)
	copy(a, swapped)
	copy(b, swapped[len(a):])
	f.fat[next], f.fat[start], f.entries[1].start = start, f.fat[next], next
	if got := f.Read("A"); !bytes.Equal(got, long) {
		t.Error("a stream out of order is read wrongly")
	}
}
