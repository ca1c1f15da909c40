package mupdf

import "testing"

// Signs of TeX's formulas are known by the names of their glyphs, in each of their sizes; the table is searched as a sorted one.
func TestSymbolsByName(t *testing.T) {
	for name, want := range map[string]rune{
		"Digamma": 'Ϝ', "angbracketleft": '⟨', "mapsto": '↦', "negationslash": '\u0338', "uniontext": '⋃', "uniondisplay": '⋃', "intersectiontext": '⋂',
		"summationdisplay": '∑', "parenleftbig": '(', "parenleftBigg": '(', "bracerightbigg": '}', "radicalBig": '√', "vextendsingle": '|', "wreathproduct": '≀',
		"bracehtipupleft": ' ', "bracelefttp": '⎧', "unionmultidisplay": '⨄',
		"": 0, "a1": 0, "big": 0, "display": 0, "uni": 0, "unionhuge": 0, "parenleftbigbig": 0,
	} {
		if got := symbolOf(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if err := symbolsUnsorted(); err != "" {
		t.Errorf("%q stands where it is not found", err)
	}
}
