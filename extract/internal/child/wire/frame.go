// Package wire is the framed protocol between the agent and its extraction children.
//
// A frame is 'A' 'D' type 0, the header's length, the body's length (both big-endian uint32), a
// JSON header and a body of UTF-8 text. The parent treats everything a child sends as hostile:
// sizes are checked before memory is taken, and whatever does not parse ends the child.
package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Version of the protocol. Parent and child are the same binary; the check guards a binary
// replaced under a running agent.
const Version = 5

// Type of a frame.
type Type byte

const (
	THello  Type = 'H' // child → parent, first
	TOpen   Type = 'O' // parent → child
	TOpened Type = 'I' // child → parent
	TPage   Type = 'P' // parent → child
	TSlow   Type = 'S' // child → parent, before the answer to page: recognition begins
	TText   Type = 'T' // child → parent
	TFail   Type = 'F' // child → parent: the answer to open or page
	TLook   Type = 'L' // parent → child: a picture of a page
	TLooked Type = 'G' // child → parent: the answer to look
	TClose  Type = 'C' // parent → child: forget the open file
	TClosed Type = 'Z' // child → parent
	TProbe  Type = 'B' // parent → child: try to break out of the sandbox
	TProbed Type = 'R' // child → parent
)

const (
	maxHeader = 256 << 10
	maxBody   = 64 << 20
	prefix    = 12
)

var (
	errMagic = errors.New("not a frame")
	ErrType  = errors.New("unknown frame type")
	errSize  = errors.New("frame over its limit")
)

// Frame is one message.
type Frame struct {
	Type   Type
	Header []byte
	Body   []byte
}

// Decode parses the header into v; unknown fields are an error.
func (f Frame) Decode(v any) error {
	d := json.NewDecoder(bytes.NewReader(f.Header))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("decode %q frame: %w", string(f.Type), err)
	}
	return nil
}

func known(t Type) bool {
	switch t {
	case THello, TOpen, TOpened, TPage, TSlow, TText, TFail, TLook, TLooked, TClose, TClosed, TProbe, TProbed:
		return true
	}
	return false
}

// Write sends one frame.
func Write(w io.Writer, t Type, header any, body []byte) error {
	h, err := json.Marshal(header)
	if err != nil {
		return fmt.Errorf("encode %q frame: %w", string(t), err)
	}
	if len(h) > maxHeader || len(body) > maxBody {
		return fmt.Errorf("send %q frame: %w", string(t), errSize)
	}
	buf := make([]byte, prefix, prefix+len(h)+len(body))
	buf[0], buf[1], buf[2] = 'A', 'D', byte(t)
	binary.BigEndian.PutUint32(buf[4:], uint32(len(h)))
	binary.BigEndian.PutUint32(buf[8:], uint32(len(body)))
	buf = append(append(buf, h...), body...)
	if _, err := w.Write(buf); err != nil {
		return fmt.Errorf("send %q frame: %w", string(t), err)
	}
	return nil
}

// Read receives one frame whose body is at most maxBody bytes. io.EOF means the peer ended cleanly.
func Read(r io.Reader, maxBody int) (Frame, error) {
	var p [prefix]byte
	if _, err := io.ReadFull(r, p[:]); err != nil {
		return Frame{}, err
	}
	if p[0] != 'A' || p[1] != 'D' || p[3] != 0 {
		return Frame{}, errMagic
	}
	f := Frame{Type: Type(p[2])}
	if !known(f.Type) {
		return Frame{}, ErrType
	}
	h, b := binary.BigEndian.Uint32(p[4:]), binary.BigEndian.Uint32(p[8:])
	if h > maxHeader || uint64(b) > uint64(min(maxBody, maxBody)) {
		return Frame{}, errSize
	}
	var err error
	if f.Header, err = readN(r, int(h)); err != nil {
		return Frame{}, err
	}
	f.Body, err = readN(r, int(b))
	return f, err
}

// readN grows with what arrives, so a lying length costs nothing.
func readN(r io.Reader, n int) ([]byte, error) {
	if n == 0 {
		return nil, nil
	}
	var buf bytes.Buffer
	buf.Grow(min(n, 64<<10))
	got, err := io.CopyN(&buf, r, int64(n))
	if errors.Is(err, io.EOF) && got < int64(n) {
		err = io.ErrUnexpectedEOF
	}
	return buf.Bytes(), err
}
