package worker

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
)

// jp2 is a white picture of 8 by 8 pixels.
const jp2 = "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAACAAAAAgAAw8HAAAAAAAPY29scgEAAAAAABAAAACganAyY/9P/1EALwAAAAAACAAAAAgAAAAAAAAAAAAAAAgAAAAIAAAAAAAAAAAAAw8BAQ8BAQ8BAf9SAAwAAAABAQMEBAAB/1wADUCAiIiQiIiQiIiQ/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS4w/5AACgAAAAAAHwAB/5PP/DAIAT+AgICAgICAgICAgP/Z"

func TestJPEG2000(t *testing.T) {
	data, err := base64.StdEncoding.DecodeString(jp2)
	if err != nil {
		t.Fatal(err)
	}
	open := func(data []byte, pixels int) (doc.Source, error) {
		path := filepath.Join(t.TempDir(), "in")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		lim := testLimits
		lim.MaxPixels = pixels
		return openUpload(path, "scan.jpg", lim, nil, nil)
	}
	s, err := open(data, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	pic, err := s.(*picture).page(0)
	if b := pic.Gray.Bounds(); err != nil || b.Dx() != 8 || b.Dy() != 8 || pic.Gray.GrayAt(4, 4).Y < 250 || s.Info().Format != "jp2" {
		t.Errorf("%v %v %+v", b, err, s.Info())
	}
	if _, err := open(data, 10); doc.AsFail(err).Code != doc.CodeTooLarge {
		t.Errorf("more pixels than allowed: %v", err)
	}
	if _, err := open(data[:40], 1<<20); doc.AsFail(err).Code != doc.CodeCorrupt {
		t.Errorf("cut off: %v", err)
	}
}
