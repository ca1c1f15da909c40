package extract

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/pool"
)

// Pages that are nothing but a picture are shown, upright and no larger than models look at; blank ones and typed ones are not.
func testPicturesOfPages(t *testing.T) {
	scan := sheet(t, "The harbour was frozen in winter", "and the boats stayed on land.", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "")
	blank := sheet(t, "", "")
	file := tempFile(t, "scan.pdf", pdf(
		pdfPage{jpeg: jpegOf(t, scan), w: scan.Rect.Dx(), h: scan.Rect.Dy()},
		pdfPage{lines: []string{"A page that was typed and that has", "enough of words to be taken as it is.", "Nobody needs a picture of it to read."}},
		pdfPage{jpeg: jpegOf(t, blank), w: blank.Rect.Dx(), h: blank.Rect.Dy()},
	))
	var got []Sight
	looks := []Look{{Number: 1}, {Number: 2}, {Number: 3}, {Number: 1, Turned: 90}}
	if err := sharedPool(t).Pictures(context.Background(), file, Options{}, looks, func(s Sight) error { got = append(got, s); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got[0].JPEG == nil || got[1].JPEG != nil || got[2].JPEG != nil || got[3].JPEG == nil {
		t.Fatalf("%d pictures: %v", len(got), sizes(got))
	}
	up, turned := got[0], got[3]
	if up.Height != pool.SightSide || up.Width >= up.Height || turned.Width != up.Height || turned.Height != up.Width {
		t.Errorf("sizes %v", sizes(got))
	}
	if words := strings.Join(up.Sure, " "); !strings.Contains(words, "harbour") || !strings.Contains(words, "boats") {
		t.Errorf("sure of %q", words)
	}
	img, err := jpeg.Decode(bytes.NewReader(up.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if g, ok := img.(*image.Gray); !ok || g.Rect.Dx() != up.Width || g.Rect.Dy() != up.Height {
		t.Errorf("%T of %v", img, img.Bounds())
	}
	// Showing a page leaves nothing behind: it is read as ever.
	_, pages, err := read(t, "scan.pdf", pdf(pdfPage{jpeg: jpegOf(t, scan), w: scan.Rect.Dx(), h: scan.Rect.Dy()}))
	if err != nil || len(pages) != 1 || pages[0].Method != MethodOCR {
		t.Errorf("read afterwards: %+v %v", pages, err)
	}
}

func sizes(all []Sight) (out [][3]int) {
	for _, s := range all {
		out = append(out, [3]int{s.Width, s.Height, len(s.JPEG)})
	}
	return out
}

func testPicturesEndWithTheCaller(t *testing.T) {
	scan := sheet(t, "One line", "and another one")
	file := tempFile(t, "a.jpg", jpegOf(t, scan))
	enough := errors.New("enough")
	if err := sharedPool(t).Pictures(context.Background(), file, Options{}, []Look{{Number: 1}, {Number: 1}}, func(Sight) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var said *Error
	if err := sharedPool(t).Pictures(ctx, tempFile(t, "b.jpg", []byte("no picture")), Options{}, []Look{{Number: 7}}, func(s Sight) error {
		if s.JPEG != nil {
			t.Error("a picture of a page that is not there")
		}
		return nil
	}); err != nil && !errors.As(err, &said) {
		t.Errorf("%v", err)
	}
}
