package worker

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/detect"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/format/formattest"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/page/ocr"
)

// A TIFF that was cut off is as long as its rows that are there, or as MuPDF draws it; it is not refused, and what is missing is told.
func TestATIFFThatWasCutOffIsRead(t *testing.T) {
	const w, h = 400, 300
	le := binary.LittleEndian
	b := le.AppendUint16(le.AppendUint32([]byte("II*\x00"), 8), 9)
	for _, e := range [][3]uint32{{256, 3, w}, {257, 3, h}, {258, 3, 8}, {259, 3, 1}, {262, 3, 1}, {273, 4, 122}, {277, 3, 1}, {278, 3, h}, {279, 4, w * h}} {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, uint16(e[0])), uint16(e[1])), 1), e[2])
	}
	b = append(le.AppendUint32(b, 0), bytes.Repeat([]byte{200}, w*h/2)...)
	path := formattest.Save(t, "cut.tif", b)
	src, err := openPicture(detect.Kind{Format: "tiff", MIME: "image/tiff"}, path, doc.Limits{MaxPixels: 1 << 20, MaxPages: 9}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	pic, err := src.(*picture).page(0)
	if err != nil || pic.Gray.Rect.Dx() != w || pic.Gray.Rect.Dy() < h/2-16 || pic.Gray.GrayAt(9, 100).Y != 200 {
		t.Errorf("%v, %v", pic.Gray, err)
	}
	src.(*picture).reader = &ocr.Reader{Show: func(ocr.Job) {}} // nothing is recognised
	if p, err := src.Page(0); err != nil || !slices.Equal(p.Unread, []doc.Unread{doc.UnreadRest}) {
		t.Errorf("what is missing is not told: %v, %v", p.Unread, err)
	}
}
