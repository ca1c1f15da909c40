package encodings

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// largeText is from how many bytes on a text is decoded in pieces of pieceBytes: its line ends are mended while it is written, not in one more copy.
const (
	largeText  = 8 << 20
	pieceBytes = 256 << 10
)

// inPieces decodes a text of which Stream gave e: once for how long it becomes, once for good.
func inPieces(b []byte, e encoding.Encoding) (string, error) {
	size := 0
	if err := pieces(b, e, func(s string) { size += len(s) }); err != nil {
		return "", err
	}
	var out strings.Builder
	out.Grow(size)
	err := pieces(b, e, func(s string) { out.WriteString(s) })
	return out.String(), err
}

// pieces decodes a text piece by piece; none ends inside a letter or a line's end.
func pieces(b []byte, e encoding.Encoding, write func(string)) error {
	var in io.Reader = bytes.NewReader(b)
	if e != nil {
		in = e.NewDecoder().Reader(in)
	}
	r := bufio.NewReader(in)
	buf := make([]byte, pieceBytes, pieceBytes+utf8.UTFMax)
	for {
		n, err := io.ReadFull(r, buf[:pieceBytes])
		piece := buf[:n]
		for err == nil {
			var next []byte
			if next, err = r.Peek(1); err != nil || utf8.RuneStart(next[0]) && piece[len(piece)-1] != '\r' {
				break
			}
			piece = append(piece, next[0])
			_, _ = r.Discard(1)
		}
		write(LineEnds(string(piece)))
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
	}
}
