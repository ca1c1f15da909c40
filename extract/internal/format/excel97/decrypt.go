package excel97

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/cfb"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/le"
)

// rc4Block is after how many bytes of a workbook the key changes.
const rc4Block = 1024

// unlockBiff decrypts a workbook that Excel opens without asking for a password; nil when it asks.
func unlockBiff(b []byte, pass []byte) []byte {
	key := biffKey(pass)
	if key == nil {
		return nil
	}
	out := bytes.Clone(b)
	stream, block := make([]byte, rc4Block), -1
	for at := 0; at+4 <= len(b); {
		kind, end := le.U16(b, at), min(len(b), at+4+le.U16(b, at+2))
		from := at + 4
		switch kind {
		case xBOF, xFilePass, 0x194, 0x195, 0xe1, 0x196, 0x138: // stay readable
			from = end
		case xBoundSheet: // so does the place of a sheet
			from += 4
		}
		for i := from; i < end; i++ {
			if i/rc4Block != block {
				block = i / rc4Block
				c, err := rc4.NewCipher(key(block))
				if err != nil {
					return nil
				}
				clear(stream)
				c.XORKeyStream(stream, stream)
			}
			out[i] ^= stream[i%rc4Block]
		}
		at = end
	}
	return out
}

// biffKey makes the keys of blocks from the default password, nil when the file has another or is
// encrypted in a way that is not known.
func biffKey(pass []byte) func(block int) []byte {
	if le.U16(pass, 0) != 1 || len(pass) < 54 {
		return nil
	}
	var key func(block int) []byte
	var input, want []byte
	sum := func(b []byte) []byte { s := md5.Sum(b); return s[:] }
	if le.U16(pass, 2) == 1 {
		salt := pass[6:22]
		base := sum(bytes.Repeat(append(sum(cfb.PasswordBytes())[:5:5], salt...), 16))[:5]
		key = func(block int) []byte { return sum(binary.LittleEndian.AppendUint32(base[:5:5], uint32(block))) }
		input, want = pass[22:38], pass[38:54]
	} else {
		size := le.U32(pass, 10)
		bits := le.U32(le.Bytes(pass, 14, size), 16)
		v := le.Bytes(pass, 14+size, 60)
		if bits == 0 {
			bits = 40
		}
		if len(v) < 60 || bits < 40 || bits > 128 || bits%8 != 0 {
			return nil
		}
		base := cfb.Digest(sha1.New(), v[4:20], cfb.PasswordBytes())
		key = func(block int) []byte {
			k := cfb.Digest(sha1.New(), base, binary.LittleEndian.AppendUint32(nil, uint32(block)))[:bits/8]
			if bits == 40 {
				k = append(k[:5:5], make([]byte, 11)...)
			}
			return k
		}
		input, want = v[20:36], v[40:60]
		sum = func(b []byte) []byte { return cfb.Digest(sha1.New(), b) }
	}
	c, err := rc4.NewCipher(key(0))
	if err != nil {
		return nil
	}
	both := append(bytes.Clone(input), want...)
	c.XORKeyStream(both, both)
	if !bytes.Equal(sum(both[:16]), both[16:]) {
		return nil
	}
	return key
}
