package tesseract

import (
	"encoding/binary"
	"image"
)

// bmp packs an 8-bit gray picture as an uncompressed BMP with its resolution.
func bmp(img *image.Gray, dpi int) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	stride := (w + 3) &^ 3
	const head = 14 + 40 + 256*4
	out := make([]byte, head+stride*h)
	out[0], out[1] = 'B', 'M'
	le := binary.LittleEndian
	le.PutUint32(out[2:], uint32(len(out)))
	le.PutUint32(out[10:], head)
	le.PutUint32(out[14:], 40)
	le.PutUint32(out[18:], uint32(w))
	le.PutUint32(out[22:], uint32(h))
	le.PutUint16(out[26:], 1)
	le.PutUint16(out[28:], 8)
	le.PutUint32(out[34:], uint32(stride*h))
	ppm := uint32(float64(dpi)/0.0254 + 0.5)
	le.PutUint32(out[38:], ppm)
	le.PutUint32(out[42:], ppm)
	le.PutUint32(out[46:], 256)
	for i := range 256 {
		p := out[54+4*i:]
		p[0], p[1], p[2] = byte(i), byte(i), byte(i)
	}
	for y := range h {
		copy(out[head+(h-1-y)*stride:], img.Pix[y*img.Stride:y*img.Stride+w])
	}
	return out
}
