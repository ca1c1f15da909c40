package ole

import "testing"

func FuzzFile(f *testing.F) {
	head := make([]byte, 1536)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	head[30], head[32] = 9, 6
	f.Add(head)
	f.Fuzz(func(t *testing.T, in []byte) {
		o, err := Open(in, 1<<20)
		if err != nil {
			return
		}
		_, _ = Word(o)
		_, _ = Excel(o)
		_, _ = PowerPoint(o)
		ReadMessage(o)
	})
}

func FuzzBiff(f *testing.F) {
	f.Add([]byte("\x09\x08\x10\x00\x00\x06\x05\x00\xbb\x0d\xcc\x07\x00\x00\x00\x00\x06\x00\x00\x00\xfc\x00\x0c\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00a"))
	f.Fuzz(func(t *testing.T, in []byte) { _, _ = Biff(in) })
}

func FuzzWordText(f *testing.F) {
	f.Add("a\x13b\x14c\x15\x07\x07\r")
	f.Fuzz(func(t *testing.T, in string) { WordText(in) })
}

func TestWordText(t *testing.T) {
	for in, want := range map[string]string{
		"a\rb": "a\n\nb",
		"see \x13 HYPERLINK \"u\" \x14the page\x15 now": "see the page now",
		"\x13 PAGE \x15x":                  "x",
		"c1\x07c2\x07\x07d1\x07d2\x07\x07": "c1\tc2\nd1\td2",
		"non\x1ebreaking\x1f hyphen":       "non-breaking hyphen",
	} {
		if got := WordText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
