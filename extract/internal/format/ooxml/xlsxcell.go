package ooxml

import (
	"strconv"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/numfmt"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/zipx"
)

// richText joins the runs of a string without its phonetic guide.
func richText(n *zipx.Node) string {
	var b strings.Builder
	n.Walk(func(k *zipx.Node) bool {
		switch k.Name {
		case "t":
			b.WriteString(unescape(k.Content()))
			return false
		case "rPh":
			return false
		}
		return true
	})
	return b.String()
}

// unescape turns _x000D_ and its like back into characters.
func unescape(s string) string {
	for i := 0; ; {
		j := strings.Index(s[i:], "_x")
		if j < 0 || i+j+7 > len(s) {
			return s
		}
		j += i
		if v, err := strconv.ParseUint(s[j+2:j+6], 16, 32); err == nil && s[j+6] == '_' {
			s = s[:j] + string(rune(v)) + s[j+7:]
		}
		i = j + 1
	}
}

func (x *xlsx) loadStyles(part string) {
	custom := numfmt.Formats{}
	_ = x.f.Each(part, func(n *zipx.Node) error {
		switch n.Name {
		case "numFmts":
			for _, k := range n.Kids {
				if k.Name == "numFmt" && len(custom) < maxFormats {
					custom[zipx.Atoi(k.Get("numFmtId"), -1)] = k.Get("formatCode")
				}
			}
		case "cellXfs":
			for _, k := range n.Kids {
				if k.Name == "xf" && len(x.formats) < maxFormats {
					x.formats = append(x.formats, custom.Of(zipx.Atoi(k.Get("numFmtId"), 0)))
				}
			}
		}
		return nil
	})
}

// maxFormats is how many cell styles and formats of numbers are kept: as many styles as Excel takes.
const maxFormats = 65_490

// column reads the letters of a cell reference: B7 → 1.
func column(ref string) int {
	c := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		l := ref[i] &^ 0x20
		if l < 'A' || l > 'Z' {
			break
		}
		c = c*26 + int(l-'A') + 1
	}
	return c - 1
}

// value shows one cell.
func (x *xlsx) value(c *zipx.Node) string {
	v := c.Child("v")
	raw := ""
	if v != nil {
		raw = strings.TrimSpace(v.Content())
	}
	switch c.Get("t") {
	case "s":
		if i := zipx.Atoi(raw, -1); i >= 0 && i < len(x.shared) {
			return x.shared[i]
		}
		return ""
	case "inlineStr":
		if is := c.Child("is"); is != nil {
			return richText(is)
		}
		return raw
	case "str", "e", "d":
		return unescape(raw)
	case "b":
		return numfmt.Bool(raw == "1")
	}
	if raw == "" {
		return ""
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	return x.number(f, zipx.Atoi(c.Get("s"), 0))
}

// number shows a number in the format of a cell style.
func (x *xlsx) number(f float64, style int) string {
	if style > 0 && style < len(x.formats) {
		return numfmt.Format(f, x.formats[style], x.date1904)
	}
	return numfmt.General(f)
}
