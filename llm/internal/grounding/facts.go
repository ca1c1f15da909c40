package grounding

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/internal/pattern"
	"github.com/aidoc-pipeline/aidoc-agent/llm/internal/prose"
)

// facts are what can be looked up literally in a text.
type facts struct {
	figures []figure
	dates   []date
}

// figure is a number as written, its value, and the value of its last digit: a claim may round.
type figure struct {
	text  string
	value float64
	unit  float64
}

// date is a day of a month; year is 0 where none is written.
type date struct {
	text             string
	year, month, day int
}

// factsOf are the dates and the figures in digits of s, which is in the plain form of its letters (NFKC). Figures in letters are none of a
// claim's: its "one" is seldom a figure.
func factsOf(s string) facts {
	dates, rest := datesOf(s)
	return facts{figures: figuresOf(rest), dates: dates}
}

// factsNearDigits are those of a text of which most is near no digit.
func factsNearDigits(s string) (f facts) {
	for _, part := range nearDigits(s) {
		some := factsOf(part)
		f.figures, f.dates = append(f.figures, some.figures...), append(f.dates, some.dates...)
	}
	return f
}

// distinct is f as a document holds it: each figure and each date once, and not as it is written, which would keep its page's text alive.
func (f facts) distinct() facts {
	var out facts
	type number struct{ value, unit float64 }
	figures, dates := make(map[number]bool, len(f.figures)), map[date]bool{}
	for _, g := range f.figures {
		g.text = ""
		if key := (number{g.value, g.unit}); !figures[key] {
			figures[key] = true
			out.figures = append(out.figures, g)
		}
	}
	for _, d := range f.dates {
		d.text = ""
		if !dates[d] {
			dates[d] = true
			out.dates = append(out.dates, d)
		}
	}
	return out
}

// scales are the words after a number that stand for zeros.
var scales = map[string]float64{
	"k": 1e3, "thousand": 1e3, "tausend": 1e3, "mille": 1e3, "mil": 1e3, "tsd": 1e3, "тыс": 1e3,
	"m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6, "millionen": 1e6, "millón": 1e6, "millones": 1e6, "milioni": 1e6, "milione": 1e6, "milhões": 1e6, "milhão": 1e6, "miljoen": 1e6, "млн": 1e6,
	"bn": 1e9, "billion": 1e9, "billions": 1e9, "mrd": 1e9, "milliarde": 1e9, "milliarden": 1e9, "milliard": 1e9, "milliards": 1e9, "miliardi": 1e9, "miljard": 1e9, "bilhões": 1e9, "млрд": 1e9,
}

var smallNumbers = func() map[string]float64 {
	m := map[string]float64{}
	for _, list := range []string{
		"zero one two three four five six seven eight nine ten eleven twelve",
		"null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
		"zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
		"cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
		"zero uno due tre quattro cinque sei sette otto nove dieci undici dodici",
		"zero um dois três quatro cinco seis sete oito nove dez onze doze",
		"nul een twee drie vier vijf zes zeven acht negen tien elf twaalf",
	} {
		for n, w := range strings.Fields(list) {
			m[w] = float64(n)
		}
	}
	for w, n := range map[string]float64{"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
		"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "half": 0.5, "dozen": 12} {
		m[w] = n
	}
	return m
}()

// figuresOf are the numbers in s that are written in digits.
func figuresOf(s string) []figure {
	var out []figure
	for from := 0; ; {
		at := strings.IndexAny(s[from:], asciiDigits)
		if at < 0 {
			break
		}
		end := numberEnd(s, from+at)
		text, rest := s[from+at:end], s[end:]
		from = end
		value, unit, ok := valueOf(text)
		if !ok {
			continue
		}
		scale := 1.0
		if word := firstWord(rest); scales[word] > 0 {
			scale = scales[word]
			text += " " + word
		}
		out = append(out, figure{text: text, value: value * scale, unit: unit * scale})
	}
	return out
}

// firstWord is the word that follows a number, at once or after a space.
func firstWord(s string) string {
	s = strings.TrimLeft(s, " \u00a0\u202f-")
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(s)
	}
	return strings.ToLower(s[:min(end, 12)])
}

// valueOf reads a number in any of the ways in which thousands are parted.
func valueOf(text string) (value, unit float64, ok bool) {
	if n := digitsAt(text, 0); n == len(text) && n < 16 { // most are years, pages and counts
		v, _ := strconv.Atoi(text)
		return float64(v), 1, true
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '.' || r == ',' {
			return r
		}
		return -1
	}, text)
	decimals := 0
	if i := strings.LastIndexAny(digits, ".,"); i >= 0 {
		last := len(digits) - i - 1
		if grouped := last == 3 && (strings.Count(digits, digits[i:i+1]) > 1 || i <= 3 && digits[0] != '0' || strings.ContainsAny(digits[:i], ".,")); !grouped {
			decimals = last
			digits = noPoints.Replace(digits[:i]) + "." + digits[i+1:]
		} else {
			digits = noPoints.Replace(digits)
		}
	}
	v, err := strconv.ParseFloat(digits, 64)
	return v, math.Pow(10, -float64(decimals)), err == nil
}

var noPoints = strings.NewReplacer(".", "", ",", "")

// holds says whether a text with facts f holds g, itself or a figure that rounds to it.
func (f facts) holds(g figure) bool {
	for _, have := range f.figures {
		if have.value == g.value {
			return true
		}
		// Rounding keeps two digits at least: 1.2 million for 1,234,567, never 1,000 for 1,234.
		if g.unit > have.unit && g.value >= 10*g.unit && math.Abs(have.value-g.value) <= g.unit/2 {
			return true
		}
	}
	for _, d := range f.dates { // a year may be told without its day
		if float64(d.year) == g.value && d.year > 0 {
			return true
		}
	}
	return false
}

func (f facts) holdsDate(d date) bool {
	for _, have := range f.dates {
		if have.month == d.month && (have.day == d.day || d.day == 0) && (have.year == d.year || have.year == 0 || d.year == 0) {
			return true
		}
		// 4/3 may be either.
		if have.month == d.day && have.day == d.month && (have.year == d.year || have.year == 0 || d.year == 0) {
			return true
		}
	}
	return false
}

var months = func() map[string]int {
	m := map[string]int{}
	for _, list := range []string{
		"january february march april may june july august september october november december",
		"jan feb mar apr may jun jul aug sep oct nov dec",
		"januar februar märz april mai juni juli august september oktober november dezember",
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
		"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
		"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
		"januari februari maart april mei juni juli augustus september oktober november december",
	} {
		for i, w := range strings.Fields(list) {
			m[w] = i + 1
		}
	}
	return m
}()

const monthName = `(\p{L}{3,12})\.?`

var (
	dayFirst   = pattern.Lazily(`\b(\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s+(?:of\s+|de\s+)?` + monthName + `(?:,?\s+(?:de\s+)?(\d{4}))?`)
	monthFirst = pattern.Lazily(`\b` + monthName + `\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4}))?`)
	isoDate    = pattern.Lazily(`\b(\d{4})-(\d{1,2})-(\d{1,2})\b`)
	pointed    = pattern.Lazily(`\b(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})\b`)
	ideograph  = pattern.Lazily(`(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日`)
)

// datesOf are the dates in s, and s without them: their numbers are no figures.
func datesOf(s string) ([]date, string) { return datesIn(s, mayHold(s)) }

// datesIn looks for dates of some forms only.
func datesIn(s string, may forms) ([]date, string) {
	var out []date
	take := func(p pattern.Pattern, read func(m []string) date) {
		var rest strings.Builder
		for from := 0; ; {
			at := p.FindStringSubmatchIndex(s[from:])
			if at == nil {
				rest.WriteString(s[from:])
				break
			}
			m := make([]string, len(at)/2)
			for i := range m {
				if at[2*i] >= 0 {
					m[i] = s[from+at[2*i] : from+at[2*i+1]]
				}
			}
			d := read(m)
			if d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31 {
				d.text = strings.TrimRight(m[0], ". ")
				out = append(out, d)
				rest.WriteString(s[from:from+at[0]] + " ; ")
			} else {
				rest.WriteString(s[from : from+at[1]])
			}
			from += at[1]
		}
		s = rest.String()
	}
	n := func(t string) int { v, _ := strconv.Atoi(t); return v }
	month := func(w string) int { return months[strings.ToLower(w)] }
	if may.iso {
		take(isoDate, func(m []string) date { return date{"", n(m[1]), n(m[2]), n(m[3])} })
	}
	if may.ideograph {
		take(ideograph, func(m []string) date { return date{"", n(m[1]), n(m[2]), n(m[3])} })
	}
	if may.pointed {
		take(pointed, func(m []string) date {
			year := n(m[3])
			if len(m[3]) == 2 {
				year += 2000
			}
			if n(m[2]) > 12 {
				return date{"", year, n(m[1]), n(m[2])}
			}
			return date{"", year, n(m[2]), n(m[1])}
		})
	}
	if may.month {
		take(dayFirst, func(m []string) date { return date{"", n(m[3]), month(m[2]), n(m[1])} })
		take(monthFirst, func(m []string) date { return date{"", n(m[3]), month(m[1]), n(m[2])} })
	}
	return out, s
}

// names are the words of s that are written like names: with a capital amid a sentence. In a language that writes all nouns so there are
// none to tell. They are given as they are compared, with the word as it is written.
func names(s, language string) map[string]string {
	if prose.HasAnyPrefix(language, "de", "lb") {
		return nil
	}
	words := strings.Fields(s)
	large := 0
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, `"'“„«([`)); unicode.IsUpper(r) {
			large++
		}
	}
	out := map[string]string{}
	if len(words) >= 8 && large*3 > len(words) {
		return out
	}
	begin := true
	for _, w := range words {
		core := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		core = strings.TrimSuffix(strings.TrimSuffix(core, "'s"), "’s")
		r, _ := utf8.DecodeRuneInString(core)
		// The first word of a sentence is a name only where a second one follows or it is a name's whole: left to the quotation.
		if !begin && unicode.IsUpper(r) && utf8.RuneCountInString(core) >= 3 && months[strings.ToLower(core)] == 0 {
			for _, f := range prose.Fold(core) {
				if utf8.RuneCountInString(f) >= 3 {
					out[f] = core
				}
			}
		}
		begin = strings.HasSuffix(w, ".") && len(core) > 3 || strings.HasSuffix(w, ":") || strings.HasSuffix(w, "?") || strings.HasSuffix(w, "!")
	}
	return out
}
