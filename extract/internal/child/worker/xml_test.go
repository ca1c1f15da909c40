package worker

import (
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// The declaration may name what only old programs know, or be wrong.
func TestEncodingsOfXML(t *testing.T) {
	const words = "Совет решил починить мост весной, расходы составят сорок тысяч"
	for label, in := range map[string]string{
		"MacCyrillic": mustEncode(t, charmap.MacintoshCyrillic, words), "IBM855": mustEncode(t, charmap.CodePage855, words),
		"windows-1251": mustEncode(t, charmap.Windows1251, words), "iso-8859-1": words, "utf-8": words,
	} {
		if got := xmlText([]byte(`<?xml version="1.0" encoding="` + label + `"?><a><b>` + in + `</b></a>`)); got != words {
			t.Errorf("%s: %q", label, got)
		}
	}
}

func mustEncode(t *testing.T, e *charmap.Charmap, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBrokenXMLIsReadToItsEnd(t *testing.T) {
	if got := xmlText([]byte(`<a><b>one</b><c =>two</c></a>`)); got != "onetwo" {
		t.Errorf("%q", got)
	}
}
