package extractive

import "testing"

func TestWhatLooksLikeAWord(t *testing.T) {
	for w, want := range map[string]bool{
		"water": true, "Water": true, "NASA": true, "e.g": true, "10mg": true, "McDonald": true, "I": true, "a": true, "Straße": true, "Dr.": true,
		"well-known": true, "iPhone": true, "GmbH": true, "подпись": true, "水": true, "X-ray": true, "CT-scan": true,
		"xj": false, "brqd": false, "I-XIl": false, "q": false, "wtr": false, "evryt": true, "§%": false,
	} {
		if got := looksLikeWord(w); got != want {
			t.Errorf("%q: got %v", w, got)
		}
	}
}
