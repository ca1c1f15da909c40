package extract

import (
	"fmt"
	"strings"
)

// helvetica are the widths of the small letters in thousandths of the type's size.
var helvetica = [26]float64{556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500}

// widthOf is how wide small letters and spaces are in type of 10 points.
func widthOf(s string) (w float64) {
	for _, r := range s {
		if r >= 'a' && r <= 'z' {
			w += helvetica[r-'a'] / 100
		} else {
			w += 2.78
		}
	}
	return w
}

var lineNames = strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen")

var columnWords = strings.Fields("stone lime sand rope iron lead timber mason bridge river parish spring winter flood arch pier")

// columnLine is line n of a column, about 170 points wide.
func columnLine(name string, n int) string {
	s := name + " " + lineNames[n]
	for k := n; ; k++ {
		next := s + " " + columnWords[(k*5+n*3)%len(columnWords)]
		if widthOf(next) > 176 {
			return s
		}
		s = next
	}
}

// acrossColumns draws n lines of each column, line by line, gutter points apart.
func acrossColumns(y, gutter float64, n int, names ...string) (out []drawn) {
	for i := range n {
		for c, name := range names {
			out = append(out, drawn{40 + float64(c)*(176+gutter), y + 12*float64(i), 10, columnLine(name, i)})
		}
	}
	return out
}

func lastWords(names ...string) (out []string) {
	for _, n := range names {
		out = append(out, columnLine(n, 0), columnLine(n, 9))
	}
	return out
}

// orderReadings are pages that are drawn in another order than they are read in.
var orderReadings = []reading{
	{"two columns drawn line by line across a narrow gutter", acrossColumns(100, 6, 14, "west", "east"), nil, nil, lastWords("west", "east")},
	{"three columns below a headline", append([]drawn{{120, 60, 18, "Of bridges, in three columns"}}, acrossColumns(100, 8, 14, "west", "middle", "east")...), nil, nil,
		append([]string{"Of bridges"}, lastWords("west", "middle", "east")...)},
	{"two columns, each with small pieces", pieced(acrossColumns(100, 20, 14, "west", "east")), nil, nil, []string{columnLine("west", 0), columnLine("west", 9), columnLine("east", 0), columnLine("east", 9)}},
	{"a word in another font drawn after the page", append(with(body(80, 3), drawn{72, 150, 10, "the mason"}, drawn{72 + widthOf("the mason of stone "), 150, 10, "came"}, drawn{72, 163, 10, "to the river"}), drawn{72 + widthOf("the mason "), 150, 10, "of stone"}),
		[]string{"the mason of stone came"}, nil, []string{"Line 03", "the mason", "to the river"}},
	{"header and footer drawn before the text", append([]drawn{{72, 50, 12, "The Society of Bridges"}, {72, 64, 12, "and of Rivers"}, {72, 790, 12, "Bank of Riverton, in the"}, {72, 804, 12, "house of stone"}}, body(120, 8)...), nil, nil,
		[]string{"The Society", "Line 01", "Line 08", "Bank of", "house of stone"}},
	{"footer and header drawn after the text", with(body(120, 8), drawn{72, 50, 12, "The Society of Bridges"}, drawn{72, 64, 12, "and of Rivers"}, drawn{72, 790, 12, "Bank of Riverton, in the"}, drawn{72, 804, 12, "house of stone"}), nil, nil,
		[]string{"The Society", "and of Rivers", "Line 01", "Line 08", "Bank of", "house of stone"}},
	{"four numbered cards, the right ones drawn before the left ones below", []drawn{{72, 100, 14, "1. Of stone"}, {72, 130, 10, "Stone lasts the longest of all."}, {320, 100, 14, "3. Of lime"}, {320, 130, 10, "Lime binds what is laid."},
		{72, 240, 14, "2. Of timber"}, {72, 270, 10, "Timber is light and soon built."}, {320, 240, 14, "4. Of iron"}, {320, 270, 10, "Iron is dear but carries far."}}, nil, nil,
		[]string{"1. Of stone", "Stone lasts", "2. Of timber", "Timber is", "3. Of lime", "Lime binds", "4. Of iron", "Iron is"}},
	{"a table whose spaces stand below one another stays in rows", goods(), nil, nil, []string{"aa stone", "aa 10", "ab stone", "ab 11"}},
}

// pieced draws each line's last word apart from the rest of it.
func pieced(lines []drawn) (out []drawn) {
	for _, l := range lines {
		at := strings.LastIndexByte(l.text, ' ')
		out = append(out, drawn{l.x, l.y, l.size, l.text[:at]}, drawn{l.x + widthOf(l.text[:at+1]), l.y, l.size, l.text[at+1:]})
	}
	return out
}

// goods is a list of goods with amounts.
func goods() (out []drawn) {
	for i := range 12 {
		key := "a" + string(rune('a'+i))
		out = append(out, drawn{72, 100 + 12*float64(i), 10, key + " stone for the bridge"}, drawn{172, 100 + 12*float64(i), 10, fmt.Sprint(key, " ", 10+i)})
	}
	return out
}
