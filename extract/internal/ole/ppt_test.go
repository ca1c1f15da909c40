package ole

import (
	"bytes"
	"compress/zlib"
	"testing"
)

// pptRecord writes a record; body is what it holds.
func pptRecord(kind, inst int, container bool, body ...[]byte) []byte {
	b := make([]byte, 8)
	v := inst << 4
	if container {
		v |= 15
	}
	all := bytes.Join(body, nil)
	put16(b, 0, v)
	put16(b, 2, kind)
	put32(b, 4, len(all))
	return append(b, all...)
}

// presentation is a file with one slide and one embedded object.
func presentation(object []byte) map[string][]byte {
	atom := make([]byte, 20)
	put32(atom, 0, 2)
	flags := []byte{0, 0, 0x20, 0}
	document := pptRecord(ptDocument, 0, true,
		pptRecord(ptHeadFoot, 3, true, pptRecord(ptHeadAtom, 0, false, flags), pptRecord(ptCString, 2, false, wide("Confidential"))),
		pptRecord(ptSlideList, 0, true, pptRecord(ptSlideAtom, 0, false, atom)))
	slide := pptRecord(ptSlide, 0, true, pptRecord(ptBytes, 0, false, []byte("The slide")))
	embedded := pptRecord(ptObject, 1, false, append([]byte{0, 0, 0, 0}, object...))
	at := []int{0, len(document), len(document) + len(slide)}
	stream := bytes.Join([][]byte{document, slide, embedded}, nil)
	dir := make([]byte, 4+4*len(at))
	put32(dir, 0, len(at)<<20|1)
	for i, o := range at {
		put32(dir, 4+4*i, o)
	}
	persistAt := len(stream)
	stream = append(stream, pptRecord(ptPersist, 0, false, dir)...)
	edit := make([]byte, 28)
	put32(edit, 12, persistAt)
	put32(edit, 16, 1)
	editAt := len(stream)
	stream = append(stream, pptRecord(ptUserEdit, 0, false, edit)...)
	user := make([]byte, 20)
	put32(user, 16, editAt)
	return map[string][]byte{"PowerPoint Document": stream, "Current User": user}
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func TestPresentation(t *testing.T) {
	inner := compound(wordFile(wordPara{text: "embedded"}))
	f := openCompound(t, presentation(deflated(inner)))
	slides, err := PowerPoint(f)
	if err != nil || len(slides) != 1 || slides[0] != "The slide\n\nConfidential" {
		t.Errorf("%q %v", slides, err)
	}
	packed := deflated(inner)
	for name, b := range map[string][]byte{"whole": packed, "with a wrong checksum": append(packed[:len(packed)-1:len(packed)-1], packed[len(packed)-1]+1)} {
		if o := Objects(openCompound(t, presentation(b))); len(o) != 1 || !bytes.Equal(o[0].Data, inner) {
			t.Errorf("%s: %d objects", name, len(o))
		}
	}
}

func TestPackedObjectsAreBounded(t *testing.T) {
	f := openCompound(t, presentation(deflated(make([]byte, 4<<20))))
	*f.left = 1 << 20
	if o := Objects(f); len(o) != 0 {
		t.Errorf("%d objects", len(o))
	}
}
