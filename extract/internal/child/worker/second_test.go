package worker

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/raster"
)

// halves is a picture whose left half is dark.
func halves(t *testing.T) []byte {
	t.Helper()
	g := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range g.Pix {
		if g.Pix[i] = 30; i%640 >= 320 {
			g.Pix[i] = 230
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// jpegTIFF wraps a gray JPEG of 640 by 480 in a TIFF (compression 7).
func jpegTIFF(pic []byte, width uint32) []byte {
	tags := [][3]uint32{{256, 4, width}, {257, 4, 480}, {258, 3, 8}, {259, 3, 7}, {262, 3, 1}, {273, 4, 8}, {277, 3, 1}, {278, 4, 480}, {279, 4, uint32(len(pic))}}
	if len(pic)%2 == 1 {
		pic = append(pic, 0)
	}
	le := binary.LittleEndian
	b := append(le.AppendUint32([]byte("II*\x00"), uint32(8+len(pic))), pic...)
	b = le.AppendUint16(b, uint16(len(tags)))
	for _, t := range tags {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, uint16(t[0])), uint16(t[1])), 1), t[2])
	}
	return le.AppendUint32(b, 0)
}

func openOnly(t *testing.T, data []byte) (raster.Picture, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := openUpload(path, "scan", testLimits, nil, nil)
	if err != nil {
		return raster.Picture{}, err
	}
	return s.(*picture).page(0)
}

func TestSecondDecoder(t *testing.T) {
	whole := halves(t)
	for name, data := range map[string][]byte{"JPEG inside TIFF": jpegTIFF(whole, 640), "JPEG cut off": whole[:len(whole)*3/4]} {
		p, err := openOnly(t, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		w, h := p.Gray.Rect.Dx(), p.Gray.Rect.Dy()
		if dark, light := p.Gray.GrayAt(w/4, h/4).Y, p.Gray.GrayAt(w*3/4, h/4).Y; dark > 60 || light < 200 {
			t.Errorf("%s: left %d, right %d of %v", name, dark, light, p.Gray.Rect)
		}
	}
	if _, err := openOnly(t, jpegTIFF(whole, 1<<30)); doc.AsFail(pictureFail(err)).Message == "" || err == nil {
		t.Errorf("a picture of a million megapixels: %v", err)
	}
}
