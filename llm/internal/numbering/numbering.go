// Package numbering tells telephone numbers from other digits by the numbering plans of all countries. The plans are those of Google's
// libphonenumber (Apache License 2.0), kept as a table that is read on first use: programs that need none of it, such as the children that
// read documents, start without it.
package numbering

import (
	"slices"
	"strconv"
	"strings"
)

// Bounds of a national number, in digits; German ones are the longest.
const shortest, longest = 2, 17

// International tells whether digits, what follows + or 00, are a country code and a number that is valid there.
func International(digits string) bool {
	p, number, ok := splitCode(digits)
	if !ok {
		return false
	}
	number, ok = p.national(number)
	if !ok {
		return false
	}
	for _, region := range table().Codes[p.Code] {
		q := planOf(region, p.Code)
		// A region with leading digits of its own is told by them, and then its plan decides.
		if q.Leading.expr != "" && q.Leading.find(number) == nil {
			continue
		}
		if ok := q.valid(number); ok || q.Leading.expr != "" {
			return ok
		}
	}
	return false
}

// National is the form in which the country of region (two capital letters) writes digits, a number as it is dialled there; false where it is
// not valid in that country. plus: a + stands before the digits.
func National(digits, region string, plus bool) (form string, ok bool) {
	own := table().Plans[region]
	if own == nil {
		return "", false
	}
	p, number, ok := own.dialled(digits, plus)
	if !ok || p.Code != own.Code {
		return "", false
	}
	number, ok = p.national(number)
	if !ok || !own.valid(number) {
		return "", false
	}
	return planOf(table().Codes[own.Code][0], own.Code).format(number), true
}

// dialled is the plan that digits belong to which are dialled in p's country, and the number without the codes that lead there.
func (p *plan) dialled(digits string, plus bool) (*plan, string, bool) {
	if plus {
		if q, number, ok := splitCode(digits); ok {
			return q, number, true
		}
	}
	if m := p.IDD.find(digits); m != nil && (m[1] == len(digits) || digits[m[1]] != '0') {
		return splitCode(digits[m[1]:])
	}
	if rest, has := strings.CutPrefix(digits, strconv.Itoa(p.Code)); has {
		rest = p.strip(rest)
		if (!p.General.matches(digits) && p.General.matches(rest)) || len(digits) > p.Lengths[len(p.Lengths)-1] {
			return p, rest, true
		}
	}
	return p, digits, !plus // after a + there must be a country's code
}

// splitCode takes the country code off digits.
func splitCode(digits string) (*plan, string, bool) {
	if len(digits) <= shortest || digits[0] == '0' {
		return nil, "", false
	}
	for i := 1; i <= 3; i++ { // no code is the beginning of another
		code, err := strconv.Atoi(digits[:i])
		if err != nil {
			return nil, "", false
		}
		if regions := table().Codes[code]; len(regions) > 0 {
			return planOf(regions[0], code), digits[i:], true
		}
	}
	return nil, "", false
}

// national is number without the prefix that is dialled inside the country only; false where its length is none of a number.
func (p *plan) national(number string) (string, bool) {
	if len(number) < shortest {
		return "", false
	}
	if bare := p.strip(number); p.possible(len(bare)) {
		number = bare
	}
	return number, shortest <= len(number) && len(number) <= longest
}

// possible tells whether a prefix may be taken off a number of which n digits are left: they are a whole number or too many for one.
func (p *plan) possible(n int) bool {
	return !slices.Contains(p.Local, n) && (n > p.Lengths[len(p.Lengths)-1] || slices.Contains(p.Lengths, n))
}

// strip takes the national prefix off number, or puts the form of the plan in its place, unless number is valid only with it.
func (p *plan) strip(number string) string {
	m := p.Prefix.find(number)
	if m == nil {
		return number
	}
	bare := number[m[1]:]
	if last := len(m) - 2; p.Transform != "" && m[last] >= 0 {
		bare = string(p.Prefix.compiled().ExpandString(nil, p.Transform, number, m)) + bare
	}
	if p.General.matches(number) && !p.General.matches(bare) {
		return number
	}
	return bare
}

// valid tells whether number is one of a kind that the plan has.
func (p *plan) valid(number string) bool {
	return p.General.matches(number) && slices.ContainsFunc(p.Kinds, func(k *pattern) bool { return k.matches(number) })
}

// format writes number as the country groups it.
func (p *plan) format(number string) string {
	for _, f := range p.Formats {
		if f.Leading.expr != "" && f.Leading.find(number) == nil {
			continue
		}
		if f.Pattern.matches(number) {
			m := f.Pattern.whole().FindStringSubmatchIndex(number)
			return string(f.Pattern.whole().ExpandString(nil, f.Form, number, m))
		}
	}
	return number
}
