package encodings

import "testing"

func TestBase64(t *testing.T) {
	for in, want := range map[string]string{"aGVs\r\n bG8=": "hello", "aGVsbG8": "hello", "!": "", "aGVsbG8h====": "hello!"} {
		if got := string(Base64([]byte(in))); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
