package redact

import (
	"strconv"
	"strings"
	"time"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// nationalID is a number that names one person in one country. Without a separator or a letter of its own a form must have a check digit.
type nationalID struct {
	country string
	form    pattern.Pattern
	valid   func(string) bool
}

var idForms = []nationalID{
	{"US", pattern.Lazily(`\d{3}-\d{2}-\d{4}`), validSSN},
	{"GB", pattern.Lazily(`[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]`), validNINO},
	{"DE", pattern.Lazily(`[1-9]\d ?\d{3} ?\d{3} ?\d{3}`), validSteuerID},
	{"FR", pattern.Lazily(`[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}`), validNIR},
	{"ES", pattern.Lazily(`(?:[XYZ]-?\d{7}|\d{8})-?[A-HJ-NP-TV-Z]`), validDNI},
	{"IT", pattern.Lazily(`[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]`), validCodiceFiscale},
	{"PL", pattern.Lazily(`\d{11}`), validPESEL},
	{"SE", pattern.Lazily(`(?:19|20)?\d{6}[-+]\d{4}`), validPersonnummer},
	{"BR", pattern.Lazily(`\d{3}\.\d{3}\.\d{3}-\d{2}`), validCPF},
	{"NL", pattern.Lazily(`(?i)(?:BSN|burgerservicenummer)[:. ]*\d{9}`), validBSN},
}

func nationalIDs(s string) [][]int {
	var out [][]int
	for _, id := range idForms {
		out = append(out, checked(s, id.form, id.valid)...)
	}
	return out
}

// weighted is the sum of digits times weights.
func weighted(digits string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(digits[i]-'0') * w
	}
	return sum
}

// validSSN: areas 000, 666 and 9xx, group 00 and serial 0000 are never given out.
func validSSN(s string) bool {
	return s[:3] != "000" && s[:3] != "666" && s[0] != '9' && s[4:6] != "00" && s[7:] != "0000"
}

func validNINO(s string) bool {
	switch s[:2] {
	case "BG", "GB", "KN", "NK", "NT", "TN", "ZZ":
		return false
	}
	return true
}

// validSteuerID: ISO 7064 MOD 11,10; one digit of the first ten is there twice or three times.
func validSteuerID(s string) bool {
	d := digitsOf(s)
	var times [10]int
	most := 0
	product := 10
	for i := range 10 {
		n := int(d[i] - '0')
		times[n]++
		most = max(most, times[n])
		sum := (n + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return most >= 2 && most <= 3 && (11-product)%10 == int(d[10]-'0')
}

// validNIR: the last two digits are 97 less the rest's remainder; Corsica's 2A and 2B count as 19 and 18.
func validNIR(s string) bool {
	d := strings.ReplaceAll(s, " ", "")
	d = strings.Replace(strings.Replace(d, "2A", "19", 1), "2B", "18", 1)
	n, err := strconv.ParseInt(d[:13], 10, 64)
	key, err2 := strconv.ParseInt(d[13:], 10, 64)
	return err == nil && err2 == nil && 97-n%97 == key
}

func validDNI(s string) bool {
	const letters = "TRWAGMYFPDXBNJZSQVHLCKE"
	d := strings.NewReplacer("-", "", "X", "0", "Y", "1", "Z", "2").Replace(s[:len(s)-1])
	n, err := strconv.Atoi(d)
	return err == nil && letters[n%23] == s[len(s)-1]
}

// validCodiceFiscale sums the values that the decree of 1976 gives the characters on odd places, and the plain ones on even places.
func validCodiceFiscale(s string) bool {
	odd := []int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	sum := 0
	for i := range 15 {
		n := int(s[i] - '0')
		if s[i] >= 'A' {
			n = int(s[i] - 'A')
		}
		if i%2 == 0 {
			n = odd[n]
		}
		sum += n
	}
	return byte('A'+sum%26) == s[15]
}

func validPESEL(s string) bool {
	return (10-weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 == int(s[10]-'0') && validPESELDate(s)
}

// validPESELDate: the century is added to the month (1900: 0, 2000: 20, 1800: 80).
func validPESELDate(s string) bool {
	month, _ := strconv.Atoi(s[2:4])
	return month/20 <= 4 && validDate("2006-01-02", "2000-"+pad(month%20)+"-"+s[4:6])
}

func validPersonnummer(s string) bool {
	d := digitsOf(s)
	d = d[len(d)-10:]
	return luhn(d) && validDate("060102", d[:6])
}

func validCPF(s string) bool {
	d := digitsOf(s)
	first := weighted(d, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	second := weighted(d, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10
	return strings.Count(d, d[:1]) < 11 && first == int(d[9]-'0') && second == int(d[10]-'0')
}

// validBSN: the weighted sum of nine digits is a multiple of eleven.
func validBSN(s string) bool {
	d := digitsOf(s)
	return (weighted(d, 9, 8, 7, 6, 5, 4, 3, 2)-int(d[8]-'0'))%11 == 0
}

func validDate(layout, s string) bool {
	_, err := time.Parse(layout, s)
	return err == nil
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
