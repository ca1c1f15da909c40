package prose

import "testing"

func TestCountWords(t *testing.T) {
	for s, want := range map[string]int{
		"":                     0,
		" \n\t ":               0,
		"one two, three.":      3,
		"don't stop":           2,
		"3.5 million":          2,
		"— – …":                0,
		"été à Paris":          3,
		"汉字四个":                 4,
		"مرحبا بالعالم":        2,
		"ภาษาไทย":              2,
		"word\u00adbreak e.g.": 2,
	} {
		if got := CountWords(s); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}

func TestTidySpaces(t *testing.T) {
	for text, want := range map[string]string{
		"We met ( again ) , and it rained .": "We met ( again), and it rained.",
		"Packages are .deb files .":          "Packages are .deb files.",
		"It 's fine , is n't it ?":           "It's fine, isn't it?",
	} {
		if got := TidySpaces(text); got != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}
