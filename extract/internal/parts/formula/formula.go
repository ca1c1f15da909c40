// Package formula writes formulas of Office (OMML) and OpenDocument (MathML) in one line.
package formula

import (
	"strings"
	"unicode/utf8"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// maxMathDepth bounds nested formulas.
const maxMathDepth = 60

// Text writes a formula of Office (OMML) or OpenDocument (MathML) in one line, as people type
// formulas: x^2, a_1, (a + b)/c, √(x). Without it πr² would read as "πr2".
func Text(n *zipx.Node) string {
	return strings.TrimSpace(formula(n, 0))
}

func formula(n *zipx.Node, depth int) string {
	if n == nil || depth > maxMathDepth {
		return ""
	}
	child := func(name string) string { return formula(n.Child(name), depth+1) }
	switch n.Name {
	case "":
		return strings.Join(strings.Fields(n.Text), " ")
	case "t":
		return n.Content()
	case "mi", "mn", "mo", "mtext", "ms":
		return strings.Join(strings.Fields(n.Content()), " ")
	case "f":
		return group(child("num")) + "/" + group(child("den"))
	case "sSup":
		return script(child("e"), "", child("sup"))
	case "sSub":
		return script(child("e"), child("sub"), "")
	case "sSubSup":
		return script(child("e"), child("sub"), child("sup"))
	case "rad":
		return script("", "", child("deg")) + "√" + group(child("e"))
	case "nary":
		sign := n.Val("naryPr", "chr")
		if sign == "" {
			sign = "∫"
		}
		return script(sign, child("sub"), child("sup")) + " " + child("e")
	case "func":
		return child("fName") + " " + child("e")
	case "limLow":
		return script(child("e"), child("lim"), "")
	case "limUpp":
		return script(child("e"), "", child("lim"))
	case "d":
		return delimited(n, depth)
	case "msup", "msub", "mfrac", "mroot", "munder", "mover", "msubsup", "munderover", "msqrt":
		return mathML(n, depth)
	case "annotation", "annotation-xml", "rPr", "ctrlPr", "fPr", "naryPr", "dPr", "radPr", "sSupPr", "sSubPr", "accPr", "barPr", "mPr", "groupChrPr", "del", "delText":
		return ""
	}
	return row(n, depth)
}

// row joins what stands side by side: rows of matrices and steps of MathML apart, runs of Office as typed.
func row(n *zipx.Node, depth int) string {
	sep := ""
	switch n.Name {
	case "mrow", "math", "mstyle", "mtr", "mr", "mtd", "semantics", "mpadded":
		sep = " "
	case "m", "eqArr", "mtable", "oMathPara":
		sep = "; "
	}
	var parts []string
	for _, k := range n.Kids {
		if s := formula(k, depth+1); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, sep)
}

// mathML writes the elements whose children mean something by their place.
func mathML(n *zipx.Node, depth int) string {
	var k []string
	for _, c := range n.Kids {
		if c.Name != "" {
			k = append(k, formula(c, depth+1))
		}
	}
	for len(k) < 3 {
		k = append(k, "")
	}
	switch n.Name {
	case "msup", "mover":
		return script(k[0], "", k[1])
	case "msub", "munder":
		return script(k[0], k[1], "")
	case "mfrac":
		return group(k[0]) + "/" + group(k[1])
	case "msqrt":
		return "√" + group(row(n, depth))
	case "mroot":
		return script("", "", k[1]) + "√" + group(k[0])
	}
	return script(k[0], k[1], k[2])
}

// delimited writes brackets with what stands between them.
func delimited(n *zipx.Node, depth int) string {
	open, end, sep := "(", ")", "|"
	if p := n.Child("dPr"); p != nil {
		for name, to := range map[string]*string{"begChr": &open, "endChr": &end, "sepChr": &sep} {
			if c := p.Child(name); c != nil {
				*to = c.Get("val")
			}
		}
	}
	var parts []string
	for _, k := range n.Kids {
		if k.Name == "e" {
			parts = append(parts, formula(k, depth+1))
		}
	}
	return open + strings.Join(parts, sep) + end
}

func script(base, sub, sup string) string {
	if sub != "" {
		base += "_" + group(sub)
	}
	if sup != "" {
		base += "^" + group(sup)
	}
	return base
}

// group puts brackets around what is more than one sign or number.
func group(s string) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= 1 || strings.Trim(s, "0123456789.,") == "" || s[0] == '(' && strings.IndexByte(s, ')') == len(s)-1 {
		return s
	}
	return "(" + s + ")"
}

// OfPart writes the formula that an OpenDocument part holds, "" when it holds something else.
func OfPart(root *zipx.Node) string {
	for _, n := range root.Kids {
		if n.Name == "math" {
			return Text(n)
		}
	}
	return ""
}
