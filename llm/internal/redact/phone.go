package redact

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/numbering"
)

// phone is a run of digits as telephone numbers are written; the rules of the countries' numbering plans decide (numbering).
var phone = pattern.Lazily(`(?:\+|\(\+?)?\d[\d \x{00A0}()/.–-]{5,24}\d`)

// international is the start of a number with its country code, which begins with none but 1 to 9.
var international = pattern.Lazily(`^\(?(?:\+|00)\(?[1-9]`)

const separators = " -/().–\u00A0"

// announced is what stands before a number that is one by what the text says, whatever its form.
var announced = pattern.Lazily(`(?i)(?:tel|telefon|téléphone|teléfono|telefono|telefoon|phone|mobile|mobil|handy|cell|fax|call|rufnummer|tfno|whatsapp)[\p{L}]*[.:]?\s*(?:no\.?|number|nr\.?|is)?[.:]?\s*$`)

// regionsByLanguage are the countries whose forms without a country code are looked for, the larger first.
var regionsByLanguage = map[string][]string{
	"en": {"US", "GB"}, "de": {"DE", "AT", "CH"}, "fr": {"FR", "BE", "CH"}, "es": {"ES", "MX", "AR"}, "it": {"IT", "CH"},
	"nl": {"NL", "BE"}, "pt": {"BR", "PT"}, "pl": {"PL"}, "sv": {"SE"}, "da": {"DK"}, "nb": {"NO"}, "no": {"NO"}, "fi": {"FI"},
	"cs": {"CZ"}, "hu": {"HU"}, "ro": {"RO"}, "tr": {"TR"}, "el": {"GR"}, "ru": {"RU"}, "uk": {"UA"}, "ja": {"JP"}, "ko": {"KR"}, "zh": {"CN", "TW"},
}

// regionsOf reads "de", "de-AT", "de_AT"; a language that is not known or not told looks for the forms of the largest ones.
func regionsOf(language string) []string {
	base, region, _ := strings.Cut(strings.ReplaceAll(language, "_", "-"), "-")
	var out []string
	if len(region) == 2 {
		out = append(out, strings.ToUpper(region))
	}
	if known, ok := regionsByLanguage[strings.ToLower(base)]; ok {
		return append(out, known...)
	}
	return append(out, "US", "GB", "DE", "FR")
}

func phones(s string, regions []string) [][]int {
	var out [][]int
	for _, m := range phone.FindAllStringIndex(s, -1) {
		if !alone(s, m[0], m[1]) {
			continue
		}
		if s[m[0]] == '(' && !strings.Contains(s[m[0]:m[1]], ")") {
			m[0]++ // it opens a remark, not an area code
		}
		if isPhone(s[m[0]:m[1]], regions, announced.MatchString(s[max(0, m[0]-40):m[0]])) {
			out = append(out, m)
		}
	}
	return out
}

// isPhone: an international form must be valid in its country. A national one must be valid too and be written the way its country
// groups it, unless the text announces it: "2021 2022 2023" and sums of money are digits as well.
func isPhone(s string, regions []string, announced bool) bool {
	digits := digitsOf(s)
	if n := len(digits); n < 7 || n > 17 {
		return false
	}
	if m := international.FindStringIndex(s); m != nil {
		return numbering.International(digitsOf(s[m[1]-1:]))
	}
	if !announced && !strings.ContainsAny(s, separators) {
		return false
	}
	for _, region := range regions {
		form, ok := numbering.National(digits, region, strings.Contains(s, "+"))
		if ok && (announced || grouped(s, form)) {
			return true
		}
	}
	return false
}

// grouped says that s has the separators of national, its country's form, or of the usual other ways to write that form: (030) 1234567, 030/123 45 67.
func grouped(s, national string) bool {
	trunk := strings.HasPrefix(digitsOf(national), "0")
	if trunk != strings.HasPrefix(digitsOf(s), "0") {
		return false
	}
	if trunk { // the 0 before an area code is what figures and years do not have
		return strings.ContainsAny(s, " -/()–\u00A0") || strings.Count(s, ".") >= 3
	}
	return strings.Join(groups(s), "-") == strings.Join(groups(national), "-")
}

func groups(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
