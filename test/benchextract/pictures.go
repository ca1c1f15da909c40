package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"

	"golang.org/x/image/tiff"
)

// readPage decodes one page of set B as gray.
func readPage(path string) (*image.Gray, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := tiff.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	b := m.Bounds()
	return remap(b.Dx(), b.Dy(), func(x, y int) byte {
		return color.GrayModel.Convert(m.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y
	}), nil
}

// writePNG writes a page that states its resolution, which Go's encoder leaves out.
func writePNG(path string, g *image.Gray, dpi int) error {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, g); err != nil {
		return err
	}
	const header = 8 + 25 // signature and IHDR
	phys := make([]byte, 21)
	binary.BigEndian.PutUint32(phys, 9)
	copy(phys[4:], "pHYs")
	perMetre := uint32(float64(dpi)/0.0254 + 0.5)
	binary.BigEndian.PutUint32(phys[8:], perMetre)
	binary.BigEndian.PutUint32(phys[12:], perMetre)
	phys[16] = 1
	binary.BigEndian.PutUint32(phys[17:], crc32.ChecksumIEEE(phys[4:17]))
	data := b.Bytes()
	out := append(append(append([]byte{}, data[:header]...), phys...), data[header:]...)
	return os.WriteFile(path, out, 0o644)
}

func encodeJPEG(g *image.Gray) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, g, &jpeg.Options{Quality: 80})
	return b.Bytes(), err
}

// writePDF writes pages as scanners do: a gray JPEG on each page and no text.
func writePDF(path string, jpegs [][]byte, sizes []image.Point, dpi int) error {
	var b bytes.Buffer
	var at []int
	object := func(format string, args ...any) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(at)}, args...)...)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	kids := ""
	for i := range jpegs {
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
	}
	object("<</Type/Pages/Count %d/Kids[%s]>>", len(jpegs), kids)
	for i, pic := range jpegs {
		w, h := sizes[i].X, sizes[i].Y
		pw, ph := float64(w)*72/float64(dpi), float64(h)*72/float64(dpi)
		n := 3 + 3*i
		draw := fmt.Sprintf("%.2f 0 0 %.2f 0 0 cm /S Do", pw, ph)
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]/Resources<</XObject<</S %d 0 R>>>>/Contents %d 0 R>>", pw, ph, n+2, n+1)
		object("<</Length %d>>stream\n%s\nendstream", len(draw), draw)
		object("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream", w, h, len(pic), pic)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return os.WriteFile(path, b.Bytes(), 0o644)
}
