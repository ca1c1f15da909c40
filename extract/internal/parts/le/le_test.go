package le

import "testing"

func TestNumbersBehindTheEndAreZero(t *testing.T) {
	b := []byte{1, 2, 3, 4, 5, 6, 0xf8, 0x3f}
	for _, o := range []int{-1, 7, 9, 1 << 40} {
		if U16(b, o) != 0 || U32(b, o) != 0 || Float64(b, o) != 0 {
			t.Errorf("at %d: %d %d %v", o, U16(b, o), U32(b, o), Float64(b, o))
		}
	}
	if U16(b, 1) != 0x302 || U32(b, 1) != 0x5040302 || U16(b, 6) != 0x3ff8 {
		t.Errorf("%x %x %x", U16(b, 1), U32(b, 1), U16(b, 6))
	}
	if got := Float64([]byte{0, 0, 0, 0, 0, 0, 0xf8, 0x3f}, 0); got != 1.5 {
		t.Errorf("got %v", got)
	}
}

func TestBytesEndWithTheData(t *testing.T) {
	b := []byte("abcd")
	for _, c := range []struct {
		o, n int
		want string
	}{{0, 2, "ab"}, {2, 9, "cd"}, {4, 1, ""}, {5, 1, ""}, {-1, 3, ""}, {1, -1, ""}, {1, 1 << 62, "bcd"}} {
		if got := string(Bytes(b, c.o, c.n)); got != c.want {
			t.Errorf("%d bytes at %d: %q, want %q", c.n, c.o, got, c.want)
		}
	}
}

func TestStrings(t *testing.T) {
	if got := UTF16([]byte("a\x00\x3d\xd8\x00\xde!")); got != "a😀" {
		t.Errorf("UTF-16: %q", got)
	}
	if got := Latin1([]byte("caf\xe9")); got != "café" {
		t.Errorf("Latin-1: %q", got)
	}
}
