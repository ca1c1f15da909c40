package layout

// folds are columns whose text belongs to the column on their right.
type folds []bool

// headerOnly finds columns that hold a name in the first row and nothing below it, left of a column
// without a name: a name that is narrow, centred or set left over figures that stand right of it.
func headerOnly(rows [][]string) folds {
	out := make(folds, len(rows[0]))
	for c := 1; c+1 < len(out); c++ {
		out[c] = rows[0][c] != "" && rows[0][c+1] == ""
		for _, r := range rows[1:] {
			out[c] = out[c] && r[c] == ""
		}
	}
	return out
}

// apply moves the fields of a row. A field that is filled on both sides keeps both texts.
func (f folds) apply(row []string) []string {
	var out []string
	carry := ""
	for c, s := range row {
		switch {
		case carry != "" && s != "":
			s = carry + " " + s
		case carry != "":
			s = carry
		}
		if f[c] {
			carry = s
			continue
		}
		carry = ""
		out = append(out, s)
	}
	return out
}
