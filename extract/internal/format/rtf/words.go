package rtf

import (
	"strings"

	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/doc"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/encodings"
	"github.com/aidoc-pipeline/aidoc-agent/extract/internal/parts/flow"
)

// skipped destinations hold no text of the document.
var skipped = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "pict": true, "themedata": true, "colorschememapping": true, "datastore": true, "latentstyles": true, "listtable": true, "listoverridetable": true,
	"rsidtbl": true, "generator": true, "filetbl": true, "revtbl": true, "xmlnstbl": true, "mmathPr": true, "fldinst": true, "objdata": true, "objclass": true, "objname": true, "bkmkstart": true, "bkmkend": true,
	"nonshppict": true, "sp": true, "datafield": true, "pgptbl": true, "listname": true, "atnid": true, "atnref": true, "atndate": true, "atrfstart": true, "atrfend": true, "xe": true, "tc": true, "txe": true, "wgrffmtfilter": true,
	"ftnsep": true, "ftnsepc": true, "ftncn": true, "aftnsep": true, "aftnsepc": true, "aftncn": true, "template": true, "private": true, "passwordhash": true, "userprops": true, "falt": true, "panose": true, "fname": true, "staticval": true, "propname": true,
	"pntxta": true, "pntxtb": true, "leveltext": true, "levelnumbers": true, "blipuid": true, "blipuid2": true, "subject": true, "operator": true, "keywords": true, "comment": true, "doccomm": true, "category": true, "manager": true, "company": true, "hlinkbase": true, "creatim": true, "revtim": true, "printim": true, "buptim": true, "nesttableprops": true, "nonesttables": true, "pnseclvl": true, "upr": false,
}

// starKept are destinations marked ignorable that do hold text.
var starKept = map[string]bool{"shptxt": true, "shpinst": true, "annotation": true, "ud": true, "atnauthor": true, "footnote": true, "shppict": true, "pnseclvl": false, "pn": true, "pntext": true, "listtext": true, "fldrslt": true, "do": true, "dptxbxtext": true, "result": true}

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
		p.st.hidden = false
		p.st.cp = nil
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
	case "shptxt", "dptxbxtext":
		p.flush()
		p.put("\n\n")
	}
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

// tidy folds paragraphs and turns cell marks into rows of tables.
func tidy(s string) string {
	var out strings.Builder
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' && r != '\f' && r != 1 && r != 2 {
			return -1
		}
		return r
	}, s)
	rows := strings.Split(s, rowMark)
	var table [][]string
	flush := func() {
		if len(table) > 0 {
			out.WriteString("\n\n" + grid(table) + "\n\n")
			table = nil
		}
	}
	for i, r := range rows {
		cells := strings.Split(r, cellMark)
		if len(cells) == 1 || i == len(rows)-1 {
			flush()
			out.WriteString(strings.ReplaceAll(r, cellMark, "\t"))
			continue
		}
		// What stands before the first cell's last paragraph belongs to the text above the table.
		if j := strings.LastIndex(cells[0], "\n\n"); j >= 0 {
			flush()
			out.WriteString(cells[0][:j])
			cells[0] = cells[0][j+2:]
		}
		row := cells[:len(cells)-1]
		if tail := strings.TrimSpace(cells[len(cells)-1]); tail != "" {
			row = append(row, tail)
		}
		table = append(table, row)
	}
	flush()
	text := flow.FoldEmptyLines(out.String(), func(l string) string { return strings.TrimRight(l, " \t") })
	return strings.TrimLeft(text, " ")
}

func grid(rows [][]string) string {
	if width := flow.Table(rows).Width(); width > 1 {
		return doc.TableText(rows, width)
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.TrimSpace(r[0]) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}
