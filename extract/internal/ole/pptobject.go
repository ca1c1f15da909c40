package ole

import (
	"bytes"
	"compress/zlib"
	"io"
	"slices"
)

// pptObjects gives the documents embedded in a presentation: compound files, packed or not, in the
// stream of the presentation itself.
func pptObjects(f *File) []Object {
	doc := f.Read("PowerPoint Document")
	if doc == nil {
		return nil
	}
	objects, _ := liveObjects(doc, u32(f.Read("Current User"), 16))
	places := make([]int, 0, len(objects))
	for _, at := range objects {
		if at >= 0 && at+8 <= len(doc) && u16(doc, at+2) == ptObject {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	var out []Object
	for _, at := range slices.Compact(places) {
		if len(out) >= maxObjects {
			break
		}
		body := doc[at+8 : min(len(doc), at+8+u32(doc, at+4))]
		if u16(doc, at)>>4 == 1 {
			body = f.unzlib(body[min(len(body), 4):])
		}
		if len(body) > 512 {
			out = append(out, Object{Name: "object", Data: body})
		}
	}
	return out
}

// unzlib unpacks within the file's budget; nil for what is too large. Programs write wrong ends, so what
// came before damage counts.
func (f *File) unzlib(b []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	defer r.Close()
	out, err := io.ReadAll(io.LimitReader(r, *f.left+1))
	if *f.left -= int64(len(out)); *f.left < 0 || err != nil && len(out) == 0 {
		return nil
	}
	return out
}
