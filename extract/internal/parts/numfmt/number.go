package numfmt

import (
	"math"
	"strconv"
	"strings"
)

// token is a piece of a number format: a place for a digit ('d'), a point, a comma, a percent sign,
// an exponent ('E', text is its sign) or text that stands as it is ('l').
type token struct {
	kind byte
	text string
}

// number writes v by a section of a number format; signed says that the section does not stand for
// negative numbers alone, so that a minus is written.
func number(v float64, sec string, signed bool) string {
	if s, ok := fraction(v, sec); ok {
		return s
	}
	toks := general(tokens(sec), v)
	digits, point, exponent, percent := 0, -1, -1, 0
	for i, t := range toks {
		switch {
		case t.kind == 'd':
			digits++
		case t.kind == '.' && point < 0:
			point = i
		case t.kind == 'E' && exponent < 0:
			exponent = i
		case t.kind == '%':
			percent++
		}
	}
	a, sign := math.Abs(v), ""
	if v < 0 && signed {
		sign = "-"
	}
	if digits == 0 {
		if text := literals(toks); text != "" {
			return strings.TrimSpace(sign + text)
		}
		return General(v)
	}
	a *= math.Pow(100, float64(min(percent, 10)))
	if exponent >= 0 {
		return strings.TrimSpace(sign + scientific(a, toks, point, exponent))
	}
	if point < 0 {
		point = len(toks)
	}
	whole, commas := scaling(toks[:point])
	a /= math.Pow(1000, float64(commas))
	places := 0
	for _, t := range toks[point:] {
		switch t.kind {
		case 'd':
			places++
		case ',': // 0.0,, scales as 0,, does
			a /= 1000
		}
	}
	in, fr, _ := strings.Cut(fixed(a, min(places, 30)), ".")
	if strings.Trim(in+fr, "0") == "" {
		sign = ""
	}
	return strings.TrimSpace(sign + wholePart(in, whole) + fractionPart(fr, toks[point:]))
}

func literals(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		b.WriteString(t.text)
	}
	return strings.TrimSpace(b.String())
}

// scaling takes away the commas at the end of the whole part's digits: each divides by a thousand.
func scaling(toks []token) ([]token, int) {
	last := -1
	for i, t := range toks {
		if t.kind == 'd' {
			last = i
		}
	}
	out := append([]token(nil), toks[:last+1]...)
	n := 0
	for _, t := range toks[last+1:] {
		if t.kind == ',' && n < 10 {
			n++
		} else {
			out = append(out, t)
		}
	}
	return out, n
}

// fixed rounds half away from zero, as people and Excel do, in decimal: 0.125 with two places is 0.13.
func fixed(a float64, places int) string {
	if v, err := strconv.ParseFloat(strconv.FormatFloat(a, 'g', 15, 64), 64); err == nil {
		a = v
	}
	in, fr, _ := strings.Cut(strconv.FormatFloat(a, 'f', -1, 64), ".")
	if len(fr) <= places {
		return in + "." + fr + strings.Repeat("0", places-len(fr))
	}
	d := []byte(in + fr[:places])
	if fr[places] >= '5' {
		i := len(d) - 1
		for ; i >= 0 && d[i] == '9'; i-- {
			d[i] = '0'
		}
		if i >= 0 {
			d[i]++
		} else {
			d = append([]byte{'1'}, d...)
		}
	}
	return string(d[:len(d)-places]) + "." + string(d[len(d)-places:])
}

// wholePart puts digits into their places from the right; the first place takes all that are left.
func wholePart(digits string, toks []token) string {
	digits = strings.TrimLeft(digits, "0")
	group, first := false, -1
	for i, t := range toks {
		if t.kind == ',' {
			group = true
		}
		if t.kind == 'd' && first < 0 {
			first = i
		}
	}
	var out []string // from the right
	n := 0
	put := func(c string) {
		if group && n > 0 && n%3 == 0 {
			out = append(out, ",")
		}
		out = append(out, c)
		n++
	}
	for i := len(toks) - 1; i >= 0; i-- {
		switch t := toks[i]; {
		case t.kind == 'd':
			if digits != "" {
				put(digits[len(digits)-1:])
				digits = digits[:len(digits)-1]
			} else if t.text == "0" {
				put("0")
			}
			for i == first && digits != "" {
				put(digits[len(digits)-1:])
				digits = digits[:len(digits)-1]
			}
		case t.kind != ',':
			out = append(out, t.text)
		}
	}
	var b strings.Builder
	for i := len(out) - 1; i >= 0; i-- {
		b.WriteString(out[i])
	}
	return b.String()
}

// fractionPart writes the point and the digits after it; zeros that the format does not ask for stay away.
func fractionPart(digits string, toks []token) string {
	least, n := 0, 0
	for _, t := range toks {
		if t.kind == 'd' {
			if n++; t.text == "0" {
				least = n
			}
		}
	}
	for len(digits) > least && strings.HasSuffix(digits, "0") {
		digits = digits[:len(digits)-1]
	}
	var b strings.Builder
	for i, t := range toks {
		switch {
		case t.kind == 'd':
			if digits != "" {
				b.WriteByte(digits[0])
				digits = digits[1:]
			}
		case i == 0 && t.kind == '.':
			if digits != "" {
				b.WriteByte('.')
			}
		default:
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// scientific writes a with an exponent that is a multiple of the number of whole places.
func scientific(a float64, toks []token, point, exponent int) string {
	if point < 0 || point > exponent {
		point = exponent
	}
	step, places, least := 0, 0, 0
	for i, t := range toks {
		switch {
		case t.kind != 'd':
		case i < point:
			step++
		case i < exponent:
			places++
		case t.text == "0":
			least++
		}
	}
	step = max(step, 1)
	exp := 0
	if a > 0 {
		exp = int(math.Floor(math.Log10(a)))
		exp -= ((exp % step) + step) % step
	}
	mantissa := fixed(a/math.Pow(10, float64(exp)), min(places, 15))
	if in, _, _ := strings.Cut(mantissa, "."); len(in) > step { // rounding made one more digit
		exp += step
		mantissa = fixed(a/math.Pow(10, float64(exp)), min(places, 15))
	}
	sign := ""
	if exp < 0 {
		sign = "-"
	} else if toks[exponent].text == "+" {
		sign = "+"
	}
	e := strconv.Itoa(max(exp, -exp))
	in, fr, _ := strings.Cut(mantissa, ".")
	if fr != "" {
		in += "." + fr
	}
	return in + "E" + sign + strings.Repeat("0", max(0, min(least, 10)-len(e))) + e
}

// general fills in the value where a format asks for it without digits.
func general(toks []token, v float64) []token {
	for i, t := range toks {
		if t.kind != 'g' {
			continue
		}
		toks = append([]token(nil), toks...)
		toks[i] = token{'l', General(math.Abs(v))}
		if t.text == "-" { // @ shows the sign too
			toks[i].text = General(v)
		}
	}
	return toks
}

// tokenise takes a section apart. Commas count between and behind digits only.
func tokenise(f string) []token {
	var out []token
	digits := false
	literal := func(s string) { out = append(out, token{'l', s}) }
	for i := 0; i < len(f); i++ {
		switch c := f[i]; {
		case c == '\\' && i+1 < len(f):
			i++
			literal(f[i : i+1])
		case c == '_' || c == '*':
			i++
			if c == '_' {
				literal(" ")
			}
		case c == '"':
			j := strings.IndexByte(f[i+1:], '"')
			if j < 0 {
				j = len(f) - i - 1
			}
			literal(f[i+1 : i+1+j])
			i += j + 1
		case c == '[':
			j := strings.IndexByte(f[i:], ']')
			if j < 0 {
				return nil
			}
			if strings.HasPrefix(f[i:], "[$") {
				cur, _, _ := strings.Cut(f[i+2:i+j], "-")
				literal(cur)
			}
			i += j
		case c == '0' || c == '#' || c == '?':
			digits = true
			out = append(out, token{'d', f[i : i+1]})
		case c == '.' && (digits || i+1 < len(f) && strings.IndexByte("0#?", f[i+1]) >= 0):
			out = append(out, token{'.', "."})
		case c == ',' && digits:
			out = append(out, token{',', ""})
		case c == '%':
			out = append(out, token{'%', "%"})
		case (c == 'E' || c == 'e') && i+1 < len(f) && (f[i+1] == '+' || f[i+1] == '-') && digits:
			i++
			out = append(out, token{'E', f[i : i+1]})
		case c == '@':
			out = append(out, token{'g', "-"})
		case len(f)-i >= 7 && strings.EqualFold(f[i:i+7], "General"):
			out = append(out, token{'g', ""})
			i += 6
		default:
			literal(f[i : i+1])
		}
	}
	return out
}
