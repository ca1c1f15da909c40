package zipx

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// MaxDepth bounds the nesting of elements; encoding/xml keeps a stack entry for each.
const MaxDepth = 256

// XML reads a part token by token into handler until the end or an error.
func (f *File) XML(name string, handle func(xml.Token) error) error {
	r, err := f.Reader(name)
	if err != nil {
		return err
	}
	defer r.Close()
	return Tokens(r, handle)
}

// Tokens walks XML leniently: unknown entities and unclosed elements do not stop it.
func Tokens(r io.Reader, handle func(xml.Token) error) error {
	r, wide := fromUTF16(r)
	d := xml.NewDecoder(r)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	if wide {
		d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	}
	depth := 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		switch t.(type) {
		case xml.StartElement:
			if depth++; depth > MaxDepth {
				return ErrDepth
			}
		case xml.EndElement:
			depth--
		}
		if err := handle(t); err != nil {
			return err
		}
	}
}

// fromUTF16 turns UTF-16, which its byte order mark tells, into UTF-8: the XML decoder cannot read the
// declaration that would name it.
func fromUTF16(r io.Reader) (io.Reader, bool) {
	b := bufio.NewReader(r)
	switch mark, _ := b.Peek(2); string(mark) {
	case "\xff\xfe", "\xfe\xff":
		return transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()), true
	}
	return b, false
}

// Attr returns the value of the attribute with this local name.
func Attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
