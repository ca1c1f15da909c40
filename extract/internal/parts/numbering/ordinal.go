// Package numbering writes numbers the way lists of office programs show them.
package numbering

import (
	"fmt"
	"strconv"
	"strings"
)

// Text writes n in a format named as in Office Open XML (ST_NumberFormat); unknown ones are decimal.
func Text(n int, format string) string {
	switch format {
	case "lowerLetter":
		return letters(n, 'a')
	case "upperLetter":
		return letters(n, 'A')
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperRoman":
		return roman(n)
	case "decimalZero":
		return fmt.Sprintf("%02d", n)
	case "ordinal":
		return strconv.Itoa(n) + suffix(n)
	case "none", "bullet":
		return ""
	case "russianLower":
		return cyclic(n, "абвгдежзиклмнопрстуфхцчшщыэюя")
	case "russianUpper":
		return cyclic(n, "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ")
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		return enclosed(n, '①', 20)
	case "upperLetterEnclosedCircle":
		return enclosed(n, 'Ⓐ', 26)
	case "lowerLetterEnclosedCircle":
		return enclosed(n, 'ⓐ', 26)
	case "ganada":
		return cyclic(n, "가나다라마바사아자차카타파하")
	case "ganadaEnclosedCircle":
		return enclosed(n, '㉮', 14)
	case "chosung":
		return cyclic(n, "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ")
	case "chosungEnclosedCircle":
		return enclosed(n, '㉠', 14)
	case "koreanDigital", "koreanCounting":
		return counting(n, "영일이삼사오육칠팔구", "십")
	case "ideographTraditional":
		return cyclic(n, "甲乙丙丁戊己庚辛壬癸")
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "ideographDigital", "japaneseDigitalTenThousand":
		return counting(n, "零一二三四五六七八九", "十")
	case "decimalFullWidth":
		return strings.Map(func(r rune) rune { return r - '0' + '０' }, strconv.Itoa(max(n, 0)))
	}
	return strconv.Itoa(n)
}

func suffix(n int) string {
	if t := n % 100; t >= 11 && t <= 13 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

func cyclic(n int, letters string) string {
	r := []rune(letters)
	if n < 1 || n > len(r)*50 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(r[(n-1)%len(r)]), (n-1)/len(r)+1)
}

func letters(n int, base rune) string {
	if n < 1 || n > 26*50 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(base+rune((n-1)%26)), (n-1)/26+1)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, p := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= p.v {
			b.WriteString(p.s)
			n -= p.v
		}
	}
	return b.String()
}

// enclosed writes one of the letters in circles that follow first, of which there are most.
func enclosed(n int, first rune, most int) string {
	if n < 1 || n > most {
		return strconv.Itoa(n)
	}
	return string(first + rune(n-1))
}

// counting writes numerals of Chinese or Korean up to 99, as headings use them.
func counting(n int, digits, ten string) string {
	d := []rune(digits)
	switch {
	case n < 0 || n > 99:
		return strconv.Itoa(n)
	case n < 10:
		return string(d[n])
	}
	s := ten
	if n >= 20 {
		s = string(d[n/10]) + s
	}
	if n%10 > 0 {
		s += string(d[n%10])
	}
	return s
}

// NFC names the number formats of binary Word files (MS-OSHARED 2.2.1.3, MSONFC).
func NFC(code int) string {
	switch code {
	case 0:
		return "decimal"
	case 1:
		return "upperRoman"
	case 2:
		return "lowerRoman"
	case 3:
		return "upperLetter"
	case 4:
		return "lowerLetter"
	case 5:
		return "ordinal"
	case 0x0a, 0x0b:
		return "japaneseCounting"
	case 0x0e:
		return "decimalFullWidth"
	case 0x12:
		return "decimalEnclosedCircle"
	case 0x16:
		return "decimalZero"
	case 0x17:
		return "bullet"
	case 0x18, 0x19:
		return [...]string{"ganada", "chosung"}[code-0x18]
	case 0x1e:
		return "ideographTraditional"
	case 0x25, 0x27:
		return "chineseCounting"
	case 0x29, 0x2a:
		return "koreanCounting"
	case 0x3a:
		return "russianLower"
	case 0x3b:
		return "russianUpper"
	case 0xff:
		return "none"
	}
	return "decimal"
}
