package rtf

import (
	"iter"
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// skipped destinations hold no text of the document.
var skipped = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "pict": true, "themedata": true, "colorschememapping": true, "datastore": true, "latentstyles": true, "listtable": true, "listoverridetable": true,
	"rsidtbl": true, "generator": true, "filetbl": true, "revtbl": true, "xmlnstbl": true, "mmathPr": true, "objdata": true, "objclass": true, "objname": true, "bkmkstart": true, "bkmkend": true,
	"nonshppict": true, "datafield": true, "pgptbl": true, "listname": true, "atnid": true, "atnref": true, "atndate": true, "atrfstart": true, "atrfend": true, "xe": true, "tc": true, "txe": true, "wgrffmtfilter": true,
	"ftnsep": true, "ftnsepc": true, "ftncn": true, "aftnsep": true, "aftnsepc": true, "aftncn": true, "template": true, "private": true, "passwordhash": true, "userprops": true, "falt": true, "panose": true, "fname": true, "staticval": true, "propname": true,
	"pntxta": true, "pntxtb": true, "leveltext": true, "levelnumbers": true, "blipuid": true, "blipuid2": true, "subject": true, "operator": true, "keywords": true, "comment": true, "doccomm": true, "category": true, "manager": true, "company": true, "hlinkbase": true, "creatim": true, "revtim": true, "printim": true, "buptim": true, "nesttableprops": true, "nonesttables": true, "pnseclvl": true, "upr": false,
}

// starKept are destinations marked ignorable that do hold text.
var starKept = map[string]bool{"shptxt": true, "shpinst": true, "annotation": true, "ud": true, "atnauthor": true, "footnote": true, "shppict": true, "pnseclvl": false, "pn": true, "pntext": true, "listtext": true, "fldinst": true, "fldrslt": true, "do": true, "dptxbxtext": true, "result": true}

var marks = map[string]string{
	"par": "\n\n", "sect": "\n\n", "page": "\f", "pagebb": "", "line": "\n", "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "zwj": "", "zwnj": "", "softline": "\n", "column": "\n\n",
}

// word acts on a control word.
func (p *parser) word(w string, n int, has bool) {
	star := p.star
	p.star = false
	if skip, known := skipped[w]; known && skip {
		p.flush()
		switch w {
		case "fonttbl":
			p.st.fonts = true
		case "objdata":
			p.object()
		}
		p.st.skip = true
		return
	}
	if star && !starKept[w] {
		p.flush()
		p.st.skip = true
		return
	}
	if s, ok := marks[w]; ok {
		p.flush()
		if w == "par" && p.st.table {
			s = " "
		}
		p.put(s)
		return
	}
	switch w {
	case "u":
		p.unicode(n)
	case "uc":
		p.st.uc = max(0, min(n, 16))
	case "bin":
		if n > 0 {
			p.pos = min(len(p.in), p.pos+n)
		}
	case "ansicpg":
		p.ansi = encodings.Codepage(n)
	case "mac":
		p.ansi = encodings.Codepage(10000)
	case "pc":
		p.ansi = encodings.Codepage(437)
	case "pca":
		p.ansi = encodings.Codepage(850)
	case "f":
		p.setFont(n)
	case "fcharset":
		if p.st.fonts {
			if page, ok := charsets[n]; ok {
				p.fonts[p.font] = encodings.Codepage(page)
			}
		}
	case "plain":
		p.flush()
		p.st.hidden, p.st.gone = false, false
		p.st.cp = nil
	case "deleted":
		p.flush()
		p.st.gone = !has || n != 0
	case "v":
		p.flush()
		p.st.hidden = !has || n != 0
	case "pard":
		p.st.table = false
	case "intbl":
		p.st.table = true
	case "cell", "nestcell":
		p.flush()
		p.put(cellMark)
	case "row", "nestrow":
		p.flush()
		p.put(rowMark)
	case "title", "author":
		p.flush()
		p.st.dest = w
	case "footnote":
		p.footnote()
	case "fldinst":
		p.flush()
		if p.st.dest != w {
			p.code.Reset()
		}
		p.st.dest = w
	case "fldrslt":
		p.result()
	case "annotation":
		p.flush()
		p.st.dest = "comment"
		p.put(" [")
		if p.by != "" {
			p.put(p.by + ": ")
		}
		p.by = ""
	case "atnauthor":
		p.flush()
		p.st.dest = w
	case "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf":
		p.flush()
		p.put("\n\n")
	case "shp":
		p.drawn = false
	case "shpinst":
		p.drawn = true
	case "shprslt": // the same once more, for programs that do not know shapes
		p.flush()
		p.st.skip = p.st.skip || p.drawn
	case "sn":
		p.flush()
		p.st.dest = w
	case "sv":
		p.property()
	case "shptxt", "dptxbxtext":
		p.flush()
		p.put("\n\n")
	}
}

// property begins the value of a property of a shape. Those that are words of the document are read: letters drawn along a line, as WordArt is.
func (p *parser) property() {
	p.flush()
	if p.prop != "gtextUNICODE" {
		p.st.skip = true
		return
	}
	p.put("\n\n")
	p.st.dest = "sv"
}

// cellMark and rowMark stand in the output until tidy makes tables of them; the input cannot
// contain them, since NUL and control bytes are dropped.
const (
	cellMark = "\x01"
	rowMark  = "\x02"
)

func (p *parser) setFont(n int) {
	if p.st.fonts {
		p.font = n
		return
	}
	p.flush()
	p.st.cp = p.fonts[n]
}

func (p *parser) unicode(n int) {
	p.flushBytes()
	if n < 0 {
		n += 65536
	}
	if !p.st.skip && n >= 0 && n < 65536 {
		if n >= 0xf020 && n <= 0xf0ff { // symbol fonts
			n -= 0xf000
			if n == 0xb7 || n == 0xa7 {
				n = '•'
			}
		}
		p.units = append(p.units, uint16(n))
	}
	p.drop = p.st.uc
}

// tidy folds paragraphs and turns cell marks into rows of tables. Of a table the rows are kept as they stand in s: as lists of cells they
// would take several times the text.
func tidy(s string) string {
	if strings.ContainsFunc(s, dropped) {
		s = strings.Map(func(r rune) rune {
			if dropped(r) {
				return -1
			}
			return r
		}, s)
	}
	var out strings.Builder
	var table []string
	flush := func() {
		if len(table) > 0 {
			out.WriteString("\n\n")
			grid(&out, table)
			out.WriteString("\n\n")
			table = table[:0]
		}
	}
	for more := true; more; {
		var r string
		r, s, more = strings.Cut(s, rowMark)
		if !more || !strings.Contains(r, cellMark) {
			flush()
			out.WriteString(strings.ReplaceAll(r, cellMark, "\t"))
			continue
		}
		// What stands before the first cell's last paragraph belongs to the text above the table.
		first := r[:strings.Index(r, cellMark)]
		if j := strings.LastIndex(first, "\n\n"); j >= 0 {
			flush()
			out.WriteString(r[:j])
			r = r[j+2:]
		}
		table = append(table, r)
	}
	flush()
	text := flow.FoldEmptyLines(out.String(), func(l string) string { return strings.TrimRight(l, " \t") })
	return strings.TrimLeft(text, " ")
}

// dropped are the control characters that mean nothing in text.
func dropped(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' && r != '\f' && r != 1 && r != 2
}

// grid writes rows as a table, or the cells of one column as lines.
func grid(out *strings.Builder, rows []string) {
	width := 0
	for _, r := range rows {
		n := strings.Count(r, cellMark)
		if strings.TrimSpace(r[strings.LastIndex(r, cellMark)+1:]) != "" {
			n++ // what stands behind the last mark
		}
		width = max(width, n)
	}
	if width > 1 {
		doc.WriteRows(out, len(rows), width, func(i int) iter.Seq[string] { return cells(rows[i]) })
		return
	}
	for i, r := range rows {
		if i > 0 {
			out.WriteByte('\n')
		}
		cell, _, _ := strings.Cut(r, cellMark)
		out.WriteString(strings.TrimSpace(cell))
	}
}

// cells are those of a row.
func cells(r string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for left := r; ; {
			cell, rest, more := strings.Cut(left, cellMark)
			if !more {
				if cell = strings.TrimSpace(cell); cell != "" {
					yield(cell)
				}
				return
			}
			if !yield(cell) {
				return
			}
			left = rest
		}
	}
}
