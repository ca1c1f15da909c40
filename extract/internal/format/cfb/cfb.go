// Package cfb reads compound files, the container of the old Office formats and of Outlook messages: streams, properties, embedded
// objects, and packages that are encrypted under the default password.
package cfb

import (
	"encoding/binary"
	"errors"
	"path"
	"strings"
	"unicode/utf16"
)

var (
	ErrFormat    = errors.New("not a compound file")
	ErrBudget    = errors.New("unpacks to more than the limit")
	ErrEncrypted = errors.New("a password is needed")
)

// maxEntries bounds the directory.
const maxEntries = 65536

// File is an open compound file.
type File struct {
	data    []byte
	sector  int
	mini    int
	fat     []uint32
	minifat []uint32
	ministr []byte
	entries []entry
	left    *int64
	root    uint32 // the storage that is seen as the file
	list    []Entry
}

type entry struct {
	name               string
	kind               byte
	left, right, child uint32
	start              uint32
	size               int64
}

// Entry is one stream or storage, named by its path.
type Entry struct {
	Path   string // parts joined by "/"
	Stream bool
	Size   int64
	id     int
}

// Split gives the path of the storage that an entry stands in, "" for the root, and its own name.
func (e Entry) Split() (dir, name string) {
	dir, name = path.Split(e.Path)
	return strings.TrimSuffix(dir, "/"), name
}

// Open reads the tables of a compound file, ErrFormat when it is none. What its streams hold, in bytes, is charged to budget; a stream
// beyond it gives ErrBudget.
func Open(data []byte, budget int64) (*File, error) {
	if len(data) < 512 || binary.LittleEndian.Uint32(data) != 0xe011cfd0 {
		return nil, ErrFormat
	}
	f := &File{data: data, left: &budget, sector: 1 << min(binary.LittleEndian.Uint16(data[30:]), 12), mini: 1 << min(binary.LittleEndian.Uint16(data[32:]), 12)}
	if f.sector < 128 {
		return nil, ErrFormat
	}
	if f.mini < 16 {
		f.mini = 64
	}
	f.loadFAT()
	dir := f.chain(binary.LittleEndian.Uint32(data[48:]), int64(maxEntries)*128)
	for i := 0; i+128 <= len(dir) && len(f.entries) < maxEntries; i += 128 {
		f.entries = append(f.entries, parseEntry(dir[i:i+128]))
	}
	if len(f.entries) == 0 || f.entries[0].kind != 5 {
		return nil, ErrFormat
	}
	mf := f.chain(binary.LittleEndian.Uint32(data[60:]), int64(len(data)))
	f.minifat = words(mf)
	f.ministr = f.chain(f.entries[0].start, int64(len(data)))
	return f, nil
}

func words(b []byte) []uint32 {
	out := make([]uint32, len(b)/4)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return out
}

func parseEntry(b []byte) entry {
	n := int(binary.LittleEndian.Uint16(b[64:]))
	if n < 2 || n > 64 {
		n = 2
	}
	u := make([]uint16, 0, 32)
	for i := 0; i+2 < n; i += 2 {
		u = append(u, binary.LittleEndian.Uint16(b[i:]))
	}
	return entry{name: string(utf16.Decode(u)), kind: b[66], left: binary.LittleEndian.Uint32(b[68:]), right: binary.LittleEndian.Uint32(b[72:]), child: binary.LittleEndian.Uint32(b[76:]), start: binary.LittleEndian.Uint32(b[116:]), size: int64(binary.LittleEndian.Uint32(b[120:]))}
}

// at returns a sector, short at the end of a truncated file, nil outside it.
func (f *File) at(n uint32) []byte {
	o := (int64(n) + 1) * int64(f.sector)
	if n >= 0xfffffffa || o >= int64(len(f.data)) {
		return nil
	}
	return f.data[o:min(o+int64(f.sector), int64(len(f.data)))]
}

func (f *File) loadFAT() {
	var sectors []uint32
	for i := range 109 {
		if s := binary.LittleEndian.Uint32(f.data[76+4*i:]); s < 0xfffffffa {
			sectors = append(sectors, s)
		}
	}
	next := binary.LittleEndian.Uint32(f.data[68:])
	most := len(f.data)/f.sector + 2
	for range most {
		b := f.at(next)
		if len(b) < f.sector {
			break
		}
		for i := 0; i+8 <= len(b); i += 4 {
			if s := binary.LittleEndian.Uint32(b[i:]); s < 0xfffffffa {
				sectors = append(sectors, s)
			}
		}
		next = binary.LittleEndian.Uint32(b[len(b)-4:])
	}
	for i, s := range sectors {
		if i > most {
			break
		}
		f.fat = append(f.fat, words(f.at(s))...)
	}
}

// chain joins the sectors of a stream, at most limit bytes. No valid chain is longer than the file,
// so one that runs in a circle ends there and cannot multiply a small file into a huge table. Where the sectors follow each other, as in most
// files, it is a piece of the file and no copy: nobody may write into it.
func (f *File) chain(start uint32, limit int64) []byte {
	limit = min(limit, int64(len(f.data)))
	if limit > 0 {
		if b := f.row(start, limit); b != nil {
			return b
		}
	}
	var out []byte
	for s, n := start, 0; n <= len(f.fat); n++ {
		b := f.at(s)
		if b == nil || int64(len(out)) >= limit {
			break
		}
		out = append(out, b...)
		if int64(s) >= int64(len(f.fat)) {
			break
		}
		s = f.fat[s]
	}
	return out[:min(int64(len(out)), max(limit, 0))]
}

// row is what a stream's first sectors up to limit bytes hold where each stands behind the one before; nil for any other stream.
func (f *File) row(start uint32, limit int64) []byte {
	from := (int64(start) + 1) * int64(f.sector)
	if start >= 0xfffffffa || from+limit > int64(len(f.data)) {
		return nil
	}
	for s := start; int64(s-start+1)*int64(f.sector) < limit; s++ {
		if int64(s) >= int64(len(f.fat)) || f.fat[s] != s+1 {
			return nil
		}
	}
	return f.data[from : from+limit : from+limit]
}

func (f *File) miniChain(start uint32, size int64) []byte {
	size = min(size, int64(len(f.ministr)))
	var out []byte
	for s, n := start, 0; n <= len(f.minifat) && int64(len(out)) < size; n++ {
		o := int64(s) * int64(f.mini)
		if o >= int64(len(f.ministr)) {
			break
		}
		out = append(out, f.ministr[o:min(o+int64(f.mini), int64(len(f.ministr)))]...)
		if int64(s) >= int64(len(f.minifat)) {
			break
		}
		s = f.minifat[s]
	}
	return out[:min(int64(len(out)), size)]
}
