package excel97

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// sstReader walks the shared strings, whose characters may go on in the next record with another width.
type sstReader struct {
	parts [][]byte
	cur   []byte
}

func (r *sstReader) next() bool {
	if len(r.parts) == 0 {
		r.cur = nil
		return false
	}
	r.cur, r.parts = r.parts[0], r.parts[1:]
	return true
}

// need returns n bytes, going on in the next record at its border.
func (r *sstReader) need(n int) []byte {
	for len(r.cur) == 0 {
		if !r.next() {
			return nil
		}
	}
	if len(r.cur) < n {
		out := append([]byte(nil), r.cur...)
		for len(out) < n && r.next() {
			k := min(n-len(out), len(r.cur))
			out = append(out, r.cur[:k]...)
			r.cur = r.cur[k:]
		}
		if len(out) < n {
			return nil
		}
		return out
	}
	out := r.cur[:n]
	r.cur = r.cur[n:]
	return out
}

func (r *sstReader) skip(n int) {
	for n > 0 {
		if len(r.cur) == 0 && !r.next() {
			return
		}
		k := min(n, len(r.cur))
		r.cur = r.cur[k:]
		n -= k
	}
}

// sst reads the shared string table of a workbook.
func sst(parts [][]byte) []string {
	r := &sstReader{parts: parts}
	head := r.need(8)
	if head == nil {
		return nil
	}
	var out []string
	for range min(le.U32(head, 4), maxXLSCells) {
		h := r.need(3)
		if h == nil {
			break
		}
		n, flags := le.U16(h, 0), h[2]
		runs, ext := 0, 0
		if flags&8 != 0 {
			runs = le.U16(r.need(2), 0)
		}
		if flags&4 != 0 {
			ext = le.U32(r.need(4), 0)
		}
		out = append(out, r.chars(n, flags))
		r.skip(4*runs + ext)
	}
	return out
}

func (r *sstReader) chars(n int, flags byte) string {
	var b strings.Builder
	for n > 0 {
		if len(r.cur) == 0 {
			// A string that goes on starts its part with a new width flag.
			if !r.next() || len(r.cur) == 0 {
				break
			}
			flags = r.cur[0]
			r.cur = r.cur[1:]
		}
		w := 1 + int(flags&1)
		k := min(n, len(r.cur)/w)
		if k == 0 {
			r.cur = nil
			continue
		}
		b.WriteString(unicodeBody(r.cur[:k*w], k, flags))
		r.cur = r.cur[k*w:]
		n -= k
	}
	return b.String()
}
