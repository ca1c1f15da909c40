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
	in, wide := fromUTF16(r)
	d := xml.NewDecoder(in)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	if wide {
		d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	}
	depth := 0
	for {
		in.left = maxToken
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
func fromUTF16(r io.Reader) (*bounded, bool) {
	b := bufio.NewReader(r)
	switch mark, _ := b.Peek(2); string(mark) {
	case "\xff\xfe", "\xfe\xff":
		return &bounded{Reader: bufio.NewReader(transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()))}, true
	}
	return &bounded{Reader: b}, false
}

// maxToken bounds one run of text and one element with its attributes, which the decoder holds several times over: no page may have more.
const maxToken = 16 << 20

// bounded gives left bytes, then ErrBudget.
type bounded struct {
	*bufio.Reader
	left int
}

func (b *bounded) ReadByte() (byte, error) {
	if b.left--; b.left < 0 {
		return 0, fmt.Errorf("one element or text: %w", ErrBudget)
	}
	return b.Reader.ReadByte()
}

// Read is for a decoder that puts a reader of another encoding in between.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, fmt.Errorf("one element or text: %w", ErrBudget)
	}
	return n, err
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
