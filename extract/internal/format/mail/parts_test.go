package mail

import (
	"bytes"
	"io"
	"mime/multipart"
	"strings"
	"testing"
	"testing/iotest"
)

// The parts of a body are what the common reader gives, and lie in the body itself: no copy is made of them.
func TestPartsAreNotCopied(t *testing.T) {
	for name, body := range map[string]string{
		"plain":     "before\n--b\nA: 1\n\nfirst\npart\n--b\n\nsecond\n--b--\nafter",
		"dos":       "--b\r\nA: 1\r\nB: 2\r\n\r\nfirst\r\n\r\n--b\r\n\r\n\r\n--b\r\nC: x\r\n\r\nlast\r\n--b--\r\n",
		"long":      "--b\r\n\r\n" + strings.Repeat("a line of it\r\n", 20_000) + "\r\n--b\r\nX: y\r\n\r\nend\r\n--b--",
		"cut off":   "--b\nA: 1\n\nfirst\n--b\nA: 2\n\nno end of it",
		"said once": "--b in a text\n--b\n\n--bo\n--b\n--b--\n",
	} {
		again, plain := multipart.NewReader(strings.NewReader(body), "b"), multipart.NewReader(strings.NewReader(body), "b")
		for at := 0; ; {
			q, err := plain.NextRawPart()
			if err != nil {
				break
			}
			p, err := again.NextRawPart()
			if err != nil {
				t.Fatalf("%s: a part is missing: %v", name, err)
			}
			want, werr := io.ReadAll(q)
			at = afterHeader([]byte(body), at, "b")
			got, err := sameBytes(p, []byte(body)[at:])
			at += len(got)
			if !bytes.Equal(got, want) || (err == nil) != (werr == nil) {
				t.Errorf("%s: %q (%v), want %q (%v)", name, got, err, want, werr)
			}
		}
	}
	in := []byte("some bytes of a body")
	if got, _ := sameBytes(iotest.OneByteReader(bytes.NewReader(in[:10])), in); &got[0] != &in[0] {
		t.Error("what is there already was copied")
	}
	if got, _ := sameBytes(strings.NewReader("some bytes that are not"), in); string(got) != "some bytes that are not" {
		t.Errorf("%q", got)
	}
}
