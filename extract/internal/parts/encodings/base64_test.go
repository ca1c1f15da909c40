package encodings

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"testing"
)

func TestBase64WithOtherBytesBetween(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		want := make([]byte, n)
		for i := range want {
			want[i] = byte(r.Uint32())
		}
		var in []byte
		for _, c := range []byte(base64.StdEncoding.EncodeToString(want)) {
			in = append(in, c)
			if r.IntN(3) == 0 {
				in = append(in, "\r\n =-\xff"[r.IntN(6)])
			}
		}
		if got := Base64(in); !bytes.Equal(got, want) {
			t.Fatalf("%q gives %x, want %x", in, got, want)
		}
	}
	if got := Base64([]byte("QUJDR")); string(got) != "ABC" {
		t.Errorf("a letter too many: %q", got)
	}
}
