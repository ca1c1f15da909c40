package printable

import (
	"bytes"
	"strings"
	"testing"
)

const hostileText = "a\x1b]0;owned\x07b\x1b[2Jc\rd\u202egnp.exe\u009b31me\u2066f\u200fg\u0085h\x7fi\u2028j"

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"Bücher & Straßen — 你好": "Bücher & Straßen — 你好",
		"two\nlines\tand\rmore": "two lines and more",
		"می\u200cخواهم":         "می\u200cخواهم",
		"\x1b[2J":               "\ufffd[2J",
		"\u009b2J":              "\ufffd2J",
		"\x9b2J":                "\ufffd2J", // the control in its one-byte form is no UTF-8
		"\u202egnp.exe":         "\ufffdgnp.exe",
		"a\ufeffb\u2028c\x00d":  "a\ufffdb\ufffdc\ufffdd",
	} {
		if got := Line(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
	if got := Line(hostileText); strings.ContainsFunc(got, hostile) {
		t.Errorf("%q", got)
	}
}

// TestWriter feeds every split of the bytes, so that no character is torn and none slips through in halves.
func TestWriter(t *testing.T) {
	const in = "é\tx\n\f" + hostileText + "€"
	var whole bytes.Buffer
	(&Writer{W: &whole}).Write([]byte(in))
	if got := whole.String(); strings.ContainsFunc(got, func(r rune) bool { return r != '\n' && r != '\t' && r != '\f' && hostile(r) }) ||
		!strings.HasPrefix(got, "é\tx\n\fa") || !strings.HasSuffix(got, "j€") {
		t.Fatalf("%q", got)
	}
	for cut := range len(in) {
		var b bytes.Buffer
		w := &Writer{W: &b}
		for _, part := range []string{in[:cut], in[cut:]} {
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if b.String() != whole.String() {
			t.Fatalf("cut at %d: %q", cut, b.String())
		}
	}
}
