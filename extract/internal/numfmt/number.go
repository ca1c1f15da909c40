package numfmt

import (
	"math"
	"strconv"
	"strings"
)

// number writes v by a section of a number format.
func number(v float64, sec, whole string) string {
	if s, ok := fraction(v, sec); ok {
		return s
	}
	prefix, body, suffix, ok := parts(sec)
	if !ok {
		if sec != "" && !strings.ContainsAny(sec, "0#?") {
			return prefix // a section of text only, such as "-" for zero
		}
		return General(v)
	}
	a := math.Abs(v)
	sign := ""
	if v < 0 && len(split(whole)) < 2 {
		sign = "-"
	}
	if strings.Contains(prefix+body+suffix, "%") {
		a *= 100
	}
	if i := strings.IndexAny(body, "Ee"); i >= 0 {
		dec := strings.Count(afterDot(body[:i]), "0") + strings.Count(afterDot(body[:i]), "#")
		s := strings.ToUpper(strconv.FormatFloat(a, 'e', dec, 64))
		return sign + prefix + s + suffix
	}
	for strings.HasSuffix(body, ",") { // each trailing comma scales by a thousand
		body = body[:len(body)-1]
		a /= 1000
	}
	frac := afterDot(body)
	most, least := 0, 0
	for _, c := range frac {
		switch c {
		case '0':
			most++
			least = most
		case '#', '?':
			most++
		}
	}
	s := strconv.FormatFloat(a, 'f', min(most, 15), 64)
	in, fr, _ := strings.Cut(s, ".")
	for len(fr) > least && strings.HasSuffix(fr, "0") {
		fr = fr[:len(fr)-1]
	}
	head, _, _ := strings.Cut(body, ".")
	for len(in) < strings.Count(head, "0") {
		in = "0" + in
	}
	if in == "0" && !strings.Contains(head, "0") && fr != "" {
		in = ""
	}
	if strings.Contains(head, ",") {
		in = thousands(in)
	}
	if fr != "" {
		in += "." + fr
	}
	return strings.TrimSpace(sign + prefix + in + suffix)
}

func afterDot(s string) string {
	_, f, _ := strings.Cut(s, ".")
	return f
}

func thousands(s string) string {
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// parts takes the digits' pattern apart from the literal text around it.
func parts(f string) (prefix, body, suffix string, ok bool) {
	var pre, mid, post strings.Builder
	out := &pre
	literal := func(s string) {
		if out == &mid {
			out = &post
		}
		out.WriteString(s)
	}
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
				return "", "", "", false
			}
			if strings.HasPrefix(f[i:], "[$") {
				cur, _, _ := strings.Cut(f[i+2:i+j], "-")
				literal(cur)
			}
			i += j
		case strings.IndexByte("0#?.,/Ee+", c) >= 0 && (c != '.' || out != &post) && (c != ',' && c != '+' && c != '/' && c != 'e' && c != 'E' || out == &mid):
			if out == &post {
				if c == '.' || c == ',' {
					out.WriteByte(c)
				}
				continue
			}
			out = &mid
			mid.WriteByte(c)
		case c == '-' && out == &mid && mid.Len() > 0 && strings.ContainsAny(mid.String()[mid.Len()-1:], "Ee"):
			mid.WriteByte(c)
		default:
			literal(f[i : i+1])
		}
	}
	body = mid.String()
	return pre.String(), body, post.String(), strings.ContainsAny(body, "0#?")
}
