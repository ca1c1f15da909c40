package ole

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

func put16(b []byte, o, v int) { le.PutUint16(b[o:], uint16(v)) }
func put32(b []byte, o, v int) { le.PutUint32(b[o:], uint32(v)) }

func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = le.AppendUint16(b, u)
	}
	return b
}

// compound writes a compound file with 512-byte sectors and no small ones. A path "a/b" puts stream b
// into storage a.
func compound(streams map[string][]byte) []byte {
	type dirent struct {
		name  string
		kind  byte
		start int
		size  int
		kids  []int
	}
	dir := []dirent{{name: "Root Entry", kind: 5, start: -2}}
	storages := map[string]int{"": 0}
	var body []byte
	var fat []int
	write := func(b []byte) int {
		if len(b) == 0 {
			return -2
		}
		start := len(fat)
		for len(b) > 0 {
			sector := make([]byte, 512)
			n := copy(sector, b)
			b = b[n:]
			body = append(body, sector...)
			next := len(fat) + 1
			if len(b) == 0 {
				next = -2
			}
			fat = append(fat, next)
		}
		return start
	}
	for _, path := range slices.SortedFunc(maps.Keys(streams), cmp.Compare[string]) {
		parent := 0
		parts := strings.Split(path, "/")
		for i := range parts[:len(parts)-1] {
			key := strings.Join(parts[:i+1], "/")
			id, ok := storages[key]
			if !ok {
				id = len(dir)
				dir = append(dir, dirent{name: parts[i], kind: 1})
				dir[parent].kids = append(dir[parent].kids, id)
				storages[key] = id
			}
			parent = id
		}
		data := streams[path]
		dir = append(dir, dirent{name: parts[len(parts)-1], kind: 2, start: write(data), size: len(data)})
		dir[parent].kids = append(dir[parent].kids, len(dir)-1)
	}
	entries := make([]byte, 128*len(dir))
	for i := range dir {
		e := entries[128*i:]
		name := wide(dir[i].name)
		copy(e, name)
		put16(e, 64, len(name)+2)
		e[66] = dir[i].kind
		put32(e, 68, -1)
		put32(e, 76, -1)
		if len(dir[i].kids) > 0 {
			put32(e, 76, dir[i].kids[0])
		}
		put32(e, 116, dir[i].start)
		put32(e, 120, dir[i].size)
	}
	for i := range dir { // siblings hang on each other's right
		put32(entries[128*i:], 72, -1)
	}
	for i := range dir {
		for k := 0; k+1 < len(dir[i].kids); k++ {
			put32(entries[128*dir[i].kids[k]:], 72, dir[i].kids[k+1])
		}
	}
	dirStart := write(entries)
	nFAT := (len(fat)+127)/128 + 1
	head := make([]byte, 512)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	put16(head, 30, 9)
	put16(head, 32, 6)
	put32(head, 44, nFAT)
	put32(head, 48, dirStart)
	put32(head, 60, -2)
	put32(head, 68, -2)
	for i := range 109 {
		v := -1
		if i < nFAT {
			v = len(fat) + i
		}
		put32(head, 76+4*i, v)
	}
	table := bytes.Repeat([]byte{0xff}, 512*nFAT)
	for i, n := range fat {
		put32(table, 4*i, n)
	}
	return slices.Concat(head, body, table)
}

func openCompound(t testing.TB, streams map[string][]byte) *File {
	t.Helper()
	f, err := Open(compound(streams), 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCompoundFile(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789"), 500)
	f := openCompound(t, map[string][]byte{"One": []byte("1"), "Pool/Inner": long, "Pool/Deep/X": []byte("x")})
	if got := f.Read("one"); string(got) != "1" {
		t.Errorf("One: %q", got)
	}
	if got := f.Read("Pool/Inner"); !bytes.Equal(got, long) {
		t.Errorf("Inner: %d bytes", len(got))
	}
	sub := f.Sub("Pool")
	if sub == nil || string(sub.Read("Deep/X")) != "x" || sub.Has("One") {
		t.Error("a storage seen as a file shows the wrong streams")
	}
	if f.Sub("Nothing") != nil || f.Sub("One") != nil {
		t.Error("what is no storage was opened as one")
	}
}

// A table of sectors that points back to itself once made 8 MB of directory out of 2 KB of file,
// and each look into it walked 65536 entries.
func TestCirclesEnd(t *testing.T) {
	b := compound(map[string][]byte{"WordDocument": make([]byte, 4096)})
	table := b[len(b)-1024:]
	for i := range 64 {
		put32(table, 4*i, 0)
	}
	put32(b, 48, 0)
	start := time.Now()
	f, err := Open(b, 1<<20)
	if err == nil {
		_, _ = Word(f)
		_, _ = Excel(f)
		if n := len(f.List()); n > len(b)/128 {
			t.Errorf("%d entries out of %d bytes", n, len(b))
		}
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("took %v", d)
	}
}

func TestBudget(t *testing.T) {
	f, err := Open(compound(map[string][]byte{"A": make([]byte, 5000), "B": make([]byte, 5000)}), 6000)
	if err != nil {
		t.Fatal(err)
	}
	if f.Read("A") == nil || f.Read("B") != nil {
		t.Error("the budget is for all streams together")
	}
}
