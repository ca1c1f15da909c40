package encodings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plausible scores a decoding by its characters outside ASCII: letters that stand among letters of
// their own script are good; symbols inside words, controls and mixed scripts are bad.
func plausible(s string) float64 {
	score, n := 0.0, 0
	prev := rune(' ')
	hungarian, acute, foreign := 0, false, false
	thai, vowels := 0, 0
	cedillas, turkish := 0, false
	cyrillic, greek, sounded := 0, 0, 0
	for i, r := range s {
		if r < 0x80 {
			if r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
				score--
				n++
			}
			prev = r
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		n++
		if unicode.Is(unicode.Latin, r) && !strings.ContainsRune("áéíóöőúüűÁÉÍÓÖŐÚÜŰ", r) {
			foreign = true
		}
		score += runeScore(prev, r, next)
		switch {
		case strings.ContainsRune("őűŐŰ", r):
			hungarian++
		case strings.ContainsRune("áíóúÁÍÓÚ", r):
			acute = true
		case r == 'ç' && strings.ContainsRune("bcdfghjklmnpqrstvwxz", next):
			cedillas++
		case strings.ContainsRune("ğışĞİŞ", r):
			turkish = true
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
			if strings.ContainsRune(cyrillicVowels, r) {
				sounded++
			}
		case unicode.Is(unicode.Greek, r):
			greek++
			if strings.ContainsRune(greekVowels, r) {
				sounded++
			}
		case unicode.Is(unicode.Thai, r):
			thai++
			if unicode.Is(unicode.Mn, r) || strings.ContainsRune(thaiVowels, r) {
				vowels++
			}
		}
		prev = r
	}
	if n == 0 {
		return 0
	}
	if acute && !foreign { // ő and ű come with these; õ and û, which have the same codes, mostly do not
		score += 0.3 * float64(hungarian)
	}
	if !turkish { // elsewhere a ç stands before a vowel
		score -= 2 * float64(cedillas)
	}
	if vowels*7 < thai { // nearly every byte is a Thai letter, but no language has consonants alone
		score -= float64(thai)
	}
	if m := cyrillic + greek; sounded*10 < m*3 { // two letters of five are vowels in every language; Hebrew, which has none, has the same codes
		score -= 0.5 * float64(m)
	}
	return score / float64(n)
}

const cyrillicVowels = "аеёиоуыэюяіїєѣъАЕЁИОУЫЭЮЯІЇЄЪ"

const greekVowels = "αεηιουωάέήίόύώϊϋΑΕΗΙΟΥΩΆΈΉΊΌΎΏ"

const thaiVowels = "เแโใไะาๅ"

func runeScore(prev, r, next rune) float64 {
	switch {
	case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Co, r):
		return -6
	case !unicode.IsLetter(r) && !unicode.IsMark(r) && inWord(prev, r, next):
		return -1.5 // what stands inside a word is a letter of another encoding
	case unicode.Is(unicode.Mn, r) && latin(prev):
		return -1.5 // a mark of another script
	case strings.ContainsRune("„‚", r) && unicode.IsLetter(prev), strings.ContainsRune("„‚", r) && prev == r:
		return -1.5 // begins no word
	case strings.ContainsRune("‘“”’", r) && unicode.Is(unicode.Cyrillic, next):
		return 0.6 // on the Macintosh, a capital letter
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		if r >= 0xff61 && r <= 0xff9f {
			return -0.6
		}
		return 1.5
	case unicode.Is(unicode.Han, r):
		return hanScore(prev, r)
	case unicode.Is(unicode.Hangul, r):
		if latin(prev) {
			return -0.6
		}
		if frequent[r] {
			return 1.5
		}
		return 0.1
	case unicode.Is(unicode.Latin, r):
		return latinScore(prev, r, next)
	case r == 'ς' && unicode.IsLetter(next):
		return -1 // ends a word
	case unicode.In(r, unicode.Cyrillic, unicode.Greek):
		return cyrillicScore(prev, r)
	case unicode.Is(unicode.Thai, r):
		return thaiScore(prev, r)
	case unicode.In(r, unicode.Arabic, unicode.Hebrew):
		return semiticScore(prev, r, next)
	case strings.ContainsRune(signs, r):
		return 1.1
	case unicode.IsPunct(r):
		return 0.4
	case unicode.IsLetter(r):
		return 0
	}
	return -0.3
}

// signs stand in texts of every kind.
const signs = "’“”‘„–—…•№«»¿¡§€°。、，：；？！「」（）・"

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// inWord says that a sign stands where only letters do: between two letters of an alphabet, or after
// one where it makes no sense. Apostrophes and dashes between letters are usual.
func inWord(prev, r, next rune) bool {
	if r == '·' && (prev == 'l' || prev == 'L') {
		return false // Catalan
	}
	if strings.ContainsRune("’—\u00a0\u00ad\u200c\u200d", r) {
		return false
	}
	alphabet := func(r rune) bool {
		return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew)
	}
	if alphabet(prev) && alphabet(next) {
		return true
	}
	return unicode.IsLetter(prev) && strings.ContainsRune("¿¡¹³¯£¥¶ª¼½¾¬¦¨", r) || strings.ContainsRune("†‡ˆ‰¦¬¨¹³¶®£¥ª¯", r) && unicode.IsLetter(next)
}

func hanScore(prev, r rune) float64 {
	switch {
	case latin(prev):
		return -0.6 // two accented bytes inside a Latin word
	case frequent[r]:
		return 1.5
	case r >= 0x4e00 && r <= 0x9fff:
		return 0.5
	}
	return -1
}

// accented are the letters outside ASCII of the widespread languages in Latin script.
const accented = "äöüßÄÖÜéèêëàâçîïôûùœÉÈÀÂÇÊÔŒñáíóúÑÁÍÓÚãõåæøÅÆØýÝìòÌÒ" +
	"ąćęłńśźżčěřšžýůőűţşăĄĆĘŁŃŚŹŻČĚŘŠŽŮğıİŞĞďťňĎŤŇľĺŕāēģīķļņūėįųđĉĝĥĵŝŭċġħŵŷĐĀĒĢĪĶĻŅŪĖĮŲșțȘȚŐŰĂŢĽ"

// doubled are letters that stand twice in Finnish, Estonian and Dutch.
const doubled = "äöõüéó"

func latinScore(prev, r, next rune) float64 {
	if unicode.IsUpper(r) && unicode.IsLower(prev) || prev >= 0x80 && !(prev == r && strings.ContainsRune(doubled, r)) && unicode.Is(unicode.Latin, prev) {
		return -0.5
	}
	if unicode.IsLetter(prev) && !unicode.Is(unicode.Latin, prev) {
		return -1.2 // a single letter among those of another script
	}
	switch {
	case strings.ContainsRune("õÕ", r) && !unicode.IsLetter(next):
		return -1 // ends no word
	case r == 'œ' && next != 'u' && next != 'i':
		return 0.2
	case (r == 'ğ' || r == 'Ğ') && !unicode.IsLetter(prev):
		return -1 // begins no word
	case strings.ContainsRune("ýÝ", r) && vowel(prev) && vowel(next):
		return 0.2 // is one itself
	case strings.ContainsRune(accented, r):
		return 1.1
	case strings.ContainsRune("ðþÐÞ", r):
		return 0.9
	}
	return 0.2
}

func vowel(r rune) bool { return strings.ContainsRune("aeiouyAEIOUY", r) }

// rareCyrillic are letters of the smaller Cyrillic alphabets, and what a wrong code page makes of the others.
const rareCyrillic = "ђѓѕјљњћќџґЂЃЅЈЉЊЋЌЏҐѐѝЀЍ"

func cyrillicScore(prev, r rune) float64 {
	switch {
	case unicode.IsUpper(r) && unicode.IsLower(prev):
		return -0.8
	case latin(prev):
		return -0.5
	case strings.ContainsRune(rareCyrillic, r):
		return 0.3
	case unicode.IsUpper(r) && unicode.IsUpper(prev):
		return 0.8 // a text in capitals is rare
	}
	return 1
}

// thaiScore wants marks above and below on a consonant.
func thaiScore(prev, r rune) float64 {
	switch {
	case latin(prev):
		return -0.8
	case unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Thai, prev), r >= '๐' && r <= '๛':
		return -1
	case unicode.Is(unicode.Mn, r) && strings.ContainsRune(thaiVowels+"ฯๆ", prev):
		return -2
	}
	return 0.95
}

// semiticScore knows that the final forms of Hebrew letters end a word.
func semiticScore(prev, r, next rune) float64 {
	switch {
	case latin(prev):
		return -0.8
	case strings.ContainsRune("ךםןףץ", r):
		if unicode.IsLetter(next) {
			return -1
		}
		return 1.6
	}
	return 0.95
}
