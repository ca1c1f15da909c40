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

// scriptOf names the script in which most letters of a text are written, "" for a text without letters.
func scriptOf(text string) string {
	n := map[string]int{}
	for _, c := range text {
		switch {
		case !unicode.IsLetter(c):
		case unicode.Is(unicode.Latin, c):
			n["Latin"]++
		default:
			for _, s := range scripts {
				if unicode.Is(s.table, c) {
					n[s.name]++
					break
				}
			}
		}
	}
	name := ""
	for k, v := range n {
		if m := n[name]; v > m || v == m && (name == "" || k == "Latin" || name != "Latin" && k < name) {
			name = k
		}
	}
	return name
}

// Reads says whether an installed model fits the script in which most of the text is written. A
// page whose text layer shows a script that no model knows gains nothing from recognition.
func (r *Reader) Reads(text string) bool {
	models, known := byScript[scriptOf(text)]
	return !known || slices.ContainsFunc(models, func(l string) bool { return slices.Contains(r.Installed, l) })
}
