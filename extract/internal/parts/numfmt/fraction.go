package numfmt

import (
	"math"
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
)

// fractions of formats: a numerator's digits, a slash, a denominator's digits or the denominator itself.
var fractions = pattern.Lazily(`^([^/]*?)[#0?]+\s*/\s*([#0?]+|[1-9]\d{0,2})`)

// fraction writes v as a whole number and a fraction, as in 1 3/8; false when the format has none.
func fraction(v float64, sec string) (string, bool) {
	if strings.IndexByte(sec, '/') < 0 {
		return "", false
	}
	m := fractions.FindStringSubmatch(sec)
	if m == nil {
		return "", false
	}
	if fixed := m[2][0] >= '1' && m[2][0] <= '9'; math.Abs(v) > 1e9 || !fixed && len(m[2]) > 2 {
		return General(v), true // finer fractions would have to be searched for long
	}
	a, whole := math.Abs(v), 0.0
	if strings.ContainsAny(m[1], "#0?") {
		whole = math.Floor(a)
	}
	n, d := nearest(a-whole, m[2])
	if n == d && strings.ContainsAny(m[1], "#0?") {
		whole, n = whole+1, 0
	}
	s := ""
	if whole != 0 || n == 0 {
		s = strconv.FormatFloat(whole, 'f', 0, 64)
	}
	if n != 0 {
		s = strings.TrimSpace(s + " " + strconv.FormatFloat(n, 'f', 0, 64) + "/" + strconv.Itoa(int(d)))
	}
	if v < 0 && s != "0" {
		s = "-" + s
	}
	return s, true
}

// nearest gives the fraction nearest to v with the denominator that the pattern states, or with at
// most as many digits as it has.
func nearest(v float64, pattern string) (n, d float64) {
	if fixed, err := strconv.Atoi(pattern); err == nil && fixed > 0 {
		return math.Round(v * float64(fixed)), float64(fixed)
	}
	top := math.Pow10(len(pattern)) - 1
	best := math.Inf(1)
	for den := 1.0; den <= top; den++ {
		num := math.Round(v * den)
		if e := math.Abs(v - num/den); e < best-1e-12 {
			best, n, d = e, num, den
		}
	}
	return n, d
}
