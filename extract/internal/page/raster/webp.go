package raster

import (
	"bytes"
	"encoding/binary"
)

// still gives the first picture of an animated WebP as a file of its own, which the decoder reads; any
// other file comes back as it is.
func still(d []byte) []byte {
	if len(d) < 30 || string(d[8:16]) != "WEBPVP8X" || d[20]&0x02 == 0 {
		return d
	}
	frame := chunk(d[12:], "ANMF")
	if len(frame) < 16 {
		return d
	}
	var body bytes.Buffer
	body.WriteString("WEBP")
	if alpha := chunk(frame[16:], "ALPH"); alpha != nil {
		// The extended header: has alpha, and the size, which the frame states in the same form.
		put(&body, "VP8X", append([]byte{0x10, 0, 0, 0}, frame[6:12]...))
		put(&body, "ALPH", alpha)
	}
	for _, name := range []string{"VP8 ", "VP8L"} {
		if c := chunk(frame[16:], name); c != nil {
			put(&body, name, c)
			break
		}
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(body.Len()))
	return append(out, body.Bytes()...)
}

// chunk finds the first RIFF chunk of a name in d, nil when there is none.
func chunk(d []byte, name string) []byte {
	for len(d) >= 8 {
		n := int64(binary.LittleEndian.Uint32(d[4:]))
		if n > int64(len(d)-8) {
			return nil
		}
		if string(d[:4]) == name {
			return d[8 : 8+n]
		}
		d = d[min(int64(len(d)), 8+n+n&1):]
	}
	return nil
}

func put(b *bytes.Buffer, name string, data []byte) {
	b.WriteString(name)
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(data))))
	b.Write(data)
	if len(data)%2 == 1 {
		b.WriteByte(0)
	}
}
