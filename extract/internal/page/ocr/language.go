package ocr

import (
	"slices"
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// toTesseract names tesseract's model where it differs from ISO 639-3.
var toTesseract = map[string]string{"cmn": "chi_sim", "pes": "fas", "arb": "ara", "nob": "nor", "nno": "nor", "srp": "srp", "zlm": "msa", "ekk": "est", "lvs": "lav", "azj": "aze", "uzn": "uzb", "ydd": "yid", "ory": "ori"}

// byScript names models worth trying for a script the started language cannot read.
var byScript = map[string][]string{
	"Cyrillic": {"rus", "ukr", "bul", "srp", "bel", "mkd"}, "Han": {"chi_sim", "chi_tra", "jpn"}, "HanS": {"chi_sim"}, "HanT": {"chi_tra"},
	"Japanese": {"jpn"}, "Hiragana": {"jpn"}, "Katakana": {"jpn"}, "Hangul": {"kor"}, "Korean": {"kor"}, "Arabic": {"ara", "fas", "urd"}, "Hebrew": {"heb", "yid"},
	"Greek": {"ell"}, "Devanagari": {"hin", "mar", "nep", "san"}, "Thai": {"tha"}, "Bengali": {"ben", "asm"}, "Tamil": {"tam"}, "Telugu": {"tel"},
	"Kannada": {"kan"}, "Malayalam": {"mal"}, "Gujarati": {"guj"}, "Gurmukhi": {"pan"}, "Armenian": {"hye"}, "Georgian": {"kat"}, "Ethiopic": {"amh", "tir"},
	"Khmer": {"khm"}, "Lao": {"lao"}, "Myanmar": {"mya"}, "Sinhala": {"sin"}, "Tibetan": {"bod"}, "Fraktur": {"frk", "deu_latf", "deu"},
}

// betterModel names the installed model for the language of a reading, "" when nothing speaks against
// the one used; missing is the model that would fit and is not installed.
func (r *Reader) betterModel(a attempt, script string) (want, missing string) {
	if models := byScript[script]; len(models) > 0 && a.conf < usable && !slices.Contains(models, a.langs) {
		if m := r.model(script); m != "" {
			return m, ""
		}
		return "", models[0]
	}
	code := languageOf(a)
	switch {
	case code == "":
		return "", ""
	case slices.Contains(r.Installed, code):
		return code, ""
	case a.conf < usable || a.weight < sureLetters:
		return "", "" // noise resembles some language too
	}
	return "", code
}

// model is the installed one worth trying first for a script, "" when there is none.
func (r *Reader) model(script string) string {
	for _, l := range byScript[script] {
		if slices.Contains(r.Installed, l) {
			return l
		}
	}
	return ""
}

// dense says that the signs of a language need about twice the height of a Latin x to be told apart.
func dense(langs string) bool {
	for _, l := range strings.Split(langs, "+") {
		switch l[:min(3, len(l))] {
		case "chi", "jpn", "kor":
			return true
		}
	}
	return false
}

// sureLetters is how much must be read before a language that is not installed is named.
const sureLetters = 300

// languageOf is tesseract's code of the language of what was read with some confidence, "" when it
// cannot be told.
func languageOf(a attempt) string {
	var b strings.Builder
	for _, w := range a.words {
		if w.Conf > 0.4 {
			b.WriteString(w.Text)
			b.WriteByte(' ')
		}
	}
	text := b.String()
	if letters(text) < 80 {
		return ""
	}
	info := whatlanggo.Detect(text)
	if !info.IsReliable() {
		return ""
	}
	code := info.Lang.Iso6393()
	if t, ok := toTesseract[code]; ok {
		code = t
	}
	return code
}

func isWordRune(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }
