package pool

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/child/wire"
)

// A child that was taken over may send anything: only a gray JPEG of the size that was asked for, of the page that was asked for, goes on to
// a model.
func TestPicturesAreVerified(t *testing.T) {
	gray := func(w, h int) []byte { return encoded(t, image.NewGray(image.Rect(0, 0, w, h))) }
	colour := image.NewRGBA(image.Rect(0, 0, 20, 20))
	colour.Set(3, 3, color.RGBA{R: 255, A: 255})
	for name, c := range map[string]struct {
		seq   uint64
		index int
		body  []byte
		sure  []string
		good  bool
	}{
		"a picture":        {7, 2, gray(20, 30), nil, true},
		"none":             {7, 2, nil, nil, true},
		"another page":     {7, 3, gray(20, 30), nil, false},
		"another document": {8, 2, gray(20, 30), nil, false},
		"too large":        {7, 2, gray(SightSide+1, 30), nil, false},
		"in colour":        {7, 2, encoded(t, colour), nil, false},
		"words":            {7, 2, gray(20, 30), []string{"harbour"}, true},
		"too many words":   {7, 2, gray(20, 30), make([]string, maxSure+1), false},
		"no words":         {7, 2, gray(20, 30), []string{"a\nb"}, false},
		"no picture":       {7, 2, []byte("root:x:0:0"), nil, false},
	} {
		h, err := json.Marshal(wire.Looked{Seq: c.seq, Index: c.index, Sure: c.sure})
		if err != nil {
			t.Fatal(err)
		}
		s, err := verifySight(wire.Frame{Type: wire.TLooked, Header: h, Body: c.body}, 7, Look{Number: 3})
		if (err == nil) != c.good || err != nil && !errors.Is(err, errProtocol) || c.good && s.Number != 3 {
			t.Errorf("%s: %+v %v", name, s, err)
		}
	}
}

func encoded(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
