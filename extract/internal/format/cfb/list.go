package cfb

import (
	"encoding/binary"
	"strings"
)

// Sub shows one storage as if it were a file of its own; nil when there is none of that path.
func (f *File) Sub(path string) *File {
	for _, e := range f.List() {
		if !e.Stream && strings.EqualFold(e.Path, path) && f.entries[e.id].kind == 1 {
			sub := *f
			sub.root, sub.list = uint32(e.id), nil
			return &sub
		}
	}
	return nil
}

// List walks the directory tree, once.
func (f *File) List() []Entry {
	if f.list != nil {
		return f.list
	}
	out := []Entry{}
	seen := map[uint32]bool{}
	var walk func(id uint32, prefix string, depth int)
	walk = func(id uint32, prefix string, depth int) {
		if int64(id) >= int64(len(f.entries)) || seen[id] || depth > 5000 {
			return
		}
		seen[id] = true
		e := f.entries[id]
		walk(e.left, prefix, depth+1)
		path := prefix + e.name
		out = append(out, Entry{Path: path, Stream: e.kind == 2, Size: e.size, id: int(id)})
		if e.kind == 1 {
			walk(e.child, path+"/", depth+1)
		}
		walk(e.right, prefix, depth+1)
	}
	walk(f.entries[f.root].child, "", 0)
	f.list = out
	return out
}

// Read returns a stream by its path, case-insensitively; nil when it is not there.
func (f *File) Read(path string) []byte {
	for _, e := range f.List() {
		if e.Stream && strings.EqualFold(e.Path, path) {
			b, _ := f.Stream(e)
			return b
		}
	}
	return nil
}

// Stream reads one stream.
func (f *File) Stream(e Entry) ([]byte, error) {
	d := f.entries[e.id]
	if *f.left -= min(d.size, int64(len(f.data))); *f.left < 0 {
		return nil, ErrBudget
	}
	if d.size < int64(binary.LittleEndian.Uint32(f.data[56:])) {
		return f.miniChain(d.start, d.size), nil
	}
	return f.chain(d.start, d.size), nil
}

// Has says whether a stream or storage of that path exists.
func (f *File) Has(path string) bool {
	for _, e := range f.List() {
		if strings.EqualFold(e.Path, path) {
			return true
		}
	}
	return false
}
