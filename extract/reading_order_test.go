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
	{"two columns whose lines are in pieces", pieced(acrossColumns(100, 60, 14, "west", "east")), nil, nil, []string{"west one", "west ten", "east one", "east ten"}},
	{"a word in another font drawn after the page", append(with(body(80, 3), drawn{72, 150, 10, "the mason"}, drawn{72 + widthOf("the mason of stone "), 150, 10, "came"}, drawn{72, 163, 10, "to the river"}), drawn{72 + widthOf("the mason "), 150, 10, "of stone"}),
		[]string{"the mason of stone came"}, nil, []string{"Line 03", "the mason", "to the river"}},
	{"header and footer drawn before the text", append([]drawn{{72, 50, 12, "The Society of Bridges"}, {72, 64, 12, "and of Rivers"}, {72, 790, 12, "Bank of Riverton, in the"}, {72, 804, 12, "house of stone"}}, body(120, 8)...), nil, nil,
		[]string{"The Society", "Line 01", "Line 08", "Bank of", "house of stone"}},
	{"footer and header drawn after the text", with(body(120, 8), drawn{72, 50, 12, "The Society of Bridges"}, drawn{72, 64, 12, "and of Rivers"}, drawn{72, 790, 12, "Bank of Riverton, in the"}, drawn{72, 804, 12, "house of stone"}), nil, nil,
		[]string{"The Society", "and of Rivers", "Line 01", "Line 08", "Bank of", "house of stone"}},
	{"four numbered cards, the right ones drawn before the left ones below", []drawn{{72, 100, 14, "1. Of stone"}, {72, 130, 10, "Stone lasts the longest of all."}, {320, 100, 14, "3. Of lime"}, {320, 130, 10, "Lime binds what is laid."},
		{72, 240, 14, "2. Of timber"}, {72, 270, 10, "Timber is light and soon built."}, {320, 240, 14, "4. Of iron"}, {320, 270, 10, "Iron is dear but carries far."}}, nil, nil,
		[]string{"1. Of stone", "Stone lasts", "2. Of timber", "Timber is", "3. Of lime", "Lime binds", "4. Of iron", "Iron is"}},
	{"a table of short cells beside long ones stays in rows", packages(), []string{"| stone | V:0, I:0 | 1000 | material | what the mason takes for the stone of it |"}, nil, nil},
	{"frames drawn before the header and the text beside which they stand", append([]drawn{{430, 152, 8, "Seen by nobody"}, {430, 210, 8, "Built of stone"}, {430, 220, 8, "from the river"}}, bodyWithHeader()...), nil, nil,
		[]string{"The Society of Bridges", "Line 01", "Line 04", "Seen by nobody", "Line 05", "Line 08", "Built of stone", "from the river", "Line 09", "Line 16"}},
	{"a footnote drawn before the text", append([]drawn{{72, 700, 8, "1 See the minutes of the council."}}, body(80, 40)...), nil, nil, []string{"Line 01", "Line 40", "See the minutes"}},
	{"a wide table printed sideways, below an upright header and above a page number", sidewaysTable(), []string{"| Timber | 40 | 41 | 42 | 43 |", "| Lead | 110 | 111 | 112 | 113 |"}, []string{"417"},
		[]string{"The Bridge Society", "Table 7", "| Timber", "| Lead", "Source"}},
	{"a table whose spaces stand below one another stays in rows", goods(), nil, nil, []string{"aa stone", "aa 10", "ab stone", "ab 11"}},
}

// pieced draws each line in pieces of two words that stand apart, as recognition lays words under a picture.
func pieced(lines []drawn) (out []drawn) {
	for _, l := range lines {
		x, words := l.x, strings.Fields(l.text)
		for len(words) > 0 {
			n := min(2, len(words))
			piece := strings.Join(words[:n], " ")
			out, words = append(out, drawn{x, l.y, l.size, piece}), words[n:]
			x += widthOf(piece) + 10
		}
	}
	return out
}

// packages is a table of short cells beside long ones, drawn row by row.
func packages() (out []drawn) {
	for i := range 10 {
		y := 100 + 18*float64(i)
		out = append(out, drawn{60, y, 10, columnWords[i]}, drawn{150, y, 10, fmt.Sprintf("V:%d, I:%d", i, 7*i)}, drawn{220, y, 10, fmt.Sprint(1000 + 17*i)},
			drawn{270, y, 10, "material"}, drawn{340, y, 10, "what the mason takes for the " + columnWords[i] + " of it"})
	}
	return out
}

// bodyWithHeader is a page of four paragraphs of four short lines below a header.
func bodyWithHeader() []drawn {
	page := []drawn{{72, 50, 10, "The Society of Bridges"}}
	for i := range 16 {
		page = append(page, drawn{72, 100 + 13*float64(i) + 13*float64(i/4), 10, fmt.Sprintf("Line %02d of the report tells how the bridge was mended then", i+1)})
	}
	return page
}

// sidewaysTable is a table whose rows run up the page.
func sidewaysTable() []drawn {
	page := []drawn{{72, 40, 10, "The Bridge Society"}, {120, 760, -10, "Table 7: what was paid for, by the year in which it was bought"}}
	for i, w := range []string{"Timber", "Stone", "Lime", "Sand", "Iron", "Rope", "Tar", "Lead"} {
		x := 150 + 16*float64(i)
		page = append(page, drawn{x, 760, -10, w})
		for k := range 4 {
			page = append(page, drawn{x, 600 - 100*float64(k), -10, fmt.Sprint(10*i + 40 + k)})
		}
	}
	return with(page, drawn{300, 760, -10, "Source: the books of the society, which the treasurer keeps for all who want to see them."}, drawn{290, 800, 10, "417"})
}

// goods is a list of goods with amounts.
func goods() (out []drawn) {
	for i := range 12 {
		key := "a" + string(rune('a'+i))
		out = append(out, drawn{72, 100 + 12*float64(i), 10, key + " stone for the bridge"}, drawn{172, 100 + 12*float64(i), 10, fmt.Sprint(key, " ", 10+i)})
	}
	return out
}
