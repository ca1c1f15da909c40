package ocr

import (
	"slices"
	"unicode"
)

// scripts whose letters no Latin model reads, with their name in byScript.
var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"Han", unicode.Han}, {"Japanese", unicode.Hiragana}, {"Japanese", unicode.Katakana}, {"Hangul", unicode.Hangul}, {"Cyrillic", unicode.Cyrillic}, {"Greek", unicode.Greek},
	{"Arabic", unicode.Arabic}, {"Hebrew", unicode.Hebrew}, {"Devanagari", unicode.Devanagari}, {"Thai", unicode.Thai}, {"Bengali", unicode.Bengali}, {"Tamil", unicode.Tamil},
	{"Telugu", unicode.Telugu}, {"Georgian", unicode.Georgian}, {"Armenian", unicode.Armenian}, {"Khmer", unicode.Khmer},
}

// Reads says whether an installed model fits the script in which most of the text is written. A
// page whose text layer shows a script that no model knows gains nothing from recognition.
func (r *Reader) Reads(text string) bool {
	n, latin := map[string]int{}, 0
	for _, c := range text {
		switch {
		case c < 0x250 && unicode.IsLetter(c):
			latin++
		case unicode.IsLetter(c):
			for _, s := range scripts {
				if unicode.Is(s.table, c) {
					n[s.name]++
					break
				}
			}
		}
	}
	name, most := "", latin
	for k, v := range n {
		if v > most || v == most && name != "" && k < name {
			name, most = k, v
		}
	}
	if name == "" {
		return true
	}
	return slices.ContainsFunc(byScript[name], func(l string) bool { return slices.Contains(r.Installed, l) })
}
