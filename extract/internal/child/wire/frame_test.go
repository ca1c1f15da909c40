package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"testing"
)

func TestFrameRoundTrip(t *testing.T) {
	var buf bytes.Buffer
	want := Text{Seq: 7, Index: 3, Method: "ocr", Language: "eng", Confidence: 0.5}
	if err := Write(&buf, TText, want, []byte("größer")); err != nil {
		t.Fatal(err)
	}
	f, err := Read(&buf, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got Text
	if err := f.Decode(&got); err != nil || !reflect.DeepEqual(got, want) || string(f.Body) != "größer" || f.Type != TText {
		t.Fatalf("got %+v %q %v", got, f.Body, err)
	}
	if _, err := Read(&buf, 100); !errors.Is(err, io.EOF) {
		t.Fatalf("end: %v, want EOF", err)
	}
}

func TestReadRefuses(t *testing.T) {
	head := func(typ byte, h, b uint32) []byte {
		p := []byte{'A', 'D', typ, 0, 0, 0, 0, 0, 0, 0, 0, 0}
		binary.BigEndian.PutUint32(p[4:], h)
		binary.BigEndian.PutUint32(p[8:], b)
		return p
	}
	for name, c := range map[string]struct {
		in   []byte
		want error
	}{
		"other magic":    {[]byte("HTTP/1.1 200"), errMagic},
		"unknown type":   {head('x', 0, 0), ErrType},
		"huge header":    {head('T', 1<<31, 0), errSize},
		"huge body":      {head('T', 2, 1<<31), errSize},
		"body over want": {head('T', 2, 101), errSize},
		"cut in prefix":  {[]byte("AD"), io.ErrUnexpectedEOF},
		"cut in header":  {append(head('T', 10, 0), "{}"...), io.ErrUnexpectedEOF},
		"cut in body":    {append(head('T', 2, 5), "{}ab"...), io.ErrUnexpectedEOF},
	} {
		if _, err := Read(bytes.NewReader(c.in), 100); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestDecodeRefusesUnknownFields(t *testing.T) {
	f := Frame{Type: TText, Header: []byte(`{"seq":1,"surprise":2}`)}
	if err := f.Decode(&Text{}); err == nil {
		t.Fatal("an unknown field was accepted")
	}
}

func FuzzRead(f *testing.F) {
	var buf bytes.Buffer
	_ = Write(&buf, THello, Hello{Version: 1}, nil)
	f.Add(buf.Bytes())
	f.Add([]byte("ADT\x00\x00\x00\x00\x02\x00\x00\x00\x01{}x"))
	f.Fuzz(func(t *testing.T, in []byte) {
		fr, err := Read(bytes.NewReader(in), 1000)
		if err != nil {
			return
		}
		if len(fr.Body) > 1000 || len(fr.Header) > maxHeader || !known(fr.Type) {
			t.Fatalf("accepted %q with %d+%d bytes", fr.Type, len(fr.Header), len(fr.Body))
		}
		var h Hello
		_ = fr.Decode(&h)
	})
}
