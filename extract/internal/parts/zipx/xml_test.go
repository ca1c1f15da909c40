package zipx

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"
)

// A megabyte that unpacks to one text or one attribute of hundreds is refused before it is in memory.
func TestOneTokenIsBounded(t *testing.T) {
	long := strings.Repeat("a ", maxToken/2+4096)
	for name, in := range map[string]string{
		"text": "<a>" + long + "</a>", "attribute": `<a x="` + long + `"/>`, "in another encoding": `<?xml version="1.0" encoding="ISO-8859-2"?><a>` + long + "</a>",
	} {
		if err := Tokens(strings.NewReader(in), func(xml.Token) error { return nil }); !errors.Is(err, ErrBudget) {
			t.Errorf("%s: %v", name, err)
		}
	}
	n := 0
	many := strings.Repeat("<a>"+strings.Repeat("x", 1<<20)+"</a>", 18)
	if err := Tokens(strings.NewReader(many), func(xml.Token) error { n++; return nil }); err != nil || n != 54 {
		t.Errorf("eighteen texts of a megabyte: %d %v", n, err)
	}
}
