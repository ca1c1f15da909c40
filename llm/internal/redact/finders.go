package redact

import (
	"math/big"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// finder returns the byte ranges of one kind in s.
type finder func(s string, regions []string) [][]int

var finders = map[Kind]finder{
	Email:      func(s string, _ []string) [][]int { return email.FindAllStringIndex(s, -1) },
	IBAN:       func(s string, _ []string) [][]int { return ibans(s) },
	Card:       func(s string, _ []string) [][]int { return checked(s, card, validCard) },
	NationalID: func(s string, _ []string) [][]int { return nationalIDs(s) },
	Phone:      phones,
}

// email is wider than what servers accept: what stands in documents is split, obfuscated ("(at)") and international.
var email = pattern.Lazily(`(?i)[\p{L}\p{N}._%+'-]+(?:@|\s?[\[(](?:at|ät|@)[\])]\s?)(?:[\p{L}\p{N}-]+(?:\.|\s?[\[(](?:dot|punkt|\.)[\])]\s?))+\p{L}{2,}`)

// checked keeps the matches of re that stand alone (no letter or digit touches them) and that valid accepts.
func checked(s string, re pattern.Pattern, valid func(string) bool) [][]int {
	var out [][]int
	for _, m := range re.FindAllStringIndex(s, -1) {
		if alone(s, m[0], m[1]) && valid(s[m[0]:m[1]]) {
			out = append(out, m)
		}
	}
	return out
}

// alone says that no ASCII letter or digit touches s[start:end], nor a decimal mark with a digit behind it: 1.234 is one number.
func alone(s string, start, end int) bool {
	if start > 0 && isWord(s[start-1]) || end < len(s) && isWord(s[end]) {
		return false
	}
	if start > 1 && strings.IndexByte(".,", s[start-1]) >= 0 && isDigit(s[start-2]) {
		return false
	}
	return end+1 >= len(s) || strings.IndexByte(".,", s[end]) < 0 || !isDigit(s[end+1])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isWord(c byte) bool  { return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// iban matches the longest it could be; validIBAN finds where it ends by the check digits (ISO 13616).
var iban = pattern.Lazily(`\b[A-Z]{2}\d{2}(?:[ \x{00A0}-]?[A-Z0-9]){11,30}`)

func ibans(s string) [][]int {
	var out [][]int
	for _, m := range iban.FindAllStringIndex(s, -1) {
		for end := m[1]; end-m[0] >= 15; end-- {
			if (end == len(s) || !isWord(s[end])) && isWord(s[end-1]) && validIBAN(s[m[0]:end]) {
				out = append(out, []int{m[0], end})
				break
			}
		}
	}
	return out
}

func validIBAN(s string) bool {
	var plain strings.Builder
	for i := range len(s) {
		if isWord(s[i]) {
			plain.WriteByte(s[i])
		}
	}
	p := plain.String()
	if len(p) < 15 || len(p) > 34 {
		return false
	}
	var number strings.Builder
	for _, c := range p[4:] + p[:4] {
		if c >= 'A' {
			number.WriteByte('0' + byte(c-'A'+10)/10)
			number.WriteByte('0' + byte(c-'A'+10)%10)
		} else {
			number.WriteRune(c)
		}
	}
	n, ok := new(big.Int).SetString(number.String(), 10)
	return ok && n.Mod(n, big.NewInt(97)).Int64() == 1
}

// card begins with an issuer's digit (ISO/IEC 7812: 2 to 6) and is grouped as on cards or not at all.
var card = pattern.Lazily(`[2-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5}`)

var years = pattern.Lazily(`^20\d\d([ -]20\d\d)+$`)

func validCard(s string) bool {
	d := digitsOf(s)
	if years.MatchString(s) {
		return false // the head of a table: 2023 2024 2025 2026
	}
	return len(d) >= 13 && len(d) <= 19 && luhn(d) && strings.Count(d, d[:1]) < len(d)
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
