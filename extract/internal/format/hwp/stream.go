package hwp

import (
	"bytes"
	"crypto/aes"
	"io"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// records opens a stream of the document.
func (r *reader) records(data []byte) *records { return newRecords(r.unpacked(data, r.packed)) }

// unpacked gives the bytes of a stream.
func (r *reader) unpacked(data []byte, packed bool) io.Reader {
	if packed {
		return r.file.Inflate(data)
	}
	return bytes.NewReader(data)
}

// seeds is how long the record is that a document for distribution hides its key in.
const seeds = 256

// distributed gives a stream of a document for distribution as it was before: behind a record of 256 bytes it is AES in blocks of their own
// with a key that lies in the record, at a place and under a mask that the record's first bytes tell. No password is asked for: such a
// document may be read by everybody.
func distributed(data []byte) ([]byte, bool) {
	v := le.U32(data, 0)
	if v&0x3ff != tagDistribute || v>>20 != seeds || len(data) < 4+seeds {
		return nil, false
	}
	seed := bytes.Clone(data[4 : 4+seeds])
	state := uint32(le.U32(seed, 0))
	next := func() byte {
		state = state*214013 + 2531011
		return byte(state >> 16)
	}
	for i := 0; i < seeds; {
		mask := next()
		for end := min(i+int(next()&15)+1, seeds); i < end; i++ {
			if i >= 4 {
				seed[i] ^= mask
			}
		}
	}
	at := 4 + int(seed[0]&15)
	c, err := aes.NewCipher(seed[at : at+16])
	if err != nil {
		return nil, false
	}
	in := data[4+seeds:]
	out := make([]byte, len(in)&^15)
	for i := 0; i < len(out); i += 16 {
		c.Decrypt(out[i:], in[i:])
	}
	return out, true
}
